import { z } from "zod";
import type { ItemScores } from "../samples/item-scores.ts";
import { alignScores } from "./rank-columns.ts";
import { type Column, histogramSchema } from "./schemas.ts";

/** Runs whose verdicts are listed item by item; the shares are over all runs. */
const mostMarks = 24;
/** From this many runs on, the better half is set against the worse half. */
const fewestForGap = 6;
/** An item on which the worse half of the runs is ahead by this much deserves a look at its label. */
const suspectGap = -0.3;

/** How the items of one setup divided the runs. Lists run in the order of `items`, hardest first. */
export const itemTableSchema = z.strictObject({
  column: z.string(),
  task: z.string(),
  runs: z.array(z.string()).describe("best first"),
  items: z.array(z.string()),
  counted: z.array(z.number().int()).describe("runs whose answer is in the denominator"),
  right: z.array(z.number().int()).describe("runs with full marks"),
  mean: z.array(z.number().nullable()).describe("mean score over the counted runs; null: none counts"),
  split: z.array(z.number().nullable()).describe("share of pairs of runs that scored the item differently"),
  gap: z
    .array(z.number().nullable())
    .describe(`mean of the better half of the runs minus mean of the worse half; null below ${fewestForGap} runs`),
  suspects: z.number().int().describe("items on which the worse half is clearly ahead"),
  marks: z
    .array(z.string())
    .describe(`a letter for each of the first ${mostMarks} runs: Right, Wrong, in Part, - not counted`),
  difficulty: histogramSchema.describe("items by mean score"),
});

export type ItemTable = z.infer<typeof itemTableSchema>;

/** Whether the better runs do so much worse on an item that its label may be wrong. */
export function isSuspect(gap: number | null): boolean {
  return gap !== null && gap <= suspectGap;
}

/**
 * Which items every run gets right, which none does, and on which runs differ.
 *
 * @param scores in the order of the column's cells
 * @returns `null` where the score is no share of full marks, or fewer than two runs have scores by item
 */
export function itemTable(column: Column, scores: readonly (ItemScores | null)[]): ItemTable | null {
  if (column.unit !== "proportion" || column.lowerIsBetter) return null;
  const known = scores.flatMap((score, at) => (score ? [{ score, run: column.cells[at]?.run ?? "" }] : []));
  if (known.length < 2) return null;
  const { rows, items } = alignScores(
    known.map(({ score }) => score),
    (score) => score.plain ?? score.values,
  );
  const entries = items
    .map((item, at) => entryOf(item, at, rows))
    .sort((a, b) => (a.mean ?? 2) - (b.mean ?? 2) || a.at - b.at);
  return {
    column: column.id,
    task: column.task,
    runs: known.map(({ run }) => run),
    items: entries.map((entry) => entry.item),
    counted: entries.map((entry) => entry.counted),
    right: entries.map((entry) => entry.right),
    mean: entries.map((entry) => entry.mean),
    split: entries.map((entry) => entry.split),
    gap: entries.map((entry) => entry.gap),
    suspects: entries.filter((entry) => isSuspect(entry.gap)).length,
    marks: entries.map((entry) => entry.marks),
    difficulty: difficultyOf(entries.map((entry) => entry.mean)),
  };
}

function entryOf(item: string, at: number, rows: readonly Float64Array[]) {
  const values = rows.map((row) => row[at] ?? Number.NaN);
  const counted = values.filter((value) => !Number.isNaN(value));
  const half = Math.floor(values.length / 2);
  return {
    item,
    at,
    counted: counted.length,
    right: counted.filter((value) => value >= 1).length,
    mean: meanOf(counted),
    split: splitOf(counted),
    gap: values.length < fewestForGap ? null : gapOf(values.slice(0, half), values.slice(values.length - half)),
    marks: values.slice(0, mostMarks).map(markOf).join(""),
  };
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : round(values.reduce((sum, value) => sum + value, 0) / values.length);
}

function splitOf(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const sizes = [...Map.groupBy(values, (value) => value).values()].map((group) => group.length);
  const pairs = (count: number) => (count * (count - 1)) / 2;
  const alike = sizes.reduce((sum, size) => sum + pairs(size), 0);
  return round(1 - alike / pairs(values.length));
}

function gapOf(better: readonly number[], worse: readonly number[]): number | null {
  const [first, second] = [better, worse].map((half) => meanOf(half.filter((value) => !Number.isNaN(value))));
  return first == null || second == null ? null : round(first - second);
}

function markOf(value: number): string {
  if (Number.isNaN(value)) return "-";
  return value >= 1 ? "R" : value <= 0 ? "W" : "P";
}

const bins = 10;

function difficultyOf(means: readonly (number | null)[]): ItemTable["difficulty"] {
  const counts = Array.from({ length: bins }, () => 0);
  for (const mean of means) {
    if (mean === null) continue;
    const bin = Math.min(bins - 1, Math.floor(mean * bins + 1e-9));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { edges: Array.from({ length: bins + 1 }, (_, edge) => (edge * 100) / bins), counts };
}

function round(value: number): number {
  return Number(value.toPrecision(6));
}
