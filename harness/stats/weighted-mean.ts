import { assertFinite, sum } from "./mean.ts";

/**
 * Σ w·x / Σ w with its standard error √(Σ w²(x − mean)²) / Σ w. Weights are not counts of repeats.
 *
 * @returns `null` when there is nothing, or all weights are zero
 * @throws RangeError on unequal lengths, numbers that are not finite, or a weight below zero
 */
export function weightedMean(
  values: ArrayLike<number>,
  weights: ArrayLike<number>,
): { value: number; stderr: number } | null {
  if (values.length !== weights.length) {
    throw new RangeError(`${values.length} values need as many weights, but there are ${weights.length}.`);
  }
  assertFinite(values, "Values");
  assertFinite(weights, "Weights");
  const total = sum(weights);
  if (total === 0) return null;
  let weighted = 0;
  for (let index = 0; index < values.length; index++) {
    if (!(weights[index]! >= 0)) throw new RangeError(`Weight ${index} is ${weights[index]}, below zero.`);
    weighted += weights[index]! * values[index]!;
  }
  const value = weighted / total;
  let squares = 0;
  for (let index = 0; index < values.length; index++) squares += (weights[index]! * (values[index]! - value)) ** 2;
  return { value, stderr: Math.sqrt(squares) / total };
}
