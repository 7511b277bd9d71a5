import { mean, sampleVariance, standardError } from "./mean.ts";

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
}

/**
 * Macro average: every stratum counts the same, however many rows it has. Empty strata are an error, not a zero.
 *
 * @returns `null` when there are no strata
 * @throws RangeError on an empty stratum
 */
export function macroMean(strata: readonly ArrayLike<number>[]): MacroMean | null {
  const means = strata.map((values, index) => {
    const value = mean(values);
    if (value === null) throw new RangeError(`Stratum ${index} has nothing scored: a macro mean needs all of them.`);
    return value;
  });
  const value = mean(means);
  if (value === null) return null;
  return {
    value,
    strata: strata.length,
    n: strata.reduce((total, values) => total + values.length, 0),
    stderr: fixedStrataError(strata),
    stderrOfSampledStrata: standardError(means),
  };
}

function fixedStrataError(strata: readonly ArrayLike<number>[]): number | null {
  let total = 0;
  for (const values of strata) {
    const variance = sampleVariance(values);
    if (variance === null) return null;
    total += variance / values.length;
  }
  return Math.sqrt(total) / strata.length;
}
