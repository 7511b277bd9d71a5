import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ParityCase } from "./cases.ts";
import type { CaseResult } from "./compare.ts";
import type { Reference } from "./references.ts";

const end = "<!-- end of table -->";
const columns = ["protocol", "their task", "items", "requests", "answers read", "scores", "remark"];

/**
 * Writes the table of a reference into README.md, between its marks. A protocol of which not all cases were compared keeps the row
 * that it had.
 */
export function writeReport(reference: Reference, results: readonly CaseResult[]): void {
  const path = join(import.meta.dirname, "README.md");
  const begin = `<!-- table of ${reference.id}: written by run.ts --report -->`;
  const text = readFileSync(path, "utf8");
  const at = text.indexOf(begin);
  const after = text.indexOf(end, at);
  if (at < 0 || after < 0) throw new Error(`${path} has lost the marks of its table of ${reference.id}`);
  const rows = rowsOf(reference, { results, before: text.slice(at, after) });
  const head = `Against ${reference.title}; the first items where it doesn't say "all".`;
  const table = [line(columns), line(columns.map(() => "---")), ...rows].join("\n");
  writeFileSync(path, `${text.slice(0, at)}${begin}\n\n${head}\n\n${table}\n\n${text.slice(after)}`);
}

/** Cases of one protocol with one remark share a row. */
function rowKey(protocol: string, note = ""): string {
  return `${protocol} | ${note}`;
}

function rowsOf(reference: Reference, given: { results: readonly CaseResult[]; before: string }): string[] {
  const old = new Map<string, string>();
  for (const row of given.before.split("\n").filter((text) => text.startsWith("| "))) {
    const cells = row.split("|").map((cell) => cell.trim());
    old.set(rowKey(cells[1] ?? "", cells.at(-2)), row);
  }
  const compared = Map.groupBy(given.results, ({ id, note }) => rowKey(id.split(" ")[0] ?? "", note));
  const cases = Map.groupBy(reference.cases, ({ protocol, note }: ParityCase) => rowKey(protocol, note));
  return [...cases].flatMap(([key, all]) => {
    const list = compared.get(key) ?? [];
    return list.length === all.length ? newRow(list) : (old.get(key) ?? []);
  });
}

function newRow(list: readonly CaseResult[]): string {
  const sum = (pick: (result: CaseResult) => number) => list.reduce((total, result) => total + pick(result), 0);
  const cell = (pick: (result: CaseResult) => { compared: number; differences: string[] }) => {
    const differing = sum((result) => pick(result).differences.length);
    const compared = sum((result) => pick(result).compared);
    if (differing > 0) return `${differing} differ`;
    return compared === 0 ? "not compared" : `${compared} equal`;
  };
  const [protocol, ...first] = (list[0]?.id ?? "").split(" ");
  const more = list.length === 1 ? "" : ` and ${list.length - 1} more`;
  const all = list.every(({ complete }) => complete) ? " (all)" : "";
  return line([
    protocol ?? "",
    `${first.join(" ")}${more}`,
    `${sum((result) => result.items)}${all}`,
    cell((result) => result.requests),
    cell((result) => result.answers),
    cell((result) => result.scores),
    list[0]?.note ?? "",
  ]);
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
