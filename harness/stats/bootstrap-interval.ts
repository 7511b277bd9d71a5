import type { Interval } from "../contracts/index.ts";
import { assertLevel } from "./binomial-intervals.ts";
import { normalCdf, normalQuantile } from "./distributions.ts";
import { mean, sampleVariance } from "./mean.ts";

/** The plain percentile interval of ascending replicates. */
export function percentileInterval(replicates: Float64Array, level = 0.95): Interval {
  assertLevel(level);
  const tail = (1 - level) / 2;
  return {
    low: quantile(replicates, tail),
    high: quantile(replicates, 1 - tail),
    level,
    method: "bootstrap-percentile",
  };
}

/**
 * The bias-corrected and accelerated interval of ascending replicates.
 *
 * @param estimate the statistic on all units, and on all but each single unit (the jackknife)
 * @see Efron & Tibshirani, An Introduction to the Bootstrap, 14.3.
 */
export function bcaInterval(
  replicates: Float64Array,
  estimate: { value: number; leaveOneOut: ArrayLike<number> },
  level = 0.95,
): Interval {
  assertLevel(level);
  const method = "bootstrap-bca";
  const count = replicates.length;
  const below = (lowerBound(replicates, estimate.value) + upperBound(replicates, estimate.value)) / 2;
  // Half a replicate at each end keeps the quantile finite where all replicates lie on one side.
  const bias = normalQuantile(Math.min(count - 0.5, Math.max(0.5, below)) / count);
  const acceleration = jackknifeAcceleration(estimate.leaveOneOut);
  const at = (p: number) => {
    const shifted = bias + normalQuantile(p);
    return quantile(replicates, normalCdf(bias + shifted / (1 - acceleration * shifted)));
  };
  const tail = (1 - level) / 2;
  return { low: at(tail), high: at(1 - tail), level, method };
}

/** The jackknife's standard error of a statistic, from its values with each single unit left out. */
export function jackknifeStandardError(leaveOneOut: ArrayLike<number>): number | null {
  const variance = sampleVariance(leaveOneOut);
  return variance === null ? null : (Math.sqrt(variance) * (leaveOneOut.length - 1)) / Math.sqrt(leaveOneOut.length);
}

/** The quantile of ascending values, interpolated (Hyndman & Fan's type 7, the default of R and NumPy). */
export function quantile(ascending: ArrayLike<number>, p: number): number {
  if (ascending.length === 0) throw new RangeError("Nothing has no quantiles.");
  const position = p * (ascending.length - 1);
  const left = Math.floor(position);
  const low = ascending[left]!;
  const high = ascending[Math.min(left + 1, ascending.length - 1)]!;
  return low + (high - low) * (position - left);
}

function jackknifeAcceleration(leaveOneOut: ArrayLike<number>): number {
  const center = mean(leaveOneOut) ?? 0;
  let squares = 0;
  let cubes = 0;
  for (let unit = 0; unit < leaveOneOut.length; unit++) {
    const deviation = center - leaveOneOut[unit]!;
    squares += deviation ** 2;
    cubes += deviation ** 3;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}

function lowerBound(ascending: Float64Array, value: number): number {
  return partition(ascending, (entry) => entry < value);
}

function upperBound(ascending: Float64Array, value: number): number {
  return partition(ascending, (entry) => entry <= value);
}

/** How many leading entries hold, where all that hold come first. */
function partition(ascending: Float64Array, holds: (entry: number) => boolean): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(ascending[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
