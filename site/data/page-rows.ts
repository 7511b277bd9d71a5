import type { Board } from "./schemas.ts";

/** Rows on one page of a table. */
const rowsPerPage = 200;
/** Scores on one page of a board: each brings its interval and a link, and a page has 250 kB. */
const cellsPerPage = 480;
/** With more tasks than this a table shows means only, and the matrix shows the tasks. */
export const mostTaskColumns = 12;

/** Rows of page `page` (from 1). */
export function rowsOfPage<T>(rows: readonly T[], page: number, perPage = rowsPerPage): T[] {
  return rows.slice((page - 1) * perPage, page * perPage);
}

/** How many pages that many rows take; at least one. */
export function pageCount(rows: number, perPage = rowsPerPage): number {
  return Math.max(1, Math.ceil(rows / perPage));
}

/** Rows of a board that fit on a page, by the columns that the table shows. */
export function boardRowsPerPage({ columns }: Pick<Board, "columns">): number {
  const shown = columns.length <= mostTaskColumns ? columns.length : 0;
  return Math.min(rowsPerPage, Math.floor(cellsPerPage / Math.max(1, shown)));
}
