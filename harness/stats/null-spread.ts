import { normalCdf } from "./distributions.ts";

/** What lies further out than this adds less than 1e-14 to the range of any number of prompts we meet. */
const REACH = 9;
const STEPS = 2000;

/**
 * The expected range of k independent standard normal numbers (d₂ in quality control): 1.128 for 2, 3.078 for 10.
 *
 * @param count a whole number from 1
 * @see Tippett 1925: ∫ 1 − Φ(x)^k − (1 − Φ(x))^k dx.
 */
export function expectedRange(count: number): number {
  if (!Number.isInteger(count) || count < 1) throw new RangeError(`A range is of 1 or more numbers, not ${count}.`);
  const width = (2 * REACH) / STEPS;
  let total = 0;
  // The integrand vanishes with all its derivatives at both ends: there the trapezoidal rule is exact to rounding.
  for (let step = 1; step < STEPS; step++) {
    const below = normalCdf(-REACH + step * width);
    total += 1 - below ** count - (1 - below) ** count;
  }
  return total * width;
}

/** Prompts that are equally good, asked on the same items. */
export interface EqualPrompts {
  prompts: number;
  items: number;
  /** Variance of one answer about its item and prompt: `residual` of `crossedComponents`, or `residualVariance`. */
  residualVariance: number;
}

/**
 * The spread (best minus worst) that prompts show by chance alone, though all are equally good. A spread is evidence
 * only as far as it is larger than this.
 */
export function nullSpread({ prompts, items, residualVariance: variance }: EqualPrompts): number {
  return expectedRange(prompts) * Math.sqrt(variance / items);
}

/** Residual variance of right/wrong scores: p(1 − p)(1 − ρ), with ρ the correlation of two prompts on the same item. */
export function residualVariance(proportion: number, correlation: number): number {
  return proportion * (1 - proportion) * (1 - correlation);
}
