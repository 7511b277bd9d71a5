import { normalQuantile } from "./distributions.ts";

/** What a comparison is planned for. */
export interface PowerOptions {
  /** Variance of one item's difference between the two models; see the functions below. */
  variance: number;
  /** Confidence level of the two-sided comparison. @default 0.95 */
  level?: number;
  /** Chance to see a difference that is there. @default 0.8 */
  power?: number;
}

/**
 * How many items it takes to see a difference of `delta`; not rounded up.
 *
 * @param delta above 0, in the score's unit
 * @see Miller, arXiv 2411.00640, section 5.
 */
export function requiredItems(delta: number, options: PowerOptions): number {
  if (!(delta > 0)) throw new RangeError(`A difference to look for is above 0, not ${delta}.`);
  return (detectionFactor(options) ** 2 * options.variance) / delta ** 2;
}

/** The smallest difference that `items` items can be expected to show, in the score's unit. */
export function minimumDetectableDifference(items: number, options: PowerOptions): number {
  if (!(items > 0)) throw new RangeError(`A benchmark has more than ${items} items.`);
  return detectionFactor(options) * Math.sqrt(options.variance / items);
}

/** Variance of the difference of two models that are right on `proportion` of the items, on different items each. */
export function unpairedVariance(proportion: number): number {
  return 2 * proportion * (1 - proportion);
}

/** Variance of the paired difference of right/wrong scores that disagree on a share of the items, `difference` apart. */
export function pairedVariance(discordance: number, difference = 0): number {
  return discordance - difference ** 2;
}

/**
 * Variance of the paired difference when each model answers each item several times.
 *
 * @param between variance over items of the difference of the models' true scores
 * @param within for each model, the mean variance of a single answer about the item's true score, and the epochs
 */
export function resampledVariance(between: number, within: readonly { variance: number; epochs: number }[]): number {
  return within.reduce((total, { variance, epochs }) => total + variance / epochs, between);
}

function detectionFactor({ level = 0.95, power = 0.8 }: PowerOptions): number {
  return normalQuantile(0.5 + level / 2) + normalQuantile(power);
}
