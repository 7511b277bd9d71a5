import { describe, expect, test } from "vitest";
import {
  minimumDetectableDifference,
  pairedVariance,
  requiredItems,
  resampledVariance,
  unpairedVariance,
} from "./power.ts";

describe("power", () => {
  test("969 items see three points, as in Miller's example; one noisy answer an item needs four times as many", () => {
    const noisy = (epochs: number) =>
      resampledVariance(1 / 9, [
        { variance: 1 / 6, epochs },
        { variance: 1 / 6, epochs },
      ]);
    expect(requiredItems(0.03, { variance: 1 / 9 })).toBeCloseTo(968.997, 2);
    expect(requiredItems(0.03, { variance: noisy(1) })).toBeCloseTo(3875.99, 1);
    expect(requiredItems(0.03, { variance: noisy(10) })).toBeCloseTo(1259.697, 2);
    expect(minimumDetectableDifference(198, { variance: 1 / 9 })).toBeCloseTo(0.06637, 5);
  });

  test.each([
    ["AIME", 30, 33.15, 22.87, 16.17],
    ["HumanEval", 164, 14.18, 9.78, 6.92],
    ["GPQA Diamond", 198, 12.9, 8.9, 6.3],
    ["MATH-500", 500, 8.1, 5.6, 4.0],
    ["IFEval", 541, 7.8, 5.4, 3.8],
    ["ARC-Challenge", 1172, 5.3, 3.66, 2.59],
    ["GSM8K", 1319, 5.0, 3.45, 2.44],
    ["MATH", 5000, 2.6, 1.77, 1.25],
    ["HellaSwag", 10_042, 1.81, 1.25, 0.88],
    ["MMLU-Pro", 12_032, 1.66, 1.14, 0.81],
    ["MMLU", 14_042, 1.53, 1.06, 0.75],
  ])("what %s can see with %i items", (_, n, unpaired, fifth, tenth) => {
    const points = (variance: number) => 100 * minimumDetectableDifference(n, { variance });
    expect(points(unpairedVariance(0.7))).toBeCloseTo(unpaired, 1);
    expect(points(pairedVariance(0.2))).toBeCloseTo(fifth, 1);
    expect(points(pairedVariance(0.1))).toBeCloseTo(tenth, 1);
  });

  test("items for a difference and difference for items are inverse", () => {
    const options = { variance: pairedVariance(0.2, 0.05), level: 0.99, power: 0.9 };
    expect(minimumDetectableDifference(requiredItems(0.05, options), options)).toBeCloseTo(0.05, 12);
  });

  test("nothing to see, or nothing to see it with, is refused", () => {
    expect(() => requiredItems(0, { variance: 1 })).toThrow(RangeError);
    expect(() => minimumDetectableDifference(0, { variance: 1 })).toThrow(RangeError);
  });
});
