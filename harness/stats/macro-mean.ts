import type { Interval } from "../contracts/index.ts";
import { mean, sampleVariance, standardError } from "./mean.ts";
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

/**
 * Macro average: every stratum counts the same, however many rows it has. Rows are independent: average the epochs of
 * an item first. Empty strata are an error, not a zero.
 *
 * @default level 0.95
 * @returns `null` when there are no strata
 * @throws RangeError on an empty stratum
 * @see Satterthwaite 1946 for the degrees of freedom of a sum of variances.
 */
export function macroMean(strata: readonly ArrayLike<number>[], level = 0.95): MacroMean | null {
  const means = strata.map((values, index) => {
    const value = mean(values);
    if (value === null) throw new RangeError(`Stratum ${index} has nothing scored: a macro mean needs all of them.`);
    return value;
  });
  const value = mean(means);
  if (value === null) return null;
  const error = fixedStrataError(strata);
  const spread = error !== null && !isRounding(error.stderr, value);
  const bounds = strata.every((values) => unitBounds(values) !== null) ? ([0, 1] as const) : null;
  // So many rows, equally spread over strata, would give the macro mean the same variance.
  const units = strata.length ** 2 / strata.reduce((total, values) => total + 1 / values.length, 0);
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

function fixedStrataError(strata: readonly ArrayLike<number>[]): { stderr: number; degreesOfFreedom: number } | null {
  let [total, scale] = [0, 0];
  for (const values of strata) {
    const variance = sampleVariance(values);
    if (variance === null) return null;
    const part = variance / values.length;
    total += part;
    scale += part ** 2 / (values.length - 1);
  }
  return { stderr: Math.sqrt(total) / strata.length, degreesOfFreedom: total ** 2 / scale };
}
