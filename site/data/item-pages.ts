import type { ItemTable } from "./item-table.ts";
import { shortHash } from "./labels.ts";
import { pageCount } from "./page-rows.ts";
import type { Column, TaskEntry } from "./schemas.ts";

/** Pages of one setup's items; further items are in the data file. */
const mostPages = 25;

/** Items of a task in one setup. */
export interface ItemView {
  column: Column;
  table: ItemTable;
  /** From the site's root. The setup that most runs share has the plain address. */
  path: string;
  pages: number;
}

/** Setups of a task whose items can be shown, the one that most runs share first. */
export function itemViews(
  task: TaskEntry,
  { columns, items }: { columns: ReadonlyMap<string, Column>; items: ReadonlyMap<string, ItemTable> },
): ItemView[] {
  return task.columns
    .flatMap((id) => {
      const [column, table] = [columns.get(id), items.get(id)];
      return column && table ? [{ column, table }] : [];
    })
    .sort((a, b) => b.column.cells.length - a.column.cells.length)
    .map(({ column, table }, place) => ({
      column,
      table,
      path: `tasks/${task.id}/items/${place === 0 ? "" : `${shortHash(column.setup)}/`}`,
      pages: Math.min(mostPages, pageCount(table.items.length)),
    }));
}
