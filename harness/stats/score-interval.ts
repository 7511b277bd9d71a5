import type { Interval } from "../contracts/index.ts";
import { wilson } from "./binomial-intervals.ts";
import { bootstrapMean } from "./bootstrap.ts";
import { clusteredStandardError } from "./clustered-error.ts";
import { type ClusterId, clusterIndexes } from "./clusters.ts";
import { assertFinite, mean, standardError, sum } from "./mean.ts";
import { isRounding, unitBounds, withoutSpread } from "./no-spread.ts";
import { tInterval } from "./t-interval.ts";

/** A mean with how sure we are of it. */
export interface ScoredMean {
  value: number;
  /** Rows in the denominator. */
  n: number;
  /** Clusters among them; equals `n` where rows are independent. */
  units: number;
  /** `null`: one unit says nothing about its own spread. */
  stderr: number | null;
  /** `null`: no interval can be given. */
  ci: Interval | null;
}

/** What the interval has to know about the rows. */
export interface ScoreIntervalOptions {
  /** One id a row; rows of one id are not independent (epochs of an item, questions on one passage). */
  clusters?: readonly ClusterId[];
  /** @default 0.95 */
  level?: number;
  /**
   * The range a row can have; intervals are cut there. `null` for no limits.
   * @default [0, 1] when every value lies in it, else no limits
   */
  bounds?: readonly [low: number, high: number] | null;
  /** `bootstrap` resamples clusters (BCa), for skewed values with few units. @default "auto" */
  method?: "auto" | "bootstrap";
  /** Needed by `bootstrap` only. */
  seed?: number;
}

/**
 * The one place that decides how sure a score is:
 * right/wrong rows that are independent get Wilson's interval; clustered rows a cluster-robust t interval (CR1, G − 1
 * degrees of freedom); other values a t interval. Where the rows show no spread at all, a t interval would claim
 * certainty, so values between 0 and 1 get Wilson's interval over the units instead, which is never too narrow for them.
 *
 * @returns `null` when nothing was scored
 * @throws RangeError on values that are no finite numbers, or `bootstrap` without a seed
 * @example scoreInterval([1, 0, 1, 1], { clusters: ["a", "a", "b", "b"] })
 */
export function scoreInterval(values: ArrayLike<number>, options: ScoreIntervalOptions = {}): ScoredMean | null {
  assertFinite(values, "Scores");
  const value = mean(values);
  if (value === null) return null;
  const { level = 0.95, method = "auto" } = options;
  const n = values.length;
  const units = options.clusters === undefined ? n : clusterIndexes(options.clusters).count;
  const clusters = units < n ? options.clusters : undefined;
  const stderr = clusters === undefined ? standardError(values) : clusteredStandardError(values, clusters);
  const bounds = options.bounds === undefined ? unitBounds(values) : options.bounds;
  const scored = { value, n, units, stderr };
  if (clusters === undefined && isBinary(values)) return { ...scored, ci: wilson(sum(values), n, level) };
  if (stderr === null) return { ...scored, ci: withoutSpread(scored, bounds, level) };
  if (isRounding(stderr, value)) return { ...scored, stderr: 0, ci: withoutSpread(scored, bounds, level) };
  if (method === "bootstrap") return { ...scored, ...bootstrapped(values, clusters, options) };
  const name = clusters === undefined ? "t" : "cluster-t";
  const ci = tInterval({ value, stderr, degreesOfFreedom: units - 1 }, { level, bounds, method: name });
  return { ...scored, ci };
}

/** Whether every value is 0 or 1. */
export function isBinary(values: ArrayLike<number>): boolean {
  for (let index = 0; index < values.length; index++) {
    if (values[index] !== 0 && values[index] !== 1) return false;
  }
  return true;
}

function bootstrapped(
  values: ArrayLike<number>,
  clusters: readonly ClusterId[] | undefined,
  options: ScoreIntervalOptions,
): { stderr: number | null; ci: Interval | null } {
  if (options.seed === undefined) throw new RangeError("A bootstrap interval needs a seed.");
  const result = bootstrapMean(values, {
    seed: options.seed,
    ...(clusters === undefined ? {} : { clusters }),
    ...(options.level === undefined ? {} : { level: options.level }),
  });
  return { stderr: result?.stderr ?? null, ci: result?.ci ?? null };
}
