import { normalCdf } from "./distributions.ts";

/**
 * Two one-sided tests: the p-value against "the true difference is at least `margin`, one way or the other".
 * A small p says: the two are equivalent within the margin.
 *
 * @param margin above 0, in the unit of the difference
 * @see Schuirmann 1987.
 */
export function equivalenceP(difference: number, stderr: number, margin: number): number {
  if (!(margin > 0) || !(stderr > 0)) throw new RangeError("Equivalence needs a margin and a standard error above 0.");
  return Math.max(normalCdf(-(difference + margin) / stderr), normalCdf((difference - margin) / stderr));
}
