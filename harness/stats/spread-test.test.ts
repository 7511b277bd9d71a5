import { describe, expect, test } from "vitest";
import { expectedRange, nullSpread, residualVariance } from "./null-spread.ts";
import { randomStream } from "./random.ts";
import { honestSpread, spreadTest } from "./spread-test.ts";
import { crossedComponents, nestedComponents, spreadOf } from "./variance-components.ts";

/** Right/wrong answers of equally many items under prompts of the given quality; items differ in difficulty. */
function answers(quality: number[], items: number, seed: number): number[][] {
  const random = randomStream(seed, "answers");
  const uniform = () => (random.next() >>> 0) / 2 ** 32;
  return Array.from({ length: items }, () => {
    const shift = 0.6 * (uniform() - 0.5);
    return quality.map((chance) => (uniform() < chance + shift ? 1 : 0));
  });
}

describe("the spread that noise alone gives", () => {
  test.each([
    [1, 0],
    [2, 1.1284],
    [3, 1.6926],
    [5, 2.3259],
    [10, 3.0775],
    [24, 3.8953],
    [100, 5.0152],
    [500, 6.0734],
  ])("the expected range of %i normal numbers is %f", (count, range) => {
    expect(expectedRange(count)).toBeCloseTo(range, 4);
  });

  test.each([
    [10, 1000, 1.994],
    [24, 1000, 2.524],
    [10, 250, 3.989],
    [320, 100, 11.879],
  ])("%i equal prompts on %i items spread over %f points", (prompts, items, points) => {
    expect(100 * nullSpread({ prompts, items, residualVariance: residualVariance(0.7, 0.8) })).toBeCloseTo(points, 3);
  });

  test("a range is of something", () => {
    expect(() => expectedRange(0)).toThrow(RangeError);
    expect(() => expectedRange(2.5)).toThrow(RangeError);
  });

  test("is what shuffling within items gives", () => {
    const table = answers([0.6, 0.6, 0.6, 0.6, 0.6, 0.6], 400, 1);
    const { residual } = crossedComponents(table)!.meanSquares;
    const shuffled = spreadTest(table, { seed: 1 })!;
    const formula = nullSpread({ prompts: 6, items: 400, residualVariance: residual });
    expect(Math.abs(shuffled.nullSpread - formula) / formula).toBeLessThan(0.05);
  });
});

describe("spread test", () => {
  test("sees prompts that differ", () => {
    const differ = spreadTest(answers([0.7, 0.6, 0.5], 400, 2), { seed: 1 })!;
    expect(differ.p).toBeLessThan(0.001);
    expect(differ.spread).toBeGreaterThan(differ.nullSpread);
  });

  test("rejects equal prompts as often as it should", () => {
    let rejected = 0;
    for (let run = 0; run < 200; run++) {
      const { p } = spreadTest(answers([0.5, 0.5, 0.5, 0.5], 60, 50 + run), { seed: run, replicates: 199 })!;
      if (p <= 0.05) rejected++;
    }
    expect(rejected / 200).toBeLessThan(0.1);
  });

  test("repeats itself to the byte, and is certain of nothing where all answers are the same", () => {
    const table = answers([0.7, 0.6], 50, 4);
    expect(spreadTest(table, { seed: 9 })).toEqual(spreadTest(table, { seed: 9 }));
    expect(
      spreadTest(
        [
          [1, 1],
          [0, 0],
        ],
        { seed: 1, replicates: 99 },
      ),
    ).toEqual({ spread: 0, nullSpread: 0, p: 1 });
    expect(spreadTest([], { seed: 1 })).toBeNull();
    expect(spreadTest([[1], [0]], { seed: 1 })).toBeNull();
    expect(() => spreadTest([[1, 0], [1]], { seed: 1 })).toThrow("item 1 has 1");
  });
});

describe("honest spread", () => {
  test("does not reward the luck of the best", () => {
    let [naive, honest] = [0, 0];
    for (let run = 0; run < 40; run++) {
      const table = answers(Array(12).fill(0.6), 100, 200 + run);
      naive += spreadOf(table)! / 40;
      honest += honestSpread(table, { seed: run, replicates: 50 })!.spread / 40;
    }
    expect(naive).toBeGreaterThan(0.08);
    expect(Math.abs(honest)).toBeLessThan(0.04);
  });

  test("finds a true difference and names the prompts", () => {
    const result = honestSpread(answers([0.5, 0.8, 0.3], 600, 7), { seed: 1 })!;
    expect(result).toMatchObject({ best: 1, worst: 2, items: 300 });
    expect(result.ci.low).toBeGreaterThan(0.3);
    expect(result.ci.high).toBeLessThan(0.7);
    expect(
      honestSpread(
        [
          [1, 0],
          [0, 1],
          [1, 1],
        ],
        { seed: 1 },
      ),
    ).toBeNull();
  });
});

describe("variance components", () => {
  const crossed = [
    [1, 1, 1, 0],
    [1, 0, 1, 1],
    [0, 0, 0, 0],
    [1, 1, 1, 1],
    [1, 1, 0, 1],
    [0, 1, 0, 0],
    [1, 1, 1, 1],
    [0, 0, 1, 0],
  ];

  test("of eight items under four prompts", () => {
    const result = crossedComponents(crossed)!;
    expect(result.meanSquares.item).toBeCloseTo(0.566964, 6);
    expect(result.meanSquares.prompt).toBeCloseTo(0.03125, 6);
    expect(result.meanSquares.residual).toBeCloseTo(0.174107, 6);
    expect(result.variances.item).toBeCloseTo(0.098214, 6);
    expect(result.variances.prompt).toBeCloseTo(-0.017857, 6);
    expect(result.stderr).toBeCloseTo(0.133108, 6);
    expect(result.stderrFixedPrompts).toBeCloseTo(0.133108, 6);
  });

  test("of six items asked four times", () => {
    const result = nestedComponents([
      [1, 1, 0, 1],
      [0, 0, 0, 1],
      [1, 1, 1, 1],
      [0, 0, 0, 0],
      [1, 0, 1, 0],
      [1, 1, 1, 0],
    ])!;
    expect(result.mean).toBeCloseTo(0.541667, 6);
    expect(result.meanSquares.between).toBeCloseTo(0.541667, 6);
    expect(result.meanSquares.within).toBeCloseTo(0.180556, 6);
    expect(result.variances.between).toBeCloseTo(0.090278, 6);
    expect(result.stderr).toBeCloseTo(0.150231, 6);
    expect(result.intraclassCorrelation).toBeCloseTo(0.333333, 6);
  });

  test("too little to split, or nothing that varies", () => {
    expect(crossedComponents([[1, 0]])).toBeNull();
    expect(nestedComponents([[1], [0]])).toBeNull();
    expect(
      nestedComponents([
        [1, 1],
        [1, 1],
      ])!.intraclassCorrelation,
    ).toBeNull();
    expect(crossedComponents([])).toBeNull();
  });
});
