import { holm, pairIndex } from "@assay/harness/stats";
import { formatScore } from "./format.ts";
import type { Column, Pairs } from "./schemas.ts";

/** A cell of a heat map: shade, text and what it says in full. */
export interface HeatCell {
  shade: number | null;
  value: number | null;
  text: string;
  title: string;
  mark?: string;
}

/** Models beyond this many are in the data file, not on the page. */
const most = 24;

/** Differences of all pairs of a column, each once: row minus column, better above; a row has the columns behind its own place. `null` below two runs. */
export function pairMatrix(
  column: Column,
  pairs: Pairs,
): { columns: string[]; rows: { label: string; cells: HeatCell[] }[] } | null {
  const count = pairs.runs.length;
  if (count < 2) return null;
  const names = pairs.runs.map((run) => column.cells.find((cell) => cell.run === run)?.model ?? run);
  const adjusted = holm(pairs.pValues.map((p) => p ?? 1));
  const alpha = 1 - column.level;
  const cellAt = (row: number, other: number): HeatCell => {
    const pair = pairIndex(row, other, count);
    const difference = pairs.differences[pair] ?? null;
    if (difference === null) return { shade: null, value: null, text: "–", title: "no common items" };
    const p = adjusted[pair] ?? 1;
    const text = formatScore(difference, null, column.unit);
    const mark = p > alpha ? "" : difference > 0 ? " ▲" : " ▼";
    return {
      shade: p > alpha ? 0 : 6,
      value: difference,
      text,
      mark,
      title: `adjusted p ${p.toPrecision(2)}`,
    };
  };
  const shown = Array.from({ length: Math.min(count, most) }, (_, index) => index);
  return {
    columns: shown.map((index) => names[index] ?? ""),
    rows: shown.map((row) => ({
      label: names[row] ?? "",
      cells: shown.slice(row + 1).map((other) => cellAt(row, other)),
    })),
  };
}
