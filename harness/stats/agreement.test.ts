import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { calibration } from "./calibration.ts";
import { cohenKappa } from "./cohen-kappa.ts";
import { kendallTauB } from "./kendall-tau.ts";
import { spearman } from "./spearman.ts";

/** Wikipedia's example for Spearman: IQ and hours of television. */
const intelligence = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110];
const television = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17];

/** τ-b by its definition, over all pairs. */
function tauOverPairs(a: number[], b: number[]): number | null {
  let [agreement, tiesA, tiesB, pairs] = [0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < i; j++) {
      pairs++;
      agreement += Math.sign(a[i]! - a[j]!) * Math.sign(b[i]! - b[j]!);
      if (a[i] === a[j]) tiesA++;
      if (b[i] === b[j]) tiesB++;
    }
  }
  const scale = Math.sqrt((pairs - tiesA) * (pairs - tiesB));
  return scale === 0 ? null : agreement / scale;
}

describe("rank correlation", () => {
  test("of IQ and television", () => {
    expect(spearman(intelligence, television)).toBeCloseTo(-0.17575758, 8);
    expect(kendallTauB(intelligence, television)).toBeCloseTo(-0.11111111, 8);
  });

  test("Kendall's is that of its definition, ties included", () => {
    const value = fc.integer({ min: 0, max: 8 });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { maxLength: 60 }), (rows) => {
        const [a, b] = [rows.map(([x]) => x), rows.map(([, y]) => y)];
        const [fast, slow] = [kendallTauB(a, b), tauOverPairs(a, b)];
        if (slow === null) expect(fast).toBeNull();
        else expect(fast).toBeCloseTo(slow, 12);
      }),
    );
  });

  test("is 1 for the same order, −1 for the reverse, and nothing where all are tied", () => {
    for (const correlation of [kendallTauB, spearman]) {
      expect(correlation([1, 2, 3, 4], [10, 20, 30, 50])).toBe(1);
      expect(correlation([1, 2, 3, 4], [4, 3, 2, 1])).toBe(-1);
      expect(correlation([1, 1, 1], [1, 2, 3])).toBeNull();
      expect(correlation([], [])).toBeNull();
      expect(() => correlation([1], [])).toThrow("rank the same things");
    }
  });

  test("Spearman gives tied values their mean rank", () => {
    expect(spearman([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(0.9486833, 7);
  });
});

describe("Cohen's kappa", () => {
  test.each([
    [20, 5, 10, 15, 0.4],
    [45, 15, 25, 15, 0.130435],
    [25, 35, 5, 35, 0.259259],
  ])("of the table %i %i / %i %i", (both, onlyFirst, onlySecond, neither, kappa) => {
    const times = (count: number, label: string) => Array.from({ length: count }, () => label);
    const first = [...times(both + onlyFirst, "yes"), ...times(onlySecond + neither, "no")];
    const second = [
      ...times(both, "yes"),
      ...times(onlyFirst, "no"),
      ...times(onlySecond, "yes"),
      ...times(neither, "no"),
    ];
    expect(cohenKappa(first, second)!.kappa).toBeCloseTo(kappa, 6);
  });

  test("is undefined where nobody could disagree", () => {
    expect(cohenKappa(["a", "a"], ["a", "a"])).toEqual({ observed: 1, expected: 1, kappa: null });
    expect(cohenKappa([], [])).toBeNull();
    expect(() => cohenKappa(["a"], [])).toThrow(RangeError);
  });
});

describe("calibration", () => {
  const confidences = [0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5];
  const right = [1, 1, 1, 0, 1, 1, 0, 1, 0, 0];

  test("of ten forecasts, in bins of equal width and of equal mass", () => {
    const five = calibration(confidences, right, { bins: 5 })!;
    expect(five.expectedError).toBeCloseTo(0.185, 12);
    expect(five.maximumError).toBeCloseTo(0.225, 12);
    expect(five.brier).toBeCloseTo(0.19625, 12);
    expect(five.overconfidence).toBeCloseTo(0.125, 12);
    expect(calibration(confidences, right)!.expectedError).toBeCloseTo(0.185, 12);
    expect(calibration(confidences, right, { bins: 5, binning: "mass" })!.expectedError).toBeCloseTo(0.265, 12);
  });

  test("bins are closed on the right and hold every forecast once", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 20 }),
        (list, bins) => {
          const confident = list.map((percent) => percent / 100);
          const results = list.map((percent) => percent % 2);
          for (const binning of ["width", "mass"] as const) {
            const result = calibration(confident, results, { bins, binning })!;
            expect(result.bins.reduce((total, bin) => total + bin.n, 0)).toBe(list.length);
            expect(result.expectedError).toBeLessThanOrEqual(result.maximumError + 1e-12);
            expect(result.expectedError).toBeGreaterThanOrEqual(Math.abs(result.overconfidence) - 1e-12);
          }
        },
      ),
    );
    expect(calibration([0.7, 0.71], [1, 1])!.bins.map((bin) => bin.n)).toEqual([1, 1]);
    expect(calibration([0.65, 0.7], [1, 1])!.bins.map((bin) => bin.n)).toEqual([2]);
  });

  test("takes nothing but confidences and right/wrong", () => {
    expect(calibration([], [])).toBeNull();
    expect(() => calibration([1.2], [1])).toThrow("number 0 is 1.2");
    expect(() => calibration([0.5], [0.5])).toThrow("0 and 1 only");
    expect(() => calibration([0.5], [])).toThrow(RangeError);
  });
});
