import type { ClusterId } from "./clusters.ts";
import { clusterIndexes } from "./clusters.ts";
import type { ScoredMean } from "./score-interval.ts";
import { tInterval } from "./t-interval.ts";
import { weightedMean } from "./weighted-mean.ts";

/** What the interval has to know about the rows. */
export interface WeightedIntervalOptions {
  /** One id a row; rows of one id are not independent. */
  clusters?: readonly ClusterId[];
  /** @default 0.95 */
  level?: number;
  /** The range that the mean can have. @default none */
  bounds?: readonly [low: number, high: number] | null;
}

/**
 * A weighted mean as a ratio of sums Σ w·x / Σ w, for rows of unequal size (instructions of a prompt, words of a text): both
 * sums are random, so the error is that of the ratio over rows, or over clusters where rows are not independent, with a t
 * interval of G − 1 degrees of freedom.
 *
 * @returns `null` when there is nothing, or all weights are zero
 */
export function weightedInterval(
  values: ArrayLike<number>,
  weights: ArrayLike<number>,
  options: WeightedIntervalOptions = {},
): ScoredMean | null {
  const units = options.clusters === undefined ? { values, weights } : byCluster(values, weights, options.clusters);
  const result = weightedMean(units.values, units.weights);
  if (result === null) return null;
  const count = units.values.length;
  const base = { value: result.value, n: values.length, units: count };
  if (count < 2) return { ...base, stderr: null, ci: null };
  const stderr = result.stderr * Math.sqrt(count / (count - 1));
  const { level = 0.95, bounds = null } = options;
  const ci = tInterval(
    { value: result.value, stderr, degreesOfFreedom: count - 1 },
    { level, bounds, method: "ratio-t" },
  );
  return { ...base, stderr, ci: stderr === 0 ? null : ci };
}

/** Rows of a cluster as one row: its own weighted mean with all its weight. */
function byCluster(
  values: ArrayLike<number>,
  weights: ArrayLike<number>,
  clusters: readonly ClusterId[],
): { values: Float64Array; weights: Float64Array } {
  const { indexes, count } = clusterIndexes(clusters);
  const sums = new Float64Array(count);
  const sizes = new Float64Array(count);
  for (let row = 0; row < values.length; row += 1) {
    const cluster = indexes[row]!;
    sums[cluster]! += weights[row]! * values[row]!;
    sizes[cluster]! += weights[row]!;
  }
  return { values: sums.map((sum, cluster) => (sizes[cluster] ? sum / sizes[cluster] : 0)), weights: sizes };
}
