/**
 * How many decimals a number deserves: as many as show one significant digit of its standard error.
 * 72.4 ± 1.2 is shown as 72, 0.7241 ± 0.012 as 0.72.
 *
 * @param stderr in the unit the number is shown in; `null` or 0 when unknown or none
 * @param unknown decimals to show without a standard error. @default 1
 * @returns a whole number from 0 to 10
 */
export function decimalsFor(stderr: number | null, unknown = 1): number {
  if (stderr === null || !(stderr > 0) || !Number.isFinite(stderr)) return unknown;
  // Rounded first: 0.0096 is 0.01 to one digit, and 0.01 needs two decimals, not three.
  const exponent = Number(stderr.toExponential(0).split("e")[1]);
  return Math.min(10, Math.max(0, -exponent));
}
