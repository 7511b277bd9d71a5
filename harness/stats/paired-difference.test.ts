import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pairedDifference } from "./paired-difference.ts";
import { tangoInterval } from "./tango-interval.ts";
import { twoByTwo } from "./two-by-two.ts";

const first = [1, 1, 1, 0, 1, 0, 1, 1, 0, 1, 1, 0];
const second = [1, 0, 1, 0, 0, 0, 1, 1, 0, 0, 1, 1];

/** Two lists of right/wrong scores with a given table. */
function pairWith(table: { both: number; first: number; second: number; n: number }) {
  const cells = [
    [1, 1, table.both],
    [1, 0, table.first],
    [0, 1, table.second],
    [0, 0, table.n - table.both - table.first - table.second],
  ] as const;
  const rows = cells.flatMap(([a, b, times]) => Array.from({ length: times }, () => [a, b] as const));
  return [rows.map(([a]) => a), rows.map(([, b]) => b)] as const;
}

describe("paired difference", () => {
  test("agrees with a computation by hand on twelve items", () => {
    const result = pairedDifference(first, second)!;
    expect(result.difference).toBeCloseTo(0.166667, 6);
    expect(result.stderr).toBeCloseTo(0.166667, 6);
    expect(result.stderrUnpaired).toBeCloseTo(0.207194, 6);
    expect(result.correlation).toBeCloseTo(0.353553, 6);
    expect(result.ci).toEqual(tangoInterval(twoByTwo(first, second)));
  });

  test.each([
    {
      name: "6B verification and 175B fine-tuning",
      both: 306,
      first: 209,
      second: 152,
      diff: 0.043215,
      se: 0.014361,
      loose: 0.018776,
    },
    {
      name: "6B fine-tuning and 6B verification",
      both: 222,
      first: 64,
      second: 293,
      diff: -0.173616,
      se: 0.013509,
      loose: 0.01759,
    },
    {
      name: "175B fine-tuning and 175B verification",
      both: 382,
      first: 76,
      second: 360,
      diff: -0.215315,
      se: 0.014684,
      loose: 0.018939,
    },
  ])("gives the errors of OpenAI's published GSM8K solutions: $name", ({ diff, se, loose, ...table }) => {
    const result = pairedDifference(...pairWith({ ...table, n: 1319 }))!;
    expect(result.difference).toBeCloseTo(diff, 6);
    expect(result.stderr).toBeCloseTo(se, 6);
    expect(result.stderrUnpaired).toBeCloseTo(loose, 5);
  });

  test("fractional scores get a paired t interval, clustered ones a cluster-robust one", () => {
    const a = [0.5, 0.7, 0.9, 0.2];
    const b = [0.4, 0.5, 0.9, 0.3];
    const plain = pairedDifference(a, b)!;
    expect(plain.ci!.method).toBe("paired-t");
    const clustered = pairedDifference(a, b, { clusters: ["x", "x", "y", "y"] })!;
    expect(clustered.ci!.method).toBe("paired-cluster-t");
    expect(clustered.units).toBe(2);
    expect(clustered.stderr).toBeCloseTo(0.1, 12);
  });

  test("agreement everywhere is not certainty", () => {
    const epochs = { clusters: ["a", "a", "b", "b"] };
    const same = pairedDifference([1, 0, 1, 1], [1, 0, 1, 1], epochs)!;
    expect(same).toMatchObject({ difference: 0, stderr: 0 });
    expect(same.ci!.method).toBe("tango-units");
    expect(same.ci!.high).toBeGreaterThan(0.5);
    expect(pairedDifference([0.5, 0.5], [0, 0])!.ci).toBeNull();
  });

  test("nothing in common is null, and unequal rows are refused", () => {
    expect(pairedDifference([], [])).toBeNull();
    expect(() => pairedDifference([1], [])).toThrow("need the same rows");
    expect(() => pairedDifference([1], [Number.NaN])).toThrow(RangeError);
  });

  test("swapping the models negates it; the order of rows does not matter; repeating rows in their cluster does not either", () => {
    const score = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(score, score), { minLength: 3, maxLength: 30 }), (rows) => {
        const [a, b] = [rows.map(([x]) => x), rows.map(([, y]) => y)];
        const result = pairedDifference(a, b)!;
        const swapped = pairedDifference(b, a)!;
        expect(swapped.difference).toBeCloseTo(-result.difference, 12);
        expect(swapped.stderr).toBeCloseTo(result.stderr!, 12);
        expect(pairedDifference(a.toReversed(), b.toReversed())!.stderr).toBeCloseTo(result.stderr!, 10);
        const twice = (list: number[]) => list.flatMap((value) => [value, value]);
        const repeated = pairedDifference(twice(a), twice(b), { clusters: twice([...a.keys()]) })!;
        expect(repeated.stderr).toBeCloseTo(result.stderr!, 10);
      }),
    );
  });
});
