import { expect, test } from "vitest";
import { boardRowsPerPage, pageCount, rowsOfPage } from "./page-rows.ts";
import type { Board } from "./schemas.ts";

const board = (columns: number) => ({ columns: Array.from({ length: columns }) as Board["columns"] });

test("rows are spread over pages, and no page is left empty", () => {
  const rows = Array.from({ length: 401 }, (_, at) => at);
  expect(pageCount(rows.length)).toBe(3);
  expect([1, 2, 3].map((page) => rowsOfPage(rows, page).length)).toEqual([200, 200, 1]);
  expect([1, 2, 3].flatMap((page) => rowsOfPage(rows, page))).toEqual(rows);
  expect(pageCount(0)).toBe(1);
});

test("a board with many columns has fewer rows to a page, one with too many columns shows none of them", () => {
  expect([1, 2, 6, 12].map((columns) => boardRowsPerPage(board(columns)))).toEqual([200, 200, 80, 40]);
  expect(boardRowsPerPage(board(13))).toBe(200);
});
