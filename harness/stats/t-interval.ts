import type { Interval } from "../contracts/index.ts";
import { assertLevel } from "./binomial-intervals.ts";
import { tQuantile } from "./distributions.ts";

/** An estimate with its standard error, and the degrees of freedom of that error. */
export interface Estimate {
  value: number;
  stderr: number;
  degreesOfFreedom: number;
}

/** How a t interval is made. */
export interface TIntervalOptions {
  /** @default 0.95 */
  level?: number;
  /** The values that are possible at all; the interval is cut there. `null` for no limits. @default null */
  bounds?: readonly [low: number, high: number] | null;
  /** The name the interval carries. @default "t" */
  method?: string;
}

/** value ± t(level, df) · stderr, cut at the bounds of what is possible. */
export function tInterval(estimate: Estimate, options: TIntervalOptions = {}): Interval {
  const { level = 0.95, bounds = null, method = "t" } = options;
  assertLevel(level);
  if (!(estimate.degreesOfFreedom > 0)) {
    throw new RangeError(`A t interval needs degrees of freedom above 0, not ${estimate.degreesOfFreedom}.`);
  }
  const half = tQuantile(0.5 + level / 2, estimate.degreesOfFreedom) * estimate.stderr;
  const [lowest, highest] = bounds ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return {
    low: Math.max(lowest, estimate.value - half),
    high: Math.min(highest, estimate.value + half),
    level,
    method,
  };
}
