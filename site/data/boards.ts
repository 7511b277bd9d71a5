import { outcomeKinds, type RunRecord } from "@assay/harness/contracts";
import { comparabilityDifferences, hashOf } from "@assay/harness/record";
import type { ItemScores } from "../samples/item-scores.ts";
import { meanOf, rankMeans } from "./board-mean.ts";
import { checkBoards, declaredColumns } from "./declared-columns.ts";
import type { Place } from "./equivalences.ts";
import type { Board, BoardCell, BoardRow, Cell, Column } from "./schemas.ts";
import type { BoardFile } from "./site-files.ts";
import { notScored } from "./table-values.ts";
import { isSaturated } from "./tasks.ts";

/** What boards are made from. */
export interface BoardSources {
  columns: readonly Column[];
  records: ReadonlyMap<string, RunRecord>;
  scores: ReadonlyMap<string, ItemScores | null>;
  flags: ReadonlyMap<string, string[]>;
  /** Setups that stand in another's column. */
  places: ReadonlyMap<string, Place>;
}

/** The boards as declared, or one made by rule: every task in the setup that most runs share. */
export function boardsOf(declared: readonly BoardFile[] | null, sources: BoardSources): Board[] {
  if (declared) {
    checkBoards(declared, sources);
    return declared.map((file) => boardOf(file, declaredColumns(file, sources), sources));
  }
  const columns = commonestColumns(sources.columns);
  if (columns.length === 0) return [];
  const telling = columns.flatMap((column, place) => (isSpent(column, sources.records) ? [] : [place]));
  const sameUnit = columns.every((column) => column.unit === columns[0]?.unit && !column.lowerIsBetter);
  const file: BoardFile = {
    id: "all",
    title: "All tasks",
    summary: "Every task, in the setup that most runs share.",
    tasks: [],
    aggregate: telling.length > 1 && sameUnit ? "mean" : "none",
  };
  return [{ ...boardOf(file, columns, sources, telling), declared: false }];
}

/** A column whose best score has reached its task's ceiling tells models apart no more. */
function isSpent(column: Column, records: BoardSources["records"]): boolean {
  const record = records.get(column.cells[0]?.run ?? "");
  return record !== undefined && isSaturated(record.setup.task.card, [column]);
}

function commonestColumns(columns: readonly Column[]): Column[] {
  const best = new Map<string, Column>();
  const weight = (column: Column) => column.cells.length * 1000 - column.overrides.length;
  for (const column of columns) {
    const known = best.get(column.task);
    if (!known || weight(column) > weight(known)) best.set(column.task, column);
  }
  return [...best.values()];
}

/** @param telling places of the columns that a mean is over: all of them where a publisher declared the board */
function boardOf(
  file: BoardFile,
  columns: Column[],
  sources: BoardSources,
  telling = columns.map((_, place) => place),
): Board {
  const averaged = file.aggregate === "mean" ? telling : [];
  const isAdmitted = (model: string) => file.models === undefined || file.models.includes(model);
  const subjects = new Map<string, Cell[][]>();
  columns.forEach((column, index) => {
    for (const cell of column.cells) {
      if (!isAdmitted(cell.model)) continue;
      const id = subjectOf(sources.records.get(cell.run));
      const cells = subjects.get(id) ?? columns.map(() => []);
      cells[index]?.push(cell);
      subjects.set(id, cells);
    }
  });
  const rows = [...subjects].map(([id, cells]) => rowOf({ id, cells, columns, averaged }, sources));
  nameVariants(rows, sources.records);
  const complete = rows.flatMap((row) =>
    row.mean ? [{ mean: row.mean, scores: scoresOf(row, averaged, sources) }] : [],
  );
  const level = columns[0]?.level ?? 0.95;
  const ranked = file.aggregate === "mean" ? rankMeans(complete, level) : null;
  const common = file.aggregate === "mean" ? addCommonMeans(rows, averaged, { ...sources, level }) : null;
  const single = columns.length === 1 ? columns[0] : undefined;
  return {
    id: file.id,
    title: file.title,
    summary: file.summary,
    declared: true,
    columns: columns.map(({ cells, ...column }) => column),
    aggregate: file.aggregate,
    averaged,
    common,
    level,
    rankMethod: single?.rankMethod ?? ranked?.method ?? null,
    separated: single ? single.separated : (ranked?.separated ?? null),
    rows: rows.sort((a, b) => compareRows(a, b, columns[0])),
    others: othersOf(columns, sources, isAdmitted),
  };
}

/** What makes two runs runs of one thing: the model and how it was served, not its seed or date. */
function subjectOf(record: RunRecord | undefined): string {
  if (!record) return "";
  return `${record.model} ${hashOf(record.setup.model).slice(0, 8)}`;
}

function rowOf(
  { id, cells, columns, averaged }: { id: string; cells: Cell[][]; columns: Column[]; averaged: readonly number[] },
  { records, flags }: BoardSources,
): BoardRow {
  const shown = cells.map((choices) => firstRun(choices, records));
  const runs = shown.flatMap((cell) => (cell ? [records.get(cell.run)].filter((run) => run !== undefined) : []));
  const model = runs[0]?.model ?? id;
  const boardCells = shown.map((cell, index) => {
    const column = columns[index];
    return cell && column ? cellOf(cell, cells[index] ?? [], column) : missingCell(model, columns[index], records);
  });
  const counted = averaged.flatMap((place) => boardCells[place] ?? []);
  const samples = runs.reduce((sum, run) => sum + Object.values(run.counts).reduce((a, b) => a + b, 0), 0);
  const sum = (pick: (run: RunRecord) => number | null) =>
    runs.some((run) => pick(run) === null) ? null : runs.reduce((total, run) => total + (pick(run) ?? 0), 0);
  const tokens = sum((run) => run.usage.output);
  const cost = sum((run) => run.cost.value);
  const latency = sum((run) => run.latency.total?.p50 ?? null);
  const counts = Object.fromEntries(
    outcomeKinds.map((kind) => [kind, runs.reduce((total, run) => total + run.counts[kind], 0)]),
  ) as BoardRow["counts"];
  return {
    id: hashOf(id).slice(0, 10),
    model,
    variant: null,
    cells: boardCells,
    mean: counted.length > 0 && counted.every((cell) => cell.value !== null) ? meanOf(counted) : null,
    common: null,
    n: boardCells.reduce((total, cell) => total + cell.n, 0),
    counts,
    notScored: notScored(counts),
    cost: {
      value: cost,
      currency: "USD",
      basis: cost === null ? "unknown" : [...new Set(runs.map((run) => run.cost.basis))].join("; "),
    },
    milliseconds: latency === null ? null : latency / runs.length,
    outputTokens: tokens === null || samples === 0 ? null : tokens / samples,
    date:
      runs
        .map((run) => run.finishedAt ?? run.startedAt)
        .sort()
        .at(-1) ?? "",
    flags: [...new Set(runs.flatMap((run) => flags.get(run.runId) ?? []))],
  };
}

/**
 * Of several runs of one model in one setup the earliest is shown, one of the column's own setup before one that is declared
 * equivalent: a rule that doesn't look at the scores.
 */
function firstRun(cells: readonly Cell[], records: BoardSources["records"]): Cell | undefined {
  const started = (cell: Cell) =>
    `${cell.equivalent.length === 0 ? 0 : 1} ${records.get(cell.run)?.startedAt} ${cell.run}`;
  return [...cells].sort((a, b) => (started(a) < started(b) ? -1 : 1))[0];
}

function cellOf(cell: Cell, all: readonly Cell[], column: Column): BoardCell {
  const values = all.flatMap((entry) => (entry.value === null ? [] : [entry.value])).sort((a, b) => a - b);
  const best = (column.lowerIsBetter ? values[0] : values.at(-1)) ?? 0;
  const { run, value, low, high, method, stderr, n, rank, equivalent } = cell;
  const variants =
    all.length > 1 ? { runs: all.length, best, median: values[Math.floor((values.length - 1) / 2)] ?? 0 } : null;
  return { run, missing: null, value, low, high, method, stderr, n, rank, variants, equivalent };
}

function missingCell(model: string, column: Column | undefined, records: BoardSources["records"]): BoardCell {
  const runs = [...records.values()].filter((record) => record.model === model && record.task === column?.task);
  const missing = runs.some((run) => !run.partial) ? "other_setup" : runs.length > 0 ? "partial" : "not_run";
  const none = { value: null, low: null, high: null, method: null, stderr: null };
  return { run: null, missing, ...none, n: 0, rank: null, variants: null, equivalent: [] };
}

function scoresOf(row: BoardRow, places: readonly number[], { scores }: BoardSources): (ItemScores | null)[] {
  return places.map((place) => scores.get(row.cells[place]?.run ?? "") ?? null);
}

/**
 * Where some rows lack a task: the mean over the tasks that every row has, with ranks of its own.
 *
 * @returns places of those columns; `null` where every row has every task, or no two are common
 */
function addCommonMeans(
  rows: readonly BoardRow[],
  averaged: readonly number[],
  sources: BoardSources & { level: number },
): number[] | null {
  const shared = averaged.filter((column) => rows.every((row) => row.cells[column]?.value != null));
  if (shared.length < 2 || shared.length === averaged.length) return null;
  const means = rows.map((row) => {
    const mean = meanOf(shared.flatMap((column) => row.cells[column] ?? []));
    row.common = mean;
    return { mean, scores: scoresOf(row, shared, sources) };
  });
  rankMeans(means, sources.level);
  return shared;
}

/** Says what tells rows of one model apart. */
function nameVariants(rows: readonly BoardRow[], records: BoardSources["records"]): void {
  const models = Map.groupBy(rows, (row) => row.model);
  for (const group of models.values()) {
    if (group.length < 2) continue;
    for (const row of group) {
      const run = row.cells.find((cell) => cell.run !== null)?.run;
      const model = records.get(run ?? "")?.setup.model;
      row.variant = model ? [JSON.stringify(model.options), model.baseUrl].filter(Boolean).join(" ") : null;
    }
  }
}

/** Complete rows by their mean, then the rest by their first score; ties by name. */
function compareRows(a: BoardRow, b: BoardRow, first: Column | undefined): number {
  const sign = first?.lowerIsBetter ? -1 : 1;
  const key = (row: BoardRow) => row.mean?.value ?? row.cells[0]?.value ?? -Infinity * sign;
  if ((a.mean === null) !== (b.mean === null)) return a.mean === null ? 1 : -1;
  const difference = (key(b) - key(a)) * sign;
  return difference || (a.model < b.model ? -1 : a.model > b.model ? 1 : a.id < b.id ? -1 : 1);
}

function othersOf(
  columns: readonly Column[],
  { records, places }: BoardSources,
  isAdmitted: (model: string) => boolean,
): Board["others"] {
  const byTask = Map.groupBy(columns, (column) => column.task);
  const admitted = new Set(columns.map((column) => column.setup));
  const first = new Map<string, RunRecord>();
  for (const record of records.values()) first.set(record.setup.comparabilityHash, record);
  const known = new Map<string, string[]>();
  return [...records.values()].flatMap((record): Board["others"] => {
    const candidates = byTask.get(record.task) ?? [];
    if (candidates.length === 0 || !isAdmitted(record.model)) return [];
    const entry = { run: record.runId, model: record.model, task: record.task };
    if (record.partial) return [{ ...entry, reason: "partial", details: record.partialReasons }];
    const setup = record.setup.comparabilityHash;
    if (admitted.has(places.get(setup)?.setup ?? setup)) return [];
    const nearest = known.get(setup) ?? nearestDifference(record, candidates, first);
    if (nearest) known.set(setup, nearest);
    return nearest ? [{ ...entry, reason: "other_setup", details: nearest }] : [];
  });
}

/** Fields in which a run's setup differs from the column that it is nearest to. */
function nearestDifference(
  record: RunRecord,
  candidates: readonly Column[],
  first: ReadonlyMap<string, RunRecord>,
): string[] | undefined {
  const differences = candidates.flatMap((column) => {
    const reference = first.get(column.setup);
    return reference ? [comparabilityDifferences(reference.setup, record.setup).map(({ path }) => path)] : [];
  });
  return differences.sort((a, b) => a.length - b.length)[0];
}
