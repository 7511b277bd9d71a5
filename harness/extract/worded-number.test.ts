import { expect, test } from "vitest";
import { pythonRegex } from "./python-regex.ts";
import { numberWordsPattern, wordedNumber } from "./worded-number.ts";

test.each([
  ["nine", 9],
  ["fourteen", 14],
  ["twenty-one", 21],
  ["a hundred and five", 105],
  ["two hundred thirty four", 234],
  ["three thousand, two hundred and one", 3201],
  ["one million two thousand", 1_002_000],
  ["thousand", 1000],
  ["no number", undefined],
  ["two thousand three million", undefined],
])("%j is worth %j", (text, value) => {
  expect(wordedNumber(text)).toBe(value);
});

test("a run of number words is found as one, and not inside other words", () => {
  const runs = "someone had twenty-one or two hundred and six drums, one often".match(pythonRegex(numberWordsPattern));
  expect(runs).toEqual(["twenty-one", "two hundred and six", "one"]);
});
