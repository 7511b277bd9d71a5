import type { Score } from "../contracts/index.ts";
import type { Metric } from "../score/index.ts";
import { bootstrapReplicates, percentileInterval } from "../stats/index.ts";

/** Enough for an interval's third decimal; the statistic is computed anew for each. */
const replicates = 1000;
const seed = 1234;

/**
 * Value, standard error and interval of a statistic over all samples together (F1, correlation), which is no mean of values:
 * by resampling samples with a fixed seed.
 */
export function togetherScore(
  statistic: NonNullable<Metric["together"]>,
  details: readonly (readonly number[])[],
): Pick<Score, "value" | "stderr" | "ci"> {
  const combine = (times: Uint32Array | null) => statistic.combine(details, times);
  const value = combine(null);
  if (value === null || details.length < 2) return { value, stderr: null, ci: null };
  const drawn = bootstrapReplicates(details.length, (counts) => combine(counts) ?? value, {
    seed,
    replicates,
  });
  const mean = drawn.reduce((sum, entry) => sum + entry, 0) / drawn.length;
  const variance = drawn.reduce((sum, entry) => sum + (entry - mean) ** 2, 0) / (drawn.length - 1);
  return { value, stderr: Math.sqrt(variance), ci: percentileInterval(drawn) };
}
