import type { Interval } from "../contracts/index.ts";
import { clusteredStandardError } from "./clustered-error.ts";
import { type ClusterId, clusterIndexes } from "./clusters.ts";
import { assertFinite, mean, standardError } from "./mean.ts";
import { isRounding, unitBounds, withoutSpread } from "./no-spread.ts";
import { tInterval } from "./t-interval.ts";

/** The mean of the strata's means. */
export interface MacroMean {
  value: number;
  /** How many strata. */
  strata: number;
  /** Rows over all strata. */
  n: number;
  /** With the strata fixed ("these subjects"); `null` when a stratum has a single row. */
  stderr: number | null;
  /** With the strata themselves a sample ("subjects like these"); `null` for a single stratum. */
  stderrOfSampledStrata: number | null;
  /** With the strata fixed. */
  ci: Interval | null;
}

/** How the rows of the strata hang together, and how sure the interval is to be. */
export interface MacroMeanOptions {
  /** For each stratum one id a row; rows of one id are not independent (epochs of an item, questions on one passage). */
  clusters?: readonly (readonly ClusterId[])[];
  /** @default 0.95 */
  level?: number;
}

/**
 * Macro average: every stratum counts the same, however many rows it has. Empty strata are an error, not a zero.
 *
 * @returns `null` when there are no strata
 * @throws RangeError on an empty stratum
 * @see Satterthwaite 1946 for the degrees of freedom of a sum of variances.
 */
export function macroMean(
  strata: readonly ArrayLike<number>[],
  { clusters, level = 0.95 }: MacroMeanOptions = {},
): MacroMean | null {
  const means = strata.map((values, index) => {
    assertFinite(values, `Scores of stratum ${index}`);
    const value = mean(values);
    if (value === null) throw new RangeError(`Stratum ${index} has nothing scored: a macro mean needs all of them.`);
    return value;
  });
  const value = mean(means);
  if (value === null) return null;
  const error = fixedStrataError(strata, clusters);
  const spread = error !== null && !isRounding(error.stderr, value);
  const bounds = strata.every((values) => unitBounds(values) !== null) ? ([0, 1] as const) : null;
  const unitsOf = (values: ArrayLike<number>, index: number) => {
    const ids = clusters?.[index];
    return ids ? clusterIndexes(ids).count : values.length;
  };
  // So many rows, equally spread over strata, would give the macro mean the same variance.
  const units = strata.length ** 2 / strata.reduce((total, values, index) => total + 1 / unitsOf(values, index), 0);
  return {
    value,
    strata: strata.length,
    n: strata.reduce((total, values) => total + values.length, 0),
    stderr: error === null ? null : spread ? error.stderr : 0,
    stderrOfSampledStrata: standardError(means),
    ci: spread
      ? tInterval({ value, ...error }, { level, bounds, method: "macro-t" })
      : withoutSpread({ value, units }, error === null ? null : bounds, level),
  };
}

function fixedStrataError(
  strata: readonly ArrayLike<number>[],
  clusters: MacroMeanOptions["clusters"],
): { stderr: number; degreesOfFreedom: number } | null {
  let [total, scale] = [0, 0];
  for (const [index, values] of strata.entries()) {
    const ids = clusters?.[index];
    const stderr = ids ? clusteredStandardError(values, ids) : standardError(values);
    if (stderr === null) return null;
    total += stderr ** 2;
    scale += stderr ** 4 / ((ids ? clusterIndexes(ids).count : values.length) - 1);
  }
  return { stderr: Math.sqrt(total) / strata.length, degreesOfFreedom: total ** 2 / scale };
}
