import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CaseResult } from "./compare.ts";
import { lmEvalVersion } from "./install.ts";

const begin = "<!-- table: written by run.ts --report -->";
const end = "<!-- end of table -->";

/** Writes the table of a comparison into README.md, between its marks. */
export function writeReport(results: readonly CaseResult[], { limit }: { limit: number | null }): void {
  const path = join(import.meta.dirname, "README.md");
  const text = readFileSync(path, "utf8");
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${path} has lost the marks of its table`);
  const node = `lm-evaluation-harness ${lmEvalVersion}, ${limit === null ? "all items" : `the first ${limit} items of each task unless the case says otherwise`}.`;
  writeFileSync(path, `${before}${begin}\n\n${node}\n\n${table(results)}\n\n${end}${after}`);
}

function table(results: readonly CaseResult[]): string {
  const rows = [...groups(results)].map(([protocol, list]) => {
    const sum = (pick: (result: CaseResult) => number) => list.reduce((total, result) => total + pick(result), 0);
    const cell = (pick: (result: CaseResult) => { compared: number; differences: string[] }) => {
      const differing = sum((result) => pick(result).differences.length);
      return differing === 0 ? `${sum((result) => pick(result).compared)} equal` : `${differing} differ`;
    };
    const tasks =
      list.length === 1 ? list[0]?.id.split(" ")[1] : `${list[0]?.id.split(" ")[1]} … (${list.length} tasks)`;
    return [
      protocol,
      tasks,
      sum((result) => result.items),
      cell((r) => r.requests),
      cell((r) => r.answers),
      cell((r) => r.scores),
    ];
  });
  const head = ["protocol", "lm-eval's task", "items", "requests", "answers read", "scores"];
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
