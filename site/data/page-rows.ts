/** Rows on one page of a table. */
const rowsPerPage = 200;
/** With more tasks than this a table shows means only, and the matrix shows the tasks. */
export const mostTaskColumns = 12;

/** Rows of page `page` (from 1). */
export function rowsOfPage<T>(rows: readonly T[], page: number): T[] {
  return rows.slice((page - 1) * rowsPerPage, page * rowsPerPage);
}

/** How many pages that many rows take; at least one. */
export function pageCount(rows: number): number {
  return Math.max(1, Math.ceil(rows / rowsPerPage));
}
