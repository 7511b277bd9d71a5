import type { RunRecord } from "../contracts/index.ts";

/** One entry of `run --json`: what a script needs of a run, by names that stay. */
export function runJson(record: RunRecord, path: string): unknown {
  return {
    runId: record.runId,
    task: record.task,
    protocol: record.protocol,
    model: record.model,
    path,
    partial: record.partial,
    setupHash: record.setup.identityHash,
    comparabilityHash: record.setup.comparabilityHash,
    counts: record.counts,
    scores: record.scores.map(({ metric, filter, group, value, unit, n, stderr, ci }) => ({
      metric,
      filter,
      group,
      value,
      unit,
      n,
      stderr,
      ci,
    })),
    usage: record.usage,
    cost: record.cost,
    latency: record.latency,
  };
}
