import { toCsv, toMarkdown } from "../../data/text-table.ts";

/** Lets the rows and columns that are shown be copied as text. */
export function addCopying(tools: HTMLFormElement, table: HTMLTableElement, output: HTMLOutputElement): void {
  for (const button of tools.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    button.addEventListener("click", async () => {
      const drawn = [...(table.tHead?.rows[0]?.cells ?? [])].map((head) => head.hasAttribute("data-drawn"));
      const lines = [...table.rows].filter((row) => !row.hidden).map((row) => shownCells(row, drawn));
      const [head = [], ...rows] = lines;
      const text = button.dataset.copy === "csv" ? toCsv({ head, rows }) : toMarkdown({ head, rows });
      try {
        await navigator.clipboard.writeText(text);
        output.textContent = `${rows.length} rows copied.`;
      } catch {
        output.textContent = "The browser doesn't let this page write to the clipboard; take the JSON instead.";
      }
    });
  }
}

/** Texts of a row's cells, without those that hold a drawing of other cells. */
function shownCells(row: HTMLTableRowElement, drawn: readonly boolean[]): string[] {
  return [...row.cells]
    .filter((cell, at) => !cell.hidden && !drawn[at])
    .map((cell) => {
      if (cell.dataset.name !== undefined) return cell.dataset.name;
      const copy = cell.cloneNode(true) as HTMLElement;
      for (const part of copy.querySelectorAll(".block")) part.prepend(" ");
      return (copy.textContent ?? "").trim().replace(/\s+/g, " ");
    });
}
