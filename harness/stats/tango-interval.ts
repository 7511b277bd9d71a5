import type { Interval } from "../contracts/index.ts";
import { assertLevel } from "./binomial-intervals.ts";
import { normalQuantile } from "./distributions.ts";
import { type TwoByTwo, tableSize } from "./two-by-two.ts";

/** Halvings of an interval at most 2 wide: ends are right to about 1e-15. */
const HALVINGS = 52;

/**
 * Tango's score interval for the difference of two paired proportions (first minus second). Unlike the t interval it
 * behaves with few disagreements, and has width even with none.
 *
 * @default level 0.95
 * @returns `null` for an empty table
 * @see Tango 1998, Statistics in Medicine 17:891.
 */
export function tangoInterval(table: TwoByTwo, level = 0.95): Interval | null {
  assertLevel(level);
  const n = tableSize(table);
  if (n === 0) return null;
  const z = normalQuantile(0.5 + level / 2);
  const difference = (table.onlyFirst - table.onlySecond) / n;
  const score = (delta: number) => scoreStatistic(table, n, delta);
  return {
    low: difference === -1 ? -1 : crossing((delta) => score(delta) > z, -1, difference),
    high: difference === 1 ? 1 : crossing((delta) => score(delta) > -z, difference, 1),
    level,
    method: "tango",
  };
}

/** How many standard errors, under the hypothesis that the true difference is `delta`, the seen one lies above it. */
function scoreStatistic({ onlyFirst: b, onlySecond: c }: TwoByTwo, n: number, delta: number): number {
  const linear = -b - c + (2 * n - b + c) * delta;
  const constant = -c * delta * (1 - delta);
  const root = Math.sqrt(Math.max(0, linear * linear - 8 * n * constant));
  const onlySecond = (root - linear) / (4 * n);
  const variance = n * (2 * onlySecond + delta * (1 - delta));
  const distance = b - c - n * delta;
  if (variance <= 0) return distance === 0 ? 0 : Math.sign(distance) * Number.POSITIVE_INFINITY;
  return distance / Math.sqrt(variance);
}

/** Where `holds` turns from true (towards `low`) to false (towards `high`). */
function crossing(holds: (delta: number) => boolean, low: number, high: number): number {
  let [left, right] = [low, high];
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (left + right) / 2;
    if (holds(middle)) left = middle;
    else right = middle;
  }
  return (left + right) / 2;
}
