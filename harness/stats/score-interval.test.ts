import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wilson } from "./binomial-intervals.ts";
import { randomStream } from "./random.ts";
import { scoreInterval } from "./score-interval.ts";

const rightOf = (right: number, n: number) => Array.from({ length: n }, (_, index) => (index < right ? 1 : 0));

describe("the interval policy", () => {
  test("nothing scored is null, never NaN", () => {
    expect(scoreInterval([])).toBeNull();
    expect(scoreInterval([], { clusters: [] })).toBeNull();
  });

  test("right/wrong rows get Wilson's interval and lm-eval's standard error", () => {
    const score = scoreInterval(rightOf(742, 1319))!;
    expect(score).toMatchObject({ n: 1319, units: 1319, ci: wilson(742, 1319) });
    expect(score.stderr).toBeCloseTo(Math.sqrt(((742 / 1319) * (577 / 1319)) / 1318), 12);
  });

  test("a single row has an interval but no standard error", () => {
    expect(scoreInterval([1])).toEqual({ value: 1, n: 1, units: 1, stderr: null, ci: wilson(1, 1) });
  });

  test("epochs of an item get a cluster-robust t interval over items", () => {
    const score = scoreInterval([1, 1, 0, 0, 1, 0], { clusters: ["a", "a", "b", "b", "c", "c"] })!;
    expect(score.units).toBe(3);
    expect(score.ci!.method).toBe("cluster-t");
    expect(score.stderr).toBeCloseTo(Math.sqrt(0.25 / 3), 12);
    expect([score.ci!.low, score.ci!.high]).toEqual([0, 1]);
  });

  test("one id a row is the same as no ids", () => {
    const values = [1, 0, 0, 1, 1];
    expect(scoreInterval(values, { clusters: ["v", "w", "x", "y", "z"] })).toEqual(scoreInterval(values));
  });

  test("items that all go right in every epoch do not give certainty", () => {
    const clusters = Array.from({ length: 40 }, (_, row) => row >> 1);
    const score = scoreInterval(rightOf(40, 40), { clusters })!;
    expect(score).toMatchObject({ value: 1, stderr: 0 });
    expect(score.ci).toEqual({ ...wilson(20, 20), method: "wilson-units" });
  });

  test("equal partial credit is not certainty either, whatever the rounding of its mean", () => {
    const score = scoreInterval([0.1, 0.1, 0.1])!;
    expect(score).toMatchObject({ stderr: 0, ci: { method: "wilson-units" } });
    expect(score.ci!.high - score.ci!.low).toBeGreaterThan(0.3);
  });

  test("one cluster has no standard error; its interval is that of a single unit", () => {
    const score = scoreInterval([1, 0], { clusters: ["a", "a"] })!;
    expect(score.stderr).toBeNull();
    expect(score.ci!.high - score.ci!.low).toBeGreaterThan(0.8);
  });

  test("partial credit gets a t interval inside its range", () => {
    const score = scoreInterval([0.9, 1, 1, 0.95, 1])!;
    expect(score.ci!.method).toBe("t");
    expect(score.ci!.high).toBe(1);
    expect(score.ci!.low).toBeCloseTo(0.97 - 2.7764451 * 0.02, 6);
  });

  test("values of no known range are not cut, and without spread have no interval", () => {
    expect(scoreInterval([-3, 5, 100])!.ci!.low).toBeLessThan(-3);
    expect(scoreInterval([7, 7, 7])!.ci).toBeNull();
    expect(scoreInterval([7, 7, 7], { bounds: [0, 10] })!.ci!.method).toBe("wilson-units");
    expect(scoreInterval([0.01, 0.02, 0.9], { bounds: null })!.ci!.low).toBeLessThan(0);
  });

  test("a bootstrap needs its seed and repeats itself to the byte", () => {
    const values = [0.1, 0.4, 0.35, 0.8, 0.2, 0.15];
    expect(() => scoreInterval(values, { method: "bootstrap" })).toThrow("needs a seed");
    const once = scoreInterval(values, { method: "bootstrap", seed: 7 });
    expect(JSON.stringify(scoreInterval(values, { method: "bootstrap", seed: 7 }))).toBe(JSON.stringify(once));
    expect(once!.ci!.method).toBe("bootstrap-bca");
  });

  test("a value that is no number is refused", () => {
    expect(() => scoreInterval([1, Number.NaN])).toThrow(RangeError);
  });

  test("whatever the scores, the interval holds the value and nothing is NaN", () => {
    const rows = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 9 })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(rows, fc.boolean(), (list, binary) => {
        const values = list.map(([value]) => (binary ? Math.round(value) : value));
        const score = scoreInterval(values, { clusters: list.map(([, cluster]) => cluster) })!;
        expect(score.ci!.low).toBeLessThanOrEqual(score.value + 1e-12);
        expect(score.ci!.high).toBeGreaterThanOrEqual(score.value - 1e-12);
        expect(JSON.stringify(score)).not.toContain("NaN");
      }),
    );
  });

  test("the clustered interval covers at its level in simulation", () => {
    const random = randomStream(11, "coverage");
    const uniform = () => (random.next() >>> 0) / 2 ** 32;
    let covered = 0;
    const runs = 2000;
    for (let run = 0; run < runs; run++) {
      const values: number[] = [];
      const clusters: number[] = [];
      for (let item = 0; item < 60; item++) {
        const chance = uniform();
        for (let epoch = 0; epoch < 4; epoch++) {
          values.push(uniform() < chance ? 1 : 0);
          clusters.push(item);
        }
      }
      const { low, high } = scoreInterval(values, { clusters })!.ci!;
      if (low <= 0.5 && 0.5 <= high) covered++;
    }
    expect(covered / runs).toBeGreaterThan(0.935);
    expect(covered / runs).toBeLessThan(0.965);
  });
});
