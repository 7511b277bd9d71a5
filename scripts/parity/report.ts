import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CaseResult } from "./compare.ts";
import type { Reference } from "./references.ts";

const end = "<!-- end of table -->";

/** Writes the table of a comparison into README.md, between the marks of its reference. */
export function writeReport({ id, title }: Pick<Reference, "id" | "title">, results: readonly CaseResult[]): void {
  const path = join(import.meta.dirname, "README.md");
  const begin = `<!-- table of ${id}: written by run.ts --report -->`;
  const text = readFileSync(path, "utf8");
  const at = text.indexOf(begin);
  const after = text.indexOf(end, at);
  if (at < 0 || after < 0) throw new Error(`${path} has lost the marks of its table of ${id}`);
  const head = `Against ${title}; the first items where it doesn't say "all".`;
  writeFileSync(path, `${text.slice(0, at)}${begin}\n\n${head}\n\n${table(results)}\n\n${text.slice(after)}`);
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
    const names = list.map(({ id }) => id.slice(id.indexOf(" ") + 1));
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
  const head = ["protocol", "their task", "items", "requests", "answers read", "scores", "remark"];
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
