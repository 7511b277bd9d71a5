import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CaseResult } from "./compare.ts";
import { lmEvalVersion } from "./install.ts";

const begin = "<!-- table: written by run.ts --report -->";
const end = "<!-- end of table -->";

/** Writes the table of a comparison into README.md, between its marks. */
export function writeReport(results: readonly CaseResult[]): void {
  const path = join(import.meta.dirname, "README.md");
  const text = readFileSync(path, "utf8");
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${path} has lost the marks of its table`);
  const head = `Against lm-evaluation-harness ${lmEvalVersion}; the first items where it doesn't say "all".`;
  writeFileSync(path, `${before}${begin}\n\n${head}\n\n${table(results)}\n\n${end}${after}`);
}

function table(results: readonly CaseResult[]): string {
  const rows = [...groups(results)].map(([protocol, list]) => {
    const sum = (pick: (result: CaseResult) => number) => list.reduce((total, result) => total + pick(result), 0);
    const cell = (pick: (result: CaseResult) => { compared: number; differences: string[] }) => {
      const differing = sum((result) => pick(result).differences.length);
      const compared = sum((result) => pick(result).compared);
      if (differing > 0) return `${differing} differ`;
      return compared === 0 ? "not compared" : `${compared} equal`;
    };
    const names = list.map(({ id }) => id.split(" ")[1]);
    const tasks = names.length === 1 ? `${names[0]}` : `${names[0]} and ${names.length - 1} more`;
    const all = list.every(({ complete }) => complete) ? " (all)" : "";
    const notes = [...new Set(list.map(({ note }) => note).filter(Boolean))].join("; ");
    return [
      protocol,
      tasks,
      `${sum((result) => result.items)}${all}`,
      cell((result) => result.requests),
      cell((result) => result.answers),
      cell((result) => result.scores),
      notes,
    ];
  });
  const head = ["protocol", "lm-eval's task", "items", "requests", "answers read", "scores", "remark"];
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

function groups(results: readonly CaseResult[]): Map<string, CaseResult[]> {
  const byProtocol = new Map<string, CaseResult[]>();
  for (const result of results) {
    const protocol = result.id.split(" ")[0] ?? "";
    byProtocol.set(protocol, [...(byProtocol.get(protocol) ?? []), result]);
  }
  return byProtocol;
}
