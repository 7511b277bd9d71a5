import { expect, test } from "vitest";
import { cardSchema } from "../contracts/index.ts";
import { cardLines } from "./card-text.ts";

test("a card is read in words, and what isn't known isn't named", () => {
  const card = cardSchema.parse({
    purpose: "Sums.",
    licence: "CC0-1.0",
    languages: ["en", "de"],
    size: 14_042,
    chance: 0.1109,
    human: { value: 0.677, source: "a paper", who: "average" },
    labelErrors: { rate: 0.083, source: "an audit" },
    publishSamples: "none",
  });
  expect(cardLines(card)).toEqual([
    ["purpose", "Sums."],
    ["items", "14,042"],
    ["chance", "11.09 %"],
    ["human", "67.7 % (average): a paper"],
    ["label errors", "8.3 %: an audit"],
    ["languages", "en, de"],
    ["licence", "CC0-1.0"],
    ["samples", "not published"],
  ]);
  expect(cardLines({ ...card, chance: null })).toContainEqual(["chance", "no meaning here"]);
});
