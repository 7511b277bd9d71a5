import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { betaInterval, clopperPearson, jeffreys, wilson } from "./binomial-intervals.ts";

type Ends = [number, number];
/** Newcombe 1998 for Wilson and Clopper–Pearson; scipy for the other two and the further rows. */
const published: { k: number; n: number; wilson: Ends; exact: Ends; jeffreys: Ends; uniform: Ends }[] = [
  {
    k: 81,
    n: 263,
    wilson: [0.255289, 0.36621],
    exact: [0.252737, 0.367622],
    jeffreys: [0.254522, 0.365647],
    uniform: [0.255302, 0.366291],
  },
  {
    k: 15,
    n: 148,
    wilson: [0.062386, 0.160487],
    exact: [0.057844, 0.16165],
    jeffreys: [0.060449, 0.157643],
    uniform: [0.062637, 0.160602],
  },
  {
    k: 0,
    n: 20,
    wilson: [0, 0.161125],
    exact: [0, 0.168433],
    jeffreys: [0, 0.116639],
    uniform: [0.001205, 0.161098],
  },
  {
    k: 1,
    n: 29,
    wilson: [0.006113, 0.171755],
    exact: [0.000873, 0.177644],
    jeffreys: [0.003746, 0.150078],
    uniform: [0.008178, 0.172169],
  },
  {
    k: 20,
    n: 20,
    wilson: [0.838875, 1],
    exact: [0.831567, 1],
    jeffreys: [0.883361, 1],
    uniform: [0.838902, 0.998795],
  },
  {
    k: 27,
    n: 30,
    wilson: [0.743789, 0.9654],
    exact: [0.734712, 0.978883],
    jeffreys: [0.756598, 0.971019],
    uniform: [0.742461, 0.963698],
  },
  {
    k: 742,
    n: 1319,
    wilson: [0.535633, 0.589099],
    exact: [0.535282, 0.589533],
    jeffreys: [0.535663, 0.589157],
    uniform: [0.535626, 0.5891],
  },
];

describe("intervals of a proportion", () => {
  test.each(published)("$k of $n come out as published", ({ k, n, wilson: score, exact, jeffreys: j, uniform }) => {
    for (const [interval, [low, high]] of [
      [wilson(k, n), score],
      [clopperPearson(k, n), exact],
      [jeffreys(k, n), j],
      [betaInterval(k, n), uniform],
    ] as const) {
      expect(interval.low).toBeCloseTo(low, 5);
      expect(interval.high).toBeCloseTo(high, 5);
      expect(interval.level).toBe(0.95);
    }
  });

  test("Clopper and Pearson's interval covers at least at its level, whatever the true proportion", () => {
    for (const n of [1, 5, 20, 50]) {
      for (let p = 0.005; p < 1; p += 0.005) expect(coverage(clopperPearson, n, p)).toBeGreaterThanOrEqual(0.95 - 1e-9);
    }
  });

  test("Wilson's interval covers at its level on average", () => {
    for (const n of [20, 50, 100]) {
      const grid = Array.from({ length: 199 }, (_, index) => (index + 1) / 200);
      const average = grid.reduce((total, p) => total + coverage(wilson, n, p), 0) / grid.length;
      expect(Math.abs(average - 0.95)).toBeLessThan(0.01);
    }
  });

  test("the textbook interval that we do not use collapses near the ends", () => {
    const wald = (k: number, n: number) => {
      const half = 1.96 * Math.sqrt(((k / n) * (1 - k / n)) / n);
      return { low: k / n - half, high: k / n + half };
    };
    expect(coverage(wald, 30, 0.95)).toBeLessThan(0.8);
  });

  test("every interval contains the proportion, stays in [0, 1], and mirrors when right and wrong are swapped", () => {
    const counts = fc
      .integer({ min: 1, max: 3000 })
      .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));
    fc.assert(
      fc.property(counts, ([k, n]) => {
        for (const make of [wilson, clopperPearson, jeffreys]) {
          const interval = make(k, n);
          const mirrored = make(n - k, n);
          expect(interval.low).toBeGreaterThanOrEqual(0);
          expect(interval.high).toBeLessThanOrEqual(1);
          expect(interval.low).toBeLessThanOrEqual(k / n);
          expect(interval.high).toBeGreaterThanOrEqual(k / n);
          expect(mirrored.low).toBeCloseTo(1 - interval.high, 6);
        }
      }),
    );
  });

  test("impossible counts are refused", () => {
    expect(() => wilson(1, 0)).toThrow(RangeError);
    expect(() => wilson(3, 2)).toThrow(RangeError);
    expect(() => clopperPearson(Number.NaN, 2)).toThrow(RangeError);
    expect(() => jeffreys(1, 2, 95)).toThrow("confidence level");
  });
});

/** The exact chance that the interval of k successes holds p, over all k. */
function coverage(make: (k: number, n: number) => { low: number; high: number }, n: number, p: number): number {
  let covered = 0;
  let mass = (1 - p) ** n;
  for (let k = 0; k <= n; k++) {
    const { low, high } = make(k, n);
    if (low <= p && p <= high) covered += mass;
    mass *= ((n - k) / (k + 1)) * (p / (1 - p));
  }
  return covered;
}
