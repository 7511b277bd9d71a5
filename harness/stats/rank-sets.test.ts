import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { holm } from "./adjust-p.ts";
import { tTwoSided } from "./distributions.ts";
import { signTestP } from "./mcnemar.ts";
import { pairedDifference } from "./paired-difference.ts";
import { type PairwiseTests, pairIndex, pairwiseTests } from "./pairwise-tests.ts";
import { randomStream } from "./random.ts";
import { rankSets } from "./rank-sets.ts";

/** Right/wrong scores of models whose chance of being right is given, on shared items. */
function simulate(chances: number[], items: number, seed: number): number[][] {
  const random = randomStream(seed, "models");
  return chances.map((chance) =>
    Array.from({ length: items }, () => ((random.next() >>> 0) / 2 ** 32 < chance ? 1 : 0)),
  );
}

/** Tests from votes alone: an exact binomial test of each pair's counts. */
function testsOfCounts(counts: number[]): PairwiseTests {
  const pairs = counts.flatMap((a, i) => counts.slice(i + 1).map((b) => [a, b] as const));
  return {
    count: counts.length,
    means: Float64Array.from(counts),
    differences: Float64Array.from(pairs, ([a, b]) => a - b),
    pValues: Float64Array.from(pairs, ([a, b]) => signTestP(Math.min(a, b), a + b)),
    method: "mcnemar-exact",
  };
}

const ranges = (tests: PairwiseTests) => rankSets(tests).sets.map(({ simultaneous: { low, high } }) => [low, high]);

describe("tests of all pairs", () => {
  test("are McNemar's for right/wrong scores, with missing rows left out pair by pair", () => {
    const [a, b, c] = [
      [1, 1, 1, 1, 1, 0, 1, 1],
      [0, 0, 0, 0, 0, 1, 1, Number.NaN],
      [1, 1, 1, 1, 1, 0, 1, 0],
    ];
    const tests = pairwiseTests([a!, b!, c!]);
    expect(tests.method).toBe("mcnemar-exact");
    expect(tests.pValues[pairIndex(0, 1, 3)]).toBeCloseTo(signTestP(1, 6), 12);
    expect(tests.differences[pairIndex(0, 1, 3)]).toBeCloseTo(4 / 7, 12);
    expect(tests.differences[pairIndex(0, 2, 3)]).toBeCloseTo(1 / 8, 12);
    expect([...tests.means]).toEqual([7 / 8, 2 / 7, 6 / 8]);
  });

  test("are paired t tests for fractional scores, whichever way the sums are had", () => {
    const score = fc.integer({ min: 0, max: 20 }).map((twentieths) => twentieths / 20);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(score, score, fc.integer({ min: 0, max: 4 })), { minLength: 5, maxLength: 40 }),
        (rows) => {
          const [a, b] = [rows.map(([x]) => x), rows.map(([, y]) => y)];
          const clusters = rows.map(([, , cluster]) => cluster);
          const gap = [...a, Number.NaN];
          const full = [...b, 0.5];
          for (const [tests, options] of [
            [pairwiseTests([a, b, a.map((x) => x / 2)]), {}],
            [pairwiseTests([a, b], { clusters }), { clusters }],
            [pairwiseTests([gap, full]), {}],
            [pairwiseTests([gap, full], { clusters: [...clusters, 0] }), { clusters }],
          ] as const) {
            const pair = pairedDifference(a, b, options)!;
            expect(tests.differences[0]).toBeCloseTo(pair.difference, 10);
            if (pair.stderr === null || pair.stderr < 1e-5) continue;
            // The two ways round differently, and a p-value has six to seven digits that count.
            expect(tests.pValues[0]).toBeCloseTo(tTwoSided(pair.difference / pair.stderr, pair.units - 1), 6);
          }
        },
      ),
    );
  });

  test("say nothing about models without common rows", () => {
    const tests = pairwiseTests([
      [1, Number.NaN],
      [Number.NaN, 0],
    ]);
    expect(tests.differences[0]).toBeNaN();
    expect(tests.pValues[0]).toBe(1);
    expect(rankSets(tests).sets.map((set) => set.simultaneous)).toEqual([
      { low: 1, high: 2 },
      { low: 1, high: 2 },
    ]);
  });

  test("a difference that is the same everywhere is judged by its sign", () => {
    const tests = pairwiseTests([
      [0.5, 0.6, 0.7],
      [0.4, 0.5, 0.6],
    ]);
    expect(tests.pValues[0]).toBeCloseTo(0.25, 12);
  });

  test("models need the same rows and finite scores", () => {
    expect(() => pairwiseTests([[1], [1, 0]])).toThrow("same rows");
    expect(() => pairwiseTests([[Number.POSITIVE_INFINITY], [1]])).toThrow("finite");
    expect(() => pairwiseTests([[1], [1]], { clusters: [1, 2] })).toThrow("cluster ids");
  });

  test("pairs are numbered row by row", () => {
    const seen = [0, 1, 2, 3].flatMap((i) => [0, 1, 2, 3].filter((j) => j > i).map((j) => pairIndex(i, j, 4)));
    expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe("rank sets", () => {
  test("of six vote counts are those of csranks", () => {
    expect(ranges(testsOfCounts([120, 90, 85, 60, 30, 28]))).toEqual([
      [1, 3],
      [1, 4],
      [1, 4],
      [2, 4],
      [5, 6],
      [5, 6],
    ]);
  });

  test("of models far apart are exact, of equal models open", () => {
    const apart = rankSets(pairwiseTests(simulate([0.9, 0.5, 0.1], 400, 1)));
    expect(apart.sets.map(({ rank, simultaneous, tier }) => [rank, simultaneous.low, simultaneous.high, tier])).toEqual(
      [
        [1, 1, 1, 1],
        [2, 2, 2, 2],
        [3, 3, 3, 3],
      ],
    );
    expect(apart.separated).toBe(1);
    const same = simulate([0.5], 400, 1)[0]!;
    const equal = rankSets(pairwiseTests([same, same, same]));
    expect(equal.sets.map(({ rank, simultaneous, tier }) => [rank, simultaneous.low, simultaneous.high, tier])).toEqual(
      [
        [1, 1, 3, 1],
        [1, 1, 3, 1],
        [1, 1, 3, 1],
      ],
    );
    expect(equal.separated).toBe(0);
  });

  test("decide just the pairs that Holm's adjustment decides; a model's own range is never wider and holds its rank", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.05, max: 0.95, noNaN: true }), { minLength: 1, maxLength: 7 }),
        fc.integer({ min: 1, max: 300 }),
        fc.nat(1000),
        (chances, items, seed) => {
          const tests = pairwiseTests(simulate(chances, items, seed));
          const ranking = rankSets(tests);
          const decided = holm(tests.pValues).filter((p) => p <= 1 - 0.95).length;
          expect(ranking.sets.reduce((sum, { wins }) => sum + wins, 0)).toBe(decided);
          for (const { rank, simultaneous, marginal } of ranking.sets) {
            expect(marginal.low).toBeGreaterThanOrEqual(simultaneous.low);
            expect(marginal.high).toBeLessThanOrEqual(simultaneous.high);
            expect(rank).toBeGreaterThanOrEqual(marginal.low);
            expect(rank).toBeLessThanOrEqual(marginal.high);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  test("do not depend on the order of models or rows", () => {
    const scores = simulate([0.8, 0.75, 0.5, 0.45, 0.2], 300, 5);
    const straight = rankSets(pairwiseTests(scores)).sets;
    const turned = rankSets(pairwiseTests(scores.toReversed().map((list) => list.toReversed()))).sets;
    expect(turned.toReversed()).toEqual(straight);
  });

  test("tiers follow their leader, not the neighbour", () => {
    const tests = testsOfCounts([120, 90, 85, 60, 30, 28]);
    expect(rankSets(tests).sets.map(({ tier }) => tier)).toEqual([1, 1, 1, 2, 3, 3]);
  });

  test("a model without rows has no rank, one model alone the first, none at all nothing", () => {
    const empty = rankSets(pairwiseTests([[Number.NaN], [1]]));
    expect(empty.sets.map(({ rank }) => rank)).toEqual([null, 1]);
    expect(rankSets(pairwiseTests([[1, 0]]))).toMatchObject({ separated: null, sets: [{ rank: 1, tier: 1 }] });
    expect(rankSets(pairwiseTests([])).sets).toEqual([]);
  });

  test("all true ranks are held at once at least as often as promised", () => {
    const chances = [0.7, 0.65, 0.6, 0.6, 0.4];
    const truth = [
      [1, 1],
      [2, 2],
      [3, 4],
      [3, 4],
      [5, 5],
    ];
    let held = 0;
    for (let run = 0; run < 300; run++) {
      const { sets } = rankSets(pairwiseTests(simulate(chances, 120, 100 + run)));
      if (sets.every(({ simultaneous: { low, high } }, model) => low <= truth[model]![0]! && high >= truth[model]![1]!))
        held++;
    }
    expect(held / 300).toBeGreaterThanOrEqual(0.95);
  });
});
