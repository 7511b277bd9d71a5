import { pairwiseTests, rankSets } from "@assay/harness/stats";
import type { ItemScores } from "../samples/item-scores.ts";
import { alignScores } from "./rank-columns.ts";
import type { BoardCell, BoardRow } from "./schemas.ts";

/** The mean over a board's tasks, each weighing the same. */
export type BoardMean = NonNullable<BoardRow["mean"]>;

/**
 * Mean of a row's scores with an interval from the tasks' own intervals.
 *
 * @throws RangeError on a missing cell: a mean over what happens to be there is no score
 * @see Zou & Donner 2008, Statistics in Medicine 27:1693 (MOVER), for combining intervals that aren't symmetric.
 */
export function meanOf(cells: readonly BoardCell[]): BoardMean {
  const values = cells.map((cell) => {
    if (cell.value === null) throw new RangeError("A mean needs a score in every cell.");
    return cell.value;
  });
  const tasks = cells.length;
  const value = values.reduce((sum, entry) => sum + entry, 0) / tasks;
  const reach = (end: "low" | "high") =>
    cells.every((cell) => cell[end] !== null)
      ? Math.sqrt(cells.reduce((sum, cell) => sum + ((cell.value ?? 0) - (cell[end] ?? 0)) ** 2, 0)) / tasks
      : null;
  const [down, up] = [reach("low"), reach("high")];
  const errors = cells.map((cell) => cell.stderr);
  return {
    value,
    low: down === null ? null : value - down,
    high: up === null ? null : value + up,
    method: down === null ? null : "mover",
    stderr: errors.includes(null) ? null : Math.hypot(...errors.map((error) => error ?? 0)) / tasks,
    tasks,
    rank: null,
    marginal: null,
    tier: null,
  };
}

/**
 * Rank ranges of complete rows by their means: items are weighted so that every task weighs the same, then tested in
 * pairs. Differences between tasks count as spread, which makes the ranges wide rather than narrow.
 *
 * @param scores row → column → item scores
 */
export function rankMeans(
  rows: readonly { mean: BoardMean; scores: readonly (ItemScores | null)[] }[],
  level: number,
): { method: string; separated: number | null } | null {
  const columns = rows[0]?.scores.length ?? 0;
  if (rows.some((row) => row.scores.includes(null))) return null;
  const aligned = Array.from({ length: columns }, (_, column) =>
    alignScores(rows.flatMap((row) => row.scores[column] ?? [])),
  );
  const total = aligned.reduce((sum, part) => sum + part.items.length, 0);
  const weighted = rows.map((_, row) => {
    const values = new Float64Array(total);
    let at = 0;
    for (const part of aligned) {
      const weight = total / (columns * part.items.length);
      for (const value of part.rows[row] ?? []) values[at++] = value * weight;
    }
    return values;
  });
  const clusters = aligned.some((part) => part.clusters)
    ? aligned.flatMap((part, column) => (part.clusters ?? part.items).map((id) => `${column} ${id}`))
    : undefined;
  const ranking = rankSets(pairwiseTests(weighted, clusters ? { clusters } : {}), level);
  ranking.sets.forEach((set, index) => {
    const mean = rows[index]?.mean;
    if (!mean) return;
    mean.rank = set.simultaneous;
    mean.marginal = set.marginal;
    mean.tier = set.tier;
  });
  return { method: ranking.method, separated: ranking.separated };
}
