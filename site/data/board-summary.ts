import type { Board, BoardCell, BoardRow } from "./schemas.ts";

/** The score that sums up a row: its mean, or that of the board's only column. */
export type RowScore = (Omit<BoardCell, "value"> | Omit<NonNullable<BoardRow["mean"]>, "value">) & { value: number };

/** What one number says of a row. `null` where no number may: there is no mean, or a task is missing. */
export function rowScore(board: Pick<Board, "columns">, row: BoardRow): RowScore | null {
  const score = row.mean ?? (board.columns.length === 1 ? row.cells[0] : undefined);
  return score?.value == null ? null : { ...score, value: score.value };
}

/** Rows whose rank range begins at the first place: nobody is known to be better. */
export function leaders(board: Board): BoardRow[] {
  return board.rows.filter((row) => rowScore(board, row)?.rank?.low === 1);
}

/** Remarks on the runs of a site, the most frequent first. */
export function commonRemarks(runs: Iterable<{ warnings: readonly string[] }>): { remark: string; runs: number }[] {
  const counts = new Map<string, number>();
  for (const { warnings } of runs) for (const remark of warnings) counts.set(remark, (counts.get(remark) ?? 0) + 1);
  return [...counts]
    .map(([remark, count]) => ({ remark, runs: count }))
    .sort((a, b) => b.runs - a.runs || (a.remark < b.remark ? -1 : 1));
}
