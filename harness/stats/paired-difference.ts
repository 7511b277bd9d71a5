import type { Interval } from "../contracts/index.ts";
import { clusteredStandardError } from "./clustered-error.ts";
import { type ClusterId, clusterIndexes } from "./clusters.ts";
import { assertFinite, mean, sampleVariance, standardError } from "./mean.ts";
import { isRounding } from "./no-spread.ts";
import { isBinary } from "./score-interval.ts";
import { tInterval } from "./t-interval.ts";
import { tangoInterval } from "./tango-interval.ts";
import { twoByTwo } from "./two-by-two.ts";

/** First minus second, over the same rows. */
export interface PairedDifference {
  difference: number;
  n: number;
  /** Clusters among the rows; equals `n` where rows are independent. */
  units: number;
  /** Of the difference, paired (and clustered); `null` with one unit. */
  stderr: number | null;
  /** What it would be had the two met different rows: the gap between the two is what pairing buys. */
  stderrUnpaired: number | null;
  /** Between the two models' scores on the same row; `null` where one of them is constant. */
  correlation: number | null;
  ci: Interval | null;
}

/** How two models' rows are compared. */
export interface PairedOptions {
  /** One id a row; rows of one id are not independent. */
  clusters?: readonly ClusterId[];
  /** @default 0.95 */
  level?: number;
}

/**
 * The mean difference of two models over common rows. Right/wrong rows that are independent get Tango's interval,
 * others a paired t interval (cluster-robust with clusters).
 *
 * @param first scores of one model, row by row
 * @param second scores of the other on the same rows in the same order
 * @returns `null` without common rows
 * @throws RangeError on unequal lengths or values that are no finite numbers
 * @see Miller, arXiv 2411.00640, section 4.
 */
export function pairedDifference(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  options: PairedOptions = {},
): PairedDifference | null {
  const differences = pairedDifferences(first, second);
  const difference = mean(differences);
  if (difference === null) return null;
  const { level = 0.95 } = options;
  const n = differences.length;
  const units = options.clusters === undefined ? n : clusterIndexes(options.clusters).count;
  const clusters = units < n ? options.clusters : undefined;
  const error = errorOf(differences, clusters);
  const size = Math.abs(mean(first) ?? 0) + Math.abs(mean(second) ?? 0);
  const stderr = error !== null && isRounding(error, size) ? 0 : error;
  const [errorFirst, errorSecond] = [errorOf(first, clusters), errorOf(second, clusters)];
  return {
    difference,
    n,
    units,
    stderr,
    stderrUnpaired: errorFirst === null || errorSecond === null ? null : Math.hypot(errorFirst, errorSecond),
    correlation: correlation(first, second, differences),
    ci:
      clusters === undefined && isBinary(first) && isBinary(second)
        ? tangoInterval(twoByTwo(first, second), level)
        : spreadInterval({ difference, stderr, units, clustered: clusters !== undefined }, level),
  };
}

/**
 * First minus second, row by row.
 *
 * @throws RangeError on unequal lengths or values that are no finite numbers
 */
export function pairedDifferences(first: ArrayLike<number>, second: ArrayLike<number>): Float64Array {
  if (first.length !== second.length) {
    throw new RangeError(`Paired scores need the same rows, but there are ${first.length} and ${second.length}.`);
  }
  assertFinite(first, "Scores");
  assertFinite(second, "Scores");
  return Float64Array.from({ length: first.length }, (_, row) => first[row]! - second[row]!);
}

function spreadInterval(
  seen: { difference: number; stderr: number | null; units: number; clustered: boolean },
  level: number,
): Interval | null {
  const { difference, stderr, units, clustered } = seen;
  if (stderr !== null && stderr > 0) {
    const method = clustered ? "paired-cluster-t" : "paired-t";
    return tInterval({ value: difference, stderr, degreesOfFreedom: units - 1 }, { level, method });
  }
  // No spread at all is no certainty: units that all agree, or all disagree the same way, are a table of one cell.
  if (difference !== 0 && Math.abs(difference) !== 1) return null;
  const table = { bothRight: 0, onlyFirst: 0, onlySecond: 0, bothWrong: 0 };
  table[difference === 0 ? "bothRight" : difference > 0 ? "onlyFirst" : "onlySecond"] = units;
  const interval = tangoInterval(table, level);
  return interval === null ? null : { ...interval, method: "tango-units" };
}

function errorOf(values: ArrayLike<number>, clusters: readonly ClusterId[] | undefined): number | null {
  return clusters === undefined ? standardError(values) : clusteredStandardError(values, clusters);
}

/** From Var(a − b) = Var(a) + Var(b) − 2·Cov(a, b). */
function correlation(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  differences: ArrayLike<number>,
): number | null {
  const [a, b, d] = [sampleVariance(first), sampleVariance(second), sampleVariance(differences)];
  if (a === null || b === null || d === null || a === 0 || b === 0) return null;
  return (a + b - d) / (2 * Math.sqrt(a * b));
}
