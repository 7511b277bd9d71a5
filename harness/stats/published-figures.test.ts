import { describe, expect, test } from "vitest";
import {
  clopperPearson,
  equivalenceP,
  mcnemar,
  nullSpread,
  pairedDifference,
  residualVariance,
  standardError,
  twoByTwo,
} from "./index.ts";

/** Right/wrong scores of two models with these counts of both right, only one right, both wrong. */
function models({ both, first, second, n }: { both: number; first: number; second: number; n: number }) {
  const row = (index: number, right: number): 0 | 1 => (index < both + right ? 1 : 0);
  const one = Array.from({ length: n }, (_, index) => row(index, first));
  const other = Array.from({ length: n }, (_, index) =>
    index >= both && index < both + first ? 0 : row(index, first + second),
  );
  return { one, other };
}

/** Figures that papers, cards and harnesses print, which follow from counts alone. */
describe("published figures come out the same", () => {
  test("OpenAI's example solutions of GSM8K: two pairs of models, of which the smaller verified one is better", () => {
    const percent = (right: number) => Number(((100 * right) / 1319).toFixed(1));
    expect([286, 515, 458, 742].map(percent)).toEqual([21.7, 39, 34.7, 56.3]);
    const { one, other } = models({ both: 515 - 209, first: 209, second: 152, n: 1319 });
    expect([one, other].map((scores) => scores.filter((right) => right === 1).length)).toEqual([515, 458]);
    const paired = pairedDifference(one, other)!;
    expect(paired.difference).toBeCloseTo(0.0432, 4);
    expect(paired.stderr).toBeCloseTo(0.0144, 4);
    expect(Math.hypot(standardError(one)!, standardError(other)!)).toBeCloseTo(0.0188, 4);
    const test = mcnemar(twoByTwo(one, other));
    expect(test.exact).toBeCloseTo(0.00315066, 8);
    expect(test.probabilityFirstBetter).toBeCloseTo(0.998656, 6);
  });

  test("Llama-3.1-8B over Llama-3-8B on MMLU-Pro: 1.79 points, with half the error that two separate scores would have", () => {
    const n = 12_032;
    const [right, before, discordant] = [Math.round(0.3596 * n), Math.round(0.3418 * n), Math.round(0.1884 * n)];
    const first = (discordant + right - before) / 2;
    const { one, other } = models({
      both: right - Math.ceil(first),
      first: Math.ceil(first),
      second: Math.floor(discordant - first),
      n,
    });
    const paired = pairedDifference(one, other)!;
    const separate = [standardError(one)!, standardError(other)!] as const;
    expect(paired.difference).toBeCloseTo(0.0179, 3);
    expect(100 * paired.stderr!).toBeCloseTo(0.4, 2);
    expect(100 * Math.hypot(...separate)).toBeCloseTo(0.62, 2);
    const correlation = (separate[0] ** 2 + separate[1] ** 2 - paired.stderr! ** 2) / (2 * separate[0] * separate[1]);
    expect(correlation).toBeCloseTo(0.59, 2);
  });

  // Score printed with one decimal, score of the replication, margin, p of the equivalence test, ends of the 90 % interval.
  test.each([
    ["Llama-3.1-8B, first pattern", 35.6, 35.96, 1, 0.0009, 0.02, 0.7],
    ["Llama-3.1-8B, credit for guesses, one point", 35.6, 36.62, 1, 0.54, 0.68, 1.36],
    ["Llama-3.1-8B, credit for guesses, a point and a half", 35.6, 36.62, 1.5, 0.01, 0.68, 1.36],
    ["Llama-3.1-70B, first pattern", 52, 52.22, 1, 0.0001, -0.12, 0.56],
  ])("a claim on MMLU-Pro is tried on the same items: %s", (_, claimed, found, margin, p, low, high) => {
    const flips = 0.05;
    const stderr = Math.hypot(100 * Math.sqrt(flips / 12_032), 0.05 / Math.sqrt(3));
    const difference = found - claimed;
    expect(stderr).toBeCloseTo(0.206, 3);
    expect(Math.abs(equivalenceP(difference, stderr, margin) - p)).toBeLessThan(p > 0.05 ? 0.01 : 0.0005);
    expect(difference - 1.644854 * stderr).toBeCloseTo(low, 1);
    expect(difference + 1.644854 * stderr).toBeCloseTo(high, 1);
  });

  test("equal prompts spread by noise alone: 24 of them on 1,000 items, 320 on 100", () => {
    const variance = residualVariance(0.7, 0.8);
    expect(100 * nullSpread({ prompts: 24, items: 1000, residualVariance: variance })).toBeCloseTo(2.5, 1);
    expect(100 * nullSpread({ prompts: 320, items: 100, residualVariance: variance })).toBeCloseTo(11.9, 1);
  });

  test("MMLU-Redux finds 370 of 5,700 items not in order", () => {
    const { low, high } = clopperPearson(370, 5700);
    expect([low, high].map((end) => Number(end.toFixed(3)))).toEqual([0.059, 0.072]);
  });
});
