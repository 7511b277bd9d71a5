import type { Interval } from "../contracts/index.ts";
import { wilson } from "./binomial-intervals.ts";

/** The range a score can have. */
export type Bounds = readonly [low: number, high: number];

/** [0, 1] when every value lies in it, else no limits. */
export function unitBounds(values: ArrayLike<number>): Bounds | null {
  for (let index = 0; index < values.length; index++) {
    if (values[index]! < 0 || values[index]! > 1) return null;
  }
  return [0, 1];
}

/** Whether a standard error is nothing but the rounding of numbers of this size: three times 0.1 is not quite 0.3. */
export function isRounding(stderr: number, size: number): boolean {
  return stderr <= Math.abs(size) * 1e-12;
}

/**
 * The interval of a mean over units that show no spread: Wilson's, scaled to the bounds. A mean within bounds varies
 * most when its values are at the ends, as right/wrong scores are, so it is never too narrow.
 *
 * @param scored the mean, and how many independent units (may be a fraction) stand behind it
 * @returns `null` without bounds: then nothing can be said
 */
export function withoutSpread(
  scored: { value: number; units: number },
  bounds: Bounds | null,
  level: number,
): Interval | null {
  if (bounds === null) return null;
  const [low, high] = bounds;
  const share = Math.min(1, Math.max(0, (scored.value - low) / (high - low)));
  const interval = wilson(share * scored.units, scored.units, level);
  const scale = (at: number) => low + at * (high - low);
  return { low: scale(interval.low), high: scale(interval.high), level, method: "wilson-units" };
}
