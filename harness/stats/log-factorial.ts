const TABLE_SIZE = 64;
const table = new Float64Array(TABLE_SIZE);
for (let n = 2; n < TABLE_SIZE; n++) table[n] = table[n - 1]! + Math.log(n);

/**
 * ln n! for a whole n ≥ 0; relative error about 1e-15.
 *
 * @see Stirling's series, Abramowitz & Stegun 6.1.41, beyond the table.
 */
export function logFactorial(n: number): number {
  if (n < TABLE_SIZE) return table[n]!;
  const inverse = 1 / n;
  const series = inverse * (1 / 12 - inverse * inverse * (1 / 360 - (inverse * inverse) / 1260));
  return (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + series;
}

/** ln C(n, k); minus infinity where there is no way to choose (k < 0 or k > n). */
export function logBinomial(n: number, k: number): number {
  if (k < 0 || k > n) return Number.NEGATIVE_INFINITY;
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}
