import type { RunRecord } from "@assay/harness/contracts";
import type { ContaminationFlag } from "./declared-schemas.ts";
import { readingsOf } from "./readings.ts";
import type { Cell, Column, TaskEntry } from "./schemas.ts";
import { measuredAlike, setupNoiseOf } from "./setup-noise.ts";

/** Every task that a record names, with what its columns say about it. */
export function tasksOf(
  records: readonly RunRecord[],
  columns: readonly Column[],
  flags: readonly ContaminationFlag[],
): TaskEntry[] {
  const byTask = Map.groupBy(records, (record) => record.task);
  const flagsByTask = Map.groupBy(flags, (flag) => flag.task);
  const columnsByTask = Map.groupBy(columns, (column) => column.task);
  return [...byTask]
    .map(([id, runs]) => ({
      ...taskOf(id, runs, columnsByTask.get(id) ?? []),
      contamination: flagsByTask.get(id) ?? [],
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function taskOf(id: string, runs: readonly RunRecord[], columns: readonly Column[]): Omit<TaskEntry, "contamination"> {
  const latest = [...runs].sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1)).at(-1);
  if (!latest) throw new Error(`task ${id} has no run`);
  const { card, title } = latest.setup.task;
  const ceiling = card.labelErrors ? 1 - card.labelErrors.rate : null;
  const best = bestOf(columns);
  return {
    id,
    title,
    card,
    columns: columns.map((column) => column.id),
    partial: runs.filter((run) => run.partial).map((run) => run.runId),
    ceiling,
    best: best?.value ?? null,
    headroom: ceiling === null || best?.value == null ? null : ceiling - best.value,
    saturated: isSaturated(card, columns),
    setupNoise: setupNoiseOf(runs, columns),
    readings: readingsIn(runs, columns),
  };
}

function readingsIn(runs: readonly RunRecord[], columns: readonly Column[]): TaskEntry["readings"] {
  const byId = new Map(runs.map((run) => [run.runId, run]));
  return measuredAlike(runs, columns).flatMap((members) => {
    const cells = members.flatMap((column) => column.cells);
    return readingsOf(cells.flatMap((cell) => byId.get(cell.run) ?? [])) ?? [];
  });
}

/** Does the interval of the best score reach the ceiling that a task's known rate of wrong labels sets? */
export function isSaturated(card: TaskEntry["card"], columns: readonly Column[]): boolean {
  const high = bestOf(columns)?.high;
  return card.labelErrors !== undefined && high != null && high >= 1 - card.labelErrors.rate;
}

function bestOf(columns: readonly Column[]): Cell | null {
  const cells = proportionsAmong(columns)
    .flatMap((column) => column.cells)
    .filter((cell) => cell.value !== null);
  return cells.reduce<Cell | null>((top, cell) => ((cell.value ?? 0) > (top?.value ?? -1) ? cell : top), null);
}

function proportionsAmong(columns: readonly Column[]): Column[] {
  return columns.filter((column) => column.unit === "proportion" && !column.lowerIsBetter);
}
