import type { RunRecord } from "@assay/harness/contracts";
import { mean } from "@assay/harness/stats";
import { middle } from "./middle.ts";
import { primaryScore } from "./primary-score.ts";
import type { Readings } from "./schemas.ts";

type RunReadings = Readings["runs"][number];

/**
 * What several extraction pipelines read in the same responses, so that what a score owes to the reading stands apart from
 * what it owes to the setup.
 *
 * @param records complete runs whose primary scores are of one metric and unit
 * @returns `null` where no run was read by more than one pipeline
 */
export function readingsOf(records: readonly RunRecord[]): Readings | null {
  const read = records.map(readingsOfRun).filter(({ scores }) => scores.length > 1);
  const [first] = read;
  if (!first) return null;
  const pipelines = [...new Set(read.flatMap(({ scores }) => scores.map(({ pipeline }) => pipeline)))];
  return {
    unit: primaryScore(records[0]!)?.unit ?? "proportion",
    pipelines,
    runs: read,
    extraction: middle(read.map(({ scores }) => spread(scores.map(({ value }) => value)))),
    format: pipelines.map((pipeline) => ({ pipeline, ...formatSpread(read, pipeline) })),
  };
}

function readingsOfRun(record: RunRecord): RunReadings {
  const primary = primaryScore(record);
  const alike = record.scores.filter(
    ({ metric, group, unit }) => metric === primary?.metric && group === primary.group && unit === primary.unit,
  );
  return {
    run: record.runId,
    model: record.model,
    setup: record.setup.comparabilityHash,
    scores: [...alike]
      .sort((a, b) => Number(b === primary) - Number(a === primary))
      .flatMap(({ filter, value, stderr, unparsed, n }) =>
        value === null ? [] : [{ pipeline: filter, value, stderr, unparsed: n === 0 ? 0 : unparsed / n }],
      ),
  };
}

/** Several runs of a model in one setup enter it with their mean. */
function formatSpread(read: readonly RunReadings[], pipeline: string): { models: number; spread: number | null } {
  const spreads = [...Map.groupBy(read, ({ model }) => model).values()].flatMap((runs) => {
    const setups = [...Map.groupBy(runs, ({ setup }) => setup).values()].flatMap(
      (same) =>
        mean(same.flatMap(({ scores }) => scores.find((score) => score.pipeline === pipeline)?.value ?? [])) ?? [],
    );
    return setups.length < 2 ? [] : [spread(setups)];
  });
  return { models: spreads.length, spread: spreads.length === 0 ? null : middle(spreads) };
}

function spread(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}
