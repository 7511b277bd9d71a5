import { mean, squaredDeviations, sum } from "./mean.ts";

/** A full table: `table[item][column]`, every item with the same columns. */
export type ScoreTable = readonly ArrayLike<number>[];

/** Where the variance of items × prompts comes from (one answer a cell). */
export interface CrossedComponents {
  items: number;
  prompts: number;
  mean: number;
  /** Mean squares of the two-way analysis of variance. */
  meanSquares: { item: number; prompt: number; residual: number };
  /** Unbiased, so that a component which is nothing comes out below zero half the time. Cut at 0 in sums. */
  variances: { item: number; prompt: number; residual: number };
  /** Of the grand mean, for new items and new prompts. */
  stderr: number;
  /** Of the grand mean, for new items under these very prompts. */
  stderrFixedPrompts: number;
}

/**
 * Splits the variance of an items × prompts table into item, prompt and rest.
 *
 * @returns `null` below two items or two prompts
 * @throws RangeError when rows differ in length
 * @see Brennan 2001, Generalizability Theory, chapter 3.
 */
export function crossedComponents(table: ScoreTable): CrossedComponents | null {
  const prompts = columnsOf(table);
  const items = table.length;
  if (items < 2 || prompts < 2) return null;
  const itemMeans = table.map((row) => sum(row) / prompts);
  const promptMeans = columnMeans(table, prompts);
  const grand = sum(itemMeans) / items;
  let all = 0;
  for (const row of table) all += squaredDeviations(row, grand);
  const betweenItems = prompts * squaredDeviations(itemMeans, grand);
  const betweenPrompts = items * squaredDeviations(promptMeans, grand);
  const residual = Math.max(0, all - betweenItems - betweenPrompts) / ((items - 1) * (prompts - 1));
  const meanSquares = { item: betweenItems / (items - 1), prompt: betweenPrompts / (prompts - 1), residual };
  const variances = {
    item: (meanSquares.item - residual) / prompts,
    prompt: (meanSquares.prompt - residual) / items,
    residual,
  };
  const fixed = Math.max(0, variances.item) / items + residual / (items * prompts);
  return {
    items,
    prompts,
    mean: grand,
    meanSquares,
    variances,
    stderr: Math.sqrt(fixed + Math.max(0, variances.prompt) / prompts),
    stderrFixedPrompts: Math.sqrt(fixed),
  };
}

/** Where the variance of items with repeated samples comes from. */
export interface NestedComponents {
  mean: number;
  meanSquares: { between: number; within: number };
  /** Unbiased: `between` may come out below zero. */
  variances: { between: number; within: number };
  /** Of the grand mean over new items. */
  stderr: number;
  /** Share of the variance that lies between items, ICC(1); `null` when nothing varies. */
  intraclassCorrelation: number | null;
}

/**
 * Splits the variance of items × epochs into between and within items.
 *
 * @returns `null` below two items or two epochs
 * @throws RangeError when items differ in how many epochs they have
 */
export function nestedComponents(table: ScoreTable): NestedComponents | null {
  const epochs = columnsOf(table);
  const items = table.length;
  if (items < 2 || epochs < 2) return null;
  const itemMeans = table.map((row) => sum(row) / epochs);
  const grand = sum(itemMeans) / items;
  const between = (epochs * squaredDeviations(itemMeans, grand)) / (items - 1);
  const inside = table.reduce((total, row, item) => total + squaredDeviations(row, itemMeans[item]!), 0);
  const within = inside / (items * (epochs - 1));
  const scale = between + (epochs - 1) * within;
  return {
    mean: grand,
    meanSquares: { between, within },
    variances: { between: (between - within) / epochs, within },
    stderr: Math.sqrt(between / (items * epochs)),
    intraclassCorrelation: scale === 0 ? null : (between - within) / scale,
  };
}

/** The columns of a table. Throws when rows differ in length. */
export function columnsOf(table: ScoreTable): number {
  const columns = table[0]?.length ?? 0;
  for (const [item, row] of table.entries()) {
    if (row.length !== columns) {
      throw new RangeError(`Every item needs ${columns} scores, but item ${item} has ${row.length}.`);
    }
  }
  return columns;
}

/** The mean of each column. */
export function columnMeans(table: ScoreTable, columns = columnsOf(table)): Float64Array {
  const means = new Float64Array(columns);
  for (const row of table) for (let column = 0; column < columns; column++) means[column]! += row[column]!;
  return means.map((total) => total / table.length);
}

/** Best minus worst column mean; `null` for an empty table. */
export function spreadOf(table: ScoreTable): number | null {
  const means = columnMeans(table);
  return mean(means) === null || table.length === 0 ? null : Math.max(...means) - Math.min(...means);
}
