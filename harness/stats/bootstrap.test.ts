import { describe, expect, test } from "vitest";
import { bootstrapMean, bootstrapReplicates } from "./bootstrap.ts";
import { bcaInterval, jackknifeStandardError, percentileInterval, quantile } from "./bootstrap-interval.ts";
import { standardError } from "./mean.ts";
import { drawIndex, randomStream, shuffle } from "./random.ts";

const values = Array.from({ length: 200 }, (_, index) => Math.sin(index * 12.9898) ** 2);

describe("random streams", () => {
  test("the same seed and label give the same numbers, another label others", () => {
    const take = (seed: number, label: string) => {
      const random = randomStream(seed, label);
      return Array.from({ length: 5 }, () => random.next());
    };
    expect(take(1, "a")).toEqual(take(1, "a"));
    expect(take(1, "a")).not.toEqual(take(1, "b"));
    expect(take(1, "a")).not.toEqual(take(2, "a"));
    expect(take(2 ** 32 + 1, "a")).not.toEqual(take(1, "a"));
    expect(take(1, "bootstrap")).toMatchInlineSnapshot(`
      [
        -1546745204,
        99294729,
        -128294630,
        -1161175025,
        443789078,
      ]
    `);
    expect(() => randomStream(0.5, "a")).toThrow("whole number");
  });

  test("indexes are even over their range", () => {
    const random = randomStream(3, "even");
    const counts = new Float64Array(10);
    for (let draw = 0; draw < 100_000; draw++) counts[drawIndex(random, 10)]!++;
    expect(Math.min(...counts)).toBeGreaterThan(9600);
    expect(Math.max(...counts)).toBeLessThan(10_400);
  });

  test("a shuffle keeps what it shuffles", () => {
    const list = [1, 2, 3, 4, 5, 6];
    shuffle(randomStream(1, "shuffle"), list);
    expect(list.toSorted((left, right) => left - right)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(list).not.toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe("bootstrap of a mean", () => {
  test("its standard error is the analytic one within Monte Carlo error", () => {
    const analytic = standardError(values)! * Math.sqrt(199 / 200);
    const { stderr } = bootstrapMean(values, { seed: 1 })!;
    expect(Math.abs(stderr - analytic)).toBeLessThan((3 * analytic) / Math.sqrt(20_000));
  });

  test("the same seed gives the same bytes, another seed others", () => {
    const bytes = (seed: number) => JSON.stringify(bootstrapMean(values, { seed, replicates: 500 }));
    expect(bytes(5)).toBe(bytes(5));
    expect(bytes(5)).not.toBe(bytes(6));
  });

  test("repeating every row within its cluster changes nothing", () => {
    const options = { seed: 4, replicates: 400 };
    const once = bootstrapMean(values, options)!;
    const twice = bootstrapMean(
      values.flatMap((value) => [value, value]),
      { ...options, clusters: values.flatMap((_, index) => [index, index]) },
    )!;
    expect(twice.stderr).toBeCloseTo(once.stderr, 12);
    expect(twice.ci.low).toBeCloseTo(once.ci.low, 12);
  });

  test("on values without skew, BCa, percentile and t agree", () => {
    const bca = bootstrapMean(values, { seed: 2 })!;
    const percentile = bootstrapMean(values, { seed: 2, method: "percentile" })!;
    const half = 1.972 * standardError(values)!;
    for (const { ci, value } of [bca, percentile]) {
      expect(ci.low).toBeCloseTo(value - half, 2);
      expect(ci.high).toBeCloseTo(value + half, 2);
    }
  });

  test("on skewed values BCa leans to the long tail", () => {
    const skewed = Array.from({ length: 40 }, (_, index) => Math.exp(index / 8));
    const bca = bootstrapMean(skewed, { seed: 2 })!.ci;
    const percentile = bootstrapMean(skewed, { seed: 2, method: "percentile" })!.ci;
    expect(bca.low).toBeGreaterThan(percentile.low);
    expect(bca.high).toBeGreaterThan(percentile.high);
  });

  test("fewer than two clusters give nothing", () => {
    expect(bootstrapMean([], { seed: 1 })).toBeNull();
    expect(bootstrapMean([1, 2], { seed: 1, clusters: ["a", "a"] })).toBeNull();
  });
});

describe("bootstrap of any statistic", () => {
  test("resamples units, so that a ratio can be had", () => {
    const replicates = bootstrapReplicates(4, (counts) => counts.reduce((total, count) => total + count, 0), {
      seed: 1,
      replicates: 20,
    });
    expect(new Set(replicates)).toEqual(new Set([4]));
    expect(percentileInterval(replicates)).toMatchObject({ low: 4, high: 4 });
    expect(bcaInterval(replicates, { value: 4, leaveOneOut: [3, 3, 3, 3] })).toMatchObject({ low: 4, high: 4 });
  });

  test("the jackknife of a mean is its standard error", () => {
    const total = values.reduce((sum, value) => sum + value, 0);
    const leaveOneOut = values.map((value) => (total - value) / 199);
    expect(jackknifeStandardError(leaveOneOut)).toBeCloseTo(standardError(values)!, 12);
    expect(jackknifeStandardError([1])).toBeNull();
  });

  test("quantiles interpolate like NumPy's", () => {
    expect(quantile([1, 2, 3, 4], 0.25)).toBe(1.75);
    expect(quantile([1], 0.9)).toBe(1);
    expect(() => quantile([], 0.5)).toThrow(RangeError);
  });
});
