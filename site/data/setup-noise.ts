import type { RunRecord } from "@assay/harness/contracts";
import { mean, sampleVariance } from "@assay/harness/stats";
import { middle } from "./middle.ts";
import type { Column, TaskEntry } from "./schemas.ts";

type SetupNoise = TaskEntry["setupNoise"][number];

/** Setups of a model that it takes before its scores say how far a setup moves them. */
const fewestSetups = 3;

/**
 * How far one model's score moves between setups of a task. Only scores on the same data, in the same metric and unit are
 * set against each other; a model with several runs in one setup enters that setup with their mean.
 *
 * @param runs complete and partial runs of the task
 */
export function setupNoiseOf(runs: readonly RunRecord[], columns: readonly Column[]): SetupNoise[] {
  return measuredAlike(runs, columns).flatMap((members) => noiseAmong(members) ?? []);
}

/** Columns of a task on the same data, in the same metric and unit, together. */
export function measuredAlike(runs: readonly RunRecord[], columns: readonly Column[]): Column[][] {
  const setups = new Map(runs.map(({ setup }) => [setup.comparabilityHash, setup]));
  const measured = Map.groupBy(columns, ({ setup, metric, unit, group }) => {
    const data = setups.get(setup)?.dataset;
    return JSON.stringify([data?.itemsSha256, data?.itemIdsSha256, metric, unit, group]);
  });
  return [...measured.values()];
}

/** Is the difference of two scores smaller than what another setup alone could make of it? */
export function withinSetupNoise(noise: SetupNoise | undefined, first: number | null, second: number | null): boolean {
  return noise !== undefined && first !== null && second !== null && Math.abs(first - second) < noise.range;
}

function noiseAmong(columns: readonly Column[]): SetupNoise | null {
  const [first] = columns;
  const names = [...new Set(columns.flatMap((column) => column.cells.map((cell) => cell.model)))].sort();
  const models = names.flatMap((model) => spreadOfModel(model, columns) ?? []);
  if (!first || models.length === 0) return null;
  return {
    metric: first.metric,
    unit: first.unit,
    columns: columns.map(({ id }) => id),
    models,
    range: middle(models.map(({ low, high }) => high - low)),
    sd: middle(models.map(({ sd }) => sd)),
  };
}

function spreadOfModel(model: string, columns: readonly Column[]): SetupNoise["models"][number] | null {
  const cells = columns.map((column) => column.cells.filter((cell) => cell.model === model && cell.value !== null));
  const values = cells.flatMap((own) => mean(own.map((cell) => cell.value ?? 0)) ?? []);
  if (values.length < fewestSetups) return null;
  const errors = cells.flat().flatMap((cell) => cell.stderr ?? []);
  return {
    model,
    setups: values.length,
    low: Math.min(...values),
    high: Math.max(...values),
    sd: Math.sqrt(sampleVariance(values) ?? 0),
    stderr: errors.length === 0 ? null : middle(errors),
  };
}
