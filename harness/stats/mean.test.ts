import { describe, expect, test } from "vitest";
import { wilson } from "./binomial-intervals.ts";
import { decimalsFor } from "./decimals-for.ts";
import { lmEvalGroupStderr } from "./lm-eval-group-stderr.ts";
import { macroMean } from "./macro-mean.ts";
import { assertFinite, mean, sampleVariance, standardError } from "./mean.ts";
import { weightedMean } from "./weighted-mean.ts";

const rightOf = (right: number, n: number) => Array.from({ length: n }, (_, index) => (index < right ? 1 : 0));

describe("means", () => {
  test("the standard error is the one lm-eval stored for pythia-1.4b on ARC-Challenge, 305 of 1172", () => {
    expect(standardError(rightOf(305, 1172))).toBeCloseTo(0.01282193, 8);
  });

  test("nothing has no mean, and one value no spread", () => {
    expect(mean([])).toBeNull();
    expect(sampleVariance([0.5])).toBeNull();
    expect(standardError([0.5])).toBeNull();
  });

  test("values that are no numbers are named", () => {
    expect(() => assertFinite([1, Number.NaN], "Scores")).toThrow(
      "Scores must be finite numbers, but number 1 is NaN.",
    );
  });

  test("weights move the mean, and equal weights give the plain one", () => {
    expect(weightedMean([1, 0], [3, 1])!.value).toBe(0.75);
    expect(weightedMean([1, 0, 1, 1], [2, 2, 2, 2])).toEqual({ value: 0.75, stderr: Math.sqrt(0.75) / 4 });
    expect(weightedMean([1], [0])).toBeNull();
    expect(() => weightedMean([1], [-1])).toThrow(RangeError);
    expect(() => weightedMean([1], [])).toThrow(RangeError);
  });
});

describe("macro mean", () => {
  test("every stratum counts the same, however small", () => {
    const result = macroMean([rightOf(90, 100), rightOf(1, 2)])!;
    expect(result.value).toBeCloseTo(0.7, 12);
    expect(result.n).toBe(102);
    expect(result.stderr).toBeCloseTo(Math.sqrt((0.9 * 0.1) / 99 + 0.25) / 2, 12);
    expect(result.stderrOfSampledStrata).toBeCloseTo(0.2, 12);
  });

  test("its interval has Satterthwaite's degrees of freedom, stays in range, and is no certainty where all is right", () => {
    const even = macroMean([rightOf(30, 50), rightOf(20, 50)])!;
    const half = 1.9844675 * even.stderr!;
    expect(even.ci!.method).toBe("macro-t");
    expect(even.ci!.high - even.value).toBeCloseTo(half, 6);
    expect(macroMean([rightOf(9, 10), rightOf(3, 3)])!.ci!.high).toBe(1);
    const perfect = macroMean([rightOf(50, 50), rightOf(50, 50)])!;
    expect(perfect).toMatchObject({ value: 1, stderr: 0, ci: { ...wilson(100, 100), method: "wilson-units" } });
    expect(
      macroMean([
        [5, 5],
        [7, 7],
      ])!.ci,
    ).toBeNull();
  });

  test("rows of one cluster are no more than one: each row thrice leaves the error and the interval as they were", () => {
    const once = [rightOf(3, 8), rightOf(5, 12)];
    const thrice = once.map((rows) => Array.from(rows).flatMap((row) => [row, row, row]));
    const clusters = thrice.map((rows) => rows.map((_, row) => Math.floor(row / 3)));
    const expected = macroMean(once)!;
    const result = macroMean(thrice, { clusters })!;
    expect(result.value).toBeCloseTo(expected.value, 12);
    expect(result.stderr).toBeCloseTo(expected.stderr!, 12);
    expect(result.ci!.high).toBeCloseTo(expected.ci!.high, 12);
    const right = [rightOf(24, 24), rightOf(24, 24)];
    const passages = right.map((rows) => Array.from(rows, (_, row) => row % 4));
    expect(macroMean(right, { clusters: passages })!.ci).toEqual({ ...wilson(8, 8), method: "wilson-units" });
  });

  test("a stratum of one row leaves the error unknown, an empty one is refused, none at all is null", () => {
    expect(macroMean([[1], [0, 1]])).toMatchObject({ stderr: null, ci: null });
    expect(() => macroMean([[1], []])).toThrow("Stratum 1 has nothing scored");
    expect(macroMean([])).toBeNull();
  });
});

describe("lm-eval's group standard error", () => {
  test("pools the variances of the tasks and divides by all documents", () => {
    const members = [rightOf(30, 100), rightOf(5, 20)].map((values) => ({
      stderr: standardError(values)!,
      n: values.length,
    }));
    const pooled = (30 * 0.7 + 5 * 0.75) / 118;
    expect(lmEvalGroupStderr(members)).toBeCloseTo(Math.sqrt(pooled / 120), 12);
  });

  test("is unknown when no task has two documents", () => {
    expect(lmEvalGroupStderr([{ stderr: 0, n: 1 }])).toBeNull();
    expect(lmEvalGroupStderr([])).toBeNull();
  });
});

describe("decimals", () => {
  test.each([
    [1.23, 0],
    [0.5, 1],
    [0.12, 1],
    [0.012, 2],
    [0.0096, 2],
    [0.0094, 3],
    [25, 0],
    [1e-14, 10],
    [0, 1],
    [null, 1],
    [Number.NaN, 1],
  ])("a standard error of %s asks for %i", (stderr, decimals) => {
    expect(decimalsFor(stderr)).toBe(decimals);
  });
});
