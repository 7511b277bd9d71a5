/** The arithmetic mean; `null` when there is nothing to average. */
export function mean(values: ArrayLike<number>): number | null {
  return values.length === 0 ? null : sum(values) / values.length;
}

/** The sum of all values. */
export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < values.length; index++) total += values[index]!;
  return total;
}

/** Σ (value − center)². */
export function squaredDeviations(values: ArrayLike<number>, center: number): number {
  let total = 0;
  for (let index = 0; index < values.length; index++) total += (values[index]! - center) ** 2;
  return total;
}

/** The sample variance (divided by n − 1); `null` below two values. */
export function sampleVariance(values: ArrayLike<number>): number | null {
  const center = mean(values);
  if (center === null || values.length < 2) return null;
  return squaredDeviations(values, center) / (values.length - 1);
}

/**
 * The central-limit standard error of the mean, s/√n with Bessel's n − 1; `null` below two values.
 *
 * @see Miller, "Adding Error Bars to Evals" (arXiv 2411.00640); lm-evaluation-harness `mean_stderr`.
 */
export function standardError(values: ArrayLike<number>): number | null {
  const variance = sampleVariance(values);
  return variance === null ? null : Math.sqrt(variance / values.length);
}

/** Throws unless every value is a finite number. */
export function assertFinite(values: ArrayLike<number>, what: string): void {
  for (let index = 0; index < values.length; index++) {
    if (!Number.isFinite(values[index])) {
      throw new RangeError(`${what} must be finite numbers, but number ${index} is ${values[index]}.`);
    }
  }
}
