import type { Interval } from "../contracts/index.ts";
import { betaQuantile, normalQuantile } from "./distributions.ts";

/**
 * Wilson's score interval for a proportion: what we show for right/wrong scores.
 *
 * @param successes may be a fraction (a sum of scores between 0 and 1)
 * @default level 0.95
 * @see Wilson 1927; Newcombe 1998, Statistics in Medicine 17:857.
 */
export function wilson(successes: number, n: number, level = 0.95): Interval {
  assertCounts(successes, n, level);
  const z = normalQuantile(0.5 + level / 2);
  const p = successes / n;
  const scale = 1 + (z * z) / n;
  const center = (p + (z * z) / (2 * n)) / scale;
  const half = (z / scale) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return {
    low: successes === 0 ? 0 : Math.max(0, center - half),
    high: successes === n ? 1 : Math.min(1, center + half),
    level,
    method: "wilson",
  };
}

/**
 * Clopper and Pearson's interval: covers at least at its level for every true proportion, at the price of width.
 *
 * @default level 0.95
 */
export function clopperPearson(successes: number, n: number, level = 0.95): Interval {
  assertCounts(successes, n, level);
  const tail = (1 - level) / 2;
  return {
    low: successes === 0 ? 0 : betaQuantile(tail, successes, n - successes + 1),
    high: successes === n ? 1 : betaQuantile(1 - tail, successes + 1, n - successes),
    level,
    method: "clopper-pearson",
  };
}

/**
 * Equal-tailed Jeffreys interval, Beta(k + ½, n − k + ½), with ends 0 and 1 at k = 0 and k = n.
 *
 * @default level 0.95
 * @see Brown, Cai & DasGupta 2001, Statistical Science 16:101.
 */
export function jeffreys(successes: number, n: number, level = 0.95): Interval {
  assertCounts(successes, n, level);
  const tail = (1 - level) / 2;
  const [a, b] = [successes + 0.5, n - successes + 0.5];
  return {
    low: successes === 0 ? 0 : betaQuantile(tail, a, b),
    high: successes === n ? 1 : betaQuantile(1 - tail, a, b),
    level,
    method: "jeffreys",
  };
}

/**
 * Equal-tailed Bayesian interval under a uniform prior, Beta(k + 1, n − k + 1): the one to print beside Wilson for n < 300.
 *
 * @default level 0.95
 * @see Bowyer, Aitchison & Ivanova, arXiv 2503.01747.
 */
export function betaInterval(successes: number, n: number, level = 0.95): Interval {
  assertCounts(successes, n, level);
  const tail = (1 - level) / 2;
  const [a, b] = [successes + 1, n - successes + 1];
  return { low: betaQuantile(tail, a, b), high: betaQuantile(1 - tail, a, b), level, method: "beta-uniform" };
}

function assertCounts(successes: number, n: number, level: number): void {
  if (!(n > 0) || !(successes >= 0) || !(successes <= n)) {
    throw new RangeError(`A proportion needs 0 <= successes <= n and n > 0, not ${successes} of ${n}.`);
  }
  assertLevel(level);
}

/** Throws unless 0 < level < 1. */
export function assertLevel(level: number): void {
  if (!(level > 0 && level < 1)) throw new RangeError(`A confidence level lies between 0 and 1, not at ${level}.`);
}
