import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clusteredStandardError, designEffect } from "./clustered-error.ts";
import { clusterTotals } from "./clusters.ts";
import { mean, standardError } from "./mean.ts";

const groups = [
  [1, 1, 1, 0],
  [0, 0, 1],
  [1, 1, 1, 1, 1],
  [0, 0],
  [1, 0, 0, 1],
];
const values = groups.flat();
const clusters = groups.flatMap((rows, group) => rows.map(() => `passage ${group}`));
const score = fc.double({ min: 0, max: 1, noNaN: true });

describe("clustered standard error", () => {
  test("agrees with statsmodels and Miller on five passages", () => {
    expect(mean(values)).toBeCloseTo(0.611111, 6);
    expect(standardError(values)).toBeCloseTo(0.118236, 6);
    expect(clusteredStandardError(values, clusters, "miller")).toBeCloseTo(0.144091, 6);
    expect(clusteredStandardError(values, clusters, "CR0")).toBeCloseTo(0.14137, 6);
    expect(clusteredStandardError(values, clusters)).toBeCloseTo(0.158057, 6);
    expect(designEffect(values, clusters, "CR0")).toBeCloseTo(1.429614, 6);
  });

  test("clusters of one row are no clusters", () => {
    const alone = values.map((_, index) => index);
    const n = values.length;
    expect(clusteredStandardError(values, alone, "CR0")! * Math.sqrt(n / (n - 1))).toBeCloseTo(
      standardError(values)!,
      12,
    );
    expect(clusteredStandardError(values, alone, "CR1")).toBeCloseTo(standardError(values)!, 12);
    expect(clusteredStandardError(values, alone, "miller")).toBeCloseTo(standardError(values)!, 12);
  });

  test("asking every item again with the same result does not make us surer", () => {
    fc.assert(
      fc.property(fc.array(score, { minLength: 2, maxLength: 40 }), fc.integer({ min: 2, max: 5 }), (items, times) => {
        const repeated = items.flatMap((value) => Array.from({ length: times }, () => value));
        const ids = items.flatMap((_, item) => Array.from({ length: times }, () => item));
        const once = clusteredStandardError(items, [...items.keys()])!;
        expect(clusteredStandardError(repeated, ids)).toBeCloseTo(once, 10);
        const naive = standardError(repeated)!;
        if (once > 1e-9) expect(naive).toBeLessThan(once);
      }),
    );
  });

  test("the order of rows does not matter", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(score, fc.integer({ min: 0, max: 5 })), { minLength: 2 }), (rows) => {
        const turned = rows.toReversed();
        const error = (list: typeof rows) =>
          clusteredStandardError(
            list.map(([v]) => v),
            list.map(([, c]) => c),
          );
        const [forwards, backwards] = [error(rows), error(turned)];
        if (forwards === null) expect(backwards).toBeNull();
        else expect(backwards).toBeCloseTo(forwards, 10);
      }),
    );
  });

  test("one cluster, or nothing, has no standard error", () => {
    expect(clusteredStandardError([1, 0], ["a", "a"])).toBeNull();
    expect(clusteredStandardError([], [])).toBeNull();
    expect(designEffect([1, 1], ["a", "b"])).toBeNull();
  });

  test("too few cluster ids are refused", () => {
    expect(() => clusterTotals([1, 2], ["a"])).toThrow("2 values need as many cluster ids");
  });
});
