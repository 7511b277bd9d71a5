import type { Interval } from "../contracts/index.ts";
import { bcaInterval, percentileInterval } from "./bootstrap-interval.ts";
import { type ClusterId, clusterTotals } from "./clusters.ts";
import { assertFinite, mean, sampleVariance, sum } from "./mean.ts";
import { drawIndex, randomStream } from "./random.ts";

/** How replicates are drawn. */
export interface BootstrapOptions {
  seed: number;
  /** @default 10000 */
  replicates?: number;
}

/** How a bootstrapped mean is made into an interval. */
export interface BootstrapMeanOptions extends BootstrapOptions {
  clusters?: readonly ClusterId[];
  /** @default 0.95 */
  level?: number;
  /** `bca` corrects for bias and skew. @default "bca" */
  method?: "bca" | "percentile";
}

/**
 * Bootstrap replicates of any statistic. Units (clusters, else items) are drawn with replacement, never rows of one unit.
 *
 * @param statistic gets how often each unit was drawn; the array is reused between calls
 * @returns the replicates in ascending order
 */
export function bootstrapReplicates(
  units: number,
  statistic: (counts: Uint32Array) => number,
  options: BootstrapOptions,
): Float64Array {
  const random = randomStream(options.seed, "bootstrap");
  const counts = new Uint32Array(units);
  const replicates = new Float64Array(options.replicates ?? 10_000);
  for (let replicate = 0; replicate < replicates.length; replicate++) {
    counts.fill(0);
    for (let draw = 0; draw < units; draw++) counts[drawIndex(random, units)]!++;
    replicates[replicate] = statistic(counts);
  }
  return replicates.sort();
}

/**
 * Mean, standard error and interval by resampling clusters (else items). `null` below two clusters.
 *
 * @throws RangeError on values that are no finite numbers
 * @see Efron 1987, "Better Bootstrap Confidence Intervals".
 */
export function bootstrapMean(
  values: ArrayLike<number>,
  options: BootstrapMeanOptions,
): { value: number; n: number; stderr: number; ci: Interval } | null {
  assertFinite(values, "Values");
  const { level = 0.95, method = "bca", clusters } = options;
  const { sums, sizes } = clusterTotals(values, clusters);
  const value = mean(values);
  if (value === null || sums.length < 2) return null;
  const replicates = bootstrapReplicates(sums.length, (counts) => weightedRatio(counts, sums, sizes), options);
  const ci =
    method === "percentile"
      ? percentileInterval(replicates, level)
      : bcaInterval(replicates, { value, leaveOneOut: leaveOneOutMeans(sums, sizes) }, level);
  return { value, n: values.length, stderr: Math.sqrt(sampleVariance(replicates) ?? 0), ci };
}

function weightedRatio(counts: Uint32Array, sums: Float64Array, sizes: Float64Array): number {
  let top = 0;
  let bottom = 0;
  for (let unit = 0; unit < counts.length; unit++) {
    top += counts[unit]! * sums[unit]!;
    bottom += counts[unit]! * sizes[unit]!;
  }
  return top / bottom;
}

function leaveOneOutMeans(sums: Float64Array, sizes: Float64Array): Float64Array {
  const [top, bottom] = [sum(sums), sum(sizes)];
  return sums.map((total, unit) => (top - total) / (bottom - sizes[unit]!));
}
