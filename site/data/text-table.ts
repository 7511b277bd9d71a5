/** A table as text: heads and rows of the same length. */
export interface TextTable {
  head: string[];
  rows: string[][];
}

/** RFC 4180 CSV that no spreadsheet takes for a formula. */
export function toCsv({ head, rows }: TextTable): string {
  return [head, ...rows].map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}

/** Spreadsheets run cells that begin with = + - @ (of full width too, and behind what isn't seen); a leading apostrophe makes them text. Numbers stay numbers. */
function csvCell(text: string): string {
  const isNumber = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text);
  const safe =
    !isNumber && /^[\s\p{Cc}\p{Cf}]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/u.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Reads what {@link toCsv} wrote; the guard against formulas stays where it is. */
export function fromCsv(text: string): TextTable {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [whole, cell = "", end] of text.matchAll(/("[^"]*(?:""[^"]*)*"|[^,\r\n]*)(,|\r?\n|$)/g)) {
    if (whole === "" && row.length === 0) break;
    row.push(cell.length > 1 && cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === ",") continue;
    rows.push(row);
    row = [];
  }
  const [head = [], ...rest] = rows;
  return { head, rows: rest };
}

/** A Markdown table; pipes, line ends and markup are escaped. */
export function toMarkdown({ head, rows }: TextTable): string {
  const line = (cells: readonly string[]) => `| ${cells.map(markdownCell).join(" | ")} |`;
  return `${[line(head), `|${head.map(() => " --- |").join("")}`, ...rows.map(line)].join("\n")}\n`;
}

function markdownCell(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~]/g, "\\$&").replace(/\s+/g, " ");
}
