import { type ClusterId, type ClusterTotals, clusterTotals } from "./clusters.ts";
import { assertFinite, mean, squaredDeviations, standardError } from "./mean.ts";

/**
 * How rows of one cluster enter the standard error: `CR0` plain sandwich, `CR1` times G/(G − 1) for G clusters,
 * `miller` the form of arXiv 2411.00640, which keeps Bessel's n − 1 for the rows' own variance.
 */
export type ClusterCorrection = "CR0" | "CR1" | "miller";

/**
 * Standard error of the mean over rows when rows of one cluster are not independent.
 * `null` below two clusters: one cluster says nothing about how clusters differ.
 *
 * @throws RangeError on values that are no finite numbers
 * @default correction "CR1"
 * @see Miller, arXiv 2411.00640, section 2.2; Cameron & Miller 2015 for CR0 and CR1.
 */
export function clusteredStandardError(
  values: ArrayLike<number>,
  clusters: readonly ClusterId[],
  correction: ClusterCorrection = "CR1",
): number | null {
  assertFinite(values, "Values");
  const center = mean(values);
  const totals = clusterTotals(values, clusters);
  if (center === null || totals.sums.length < 2) return null;
  const between = squaredClusterResiduals(totals, center);
  const n = values.length;
  if (correction === "miller") {
    const within = squaredDeviations(values, center);
    return Math.sqrt(Math.max(0, within / (n * (n - 1)) + (between - within) / n ** 2));
  }
  const factor = correction === "CR1" ? totals.sums.length / (totals.sums.length - 1) : 1;
  return Math.sqrt(between * factor) / n;
}

/** Σ over clusters of (Σ of the residuals in it)². */
function squaredClusterResiduals(totals: ClusterTotals, center: number): number {
  let total = 0;
  for (let cluster = 0; cluster < totals.sums.length; cluster++) {
    total += (totals.sums[cluster]! - totals.sizes[cluster]! * center) ** 2;
  }
  return total;
}

/**
 * By how much clustering inflates the variance of the mean: clustered variance / independent variance.
 * `n / designEffect` independent rows would say as much. `null` where either variance is unknown or zero.
 */
export function designEffect(
  values: ArrayLike<number>,
  clusters: readonly ClusterId[],
  correction: ClusterCorrection = "CR1",
): number | null {
  const independent = standardError(values);
  const clustered = clusteredStandardError(values, clusters, correction);
  if (independent === null || clustered === null || independent === 0) return null;
  return (clustered / independent) ** 2;
}
