import { InputError } from "../../contracts/index.ts";
import { type LintReport, lintProtocol } from "../../run/index.ts";
import { findTask, findTasks, loadTask, resolve, taskRoots } from "../../task/index.ts";
import type { Options } from "../flags.ts";
import type { Terminal } from "../terminal.ts";

/** `assay protocol lint`: 0 where nothing was found that isn't declared, 1 otherwise. */
export async function run([verb, ...names]: string[], options: Options, terminal: Terminal): Promise<number> {
  if (verb !== "lint") {
    throw new InputError({
      code: "VERB_UNKNOWN",
      what: `"protocol ${verb}" means nothing.`,
      fix: "assay protocol lint [task[@protocol]...]",
    });
  }
  const roots = taskRoots(options.tasks);
  const references = expand(names, roots);
  const reports: LintReport[] = [];
  for (const reference of references) {
    const report = await lintProtocol(resolve(reference, { roots }));
    reports.push(report);
    if (!options.json) terminal.print(render(report));
  }
  if (options.json) terminal.json({ protocols: reports });
  const undeclared = reports.flatMap(({ findings }) => findings).filter(({ declared }) => !declared).length;
  terminal.say(summary(reports, undeclared));
  return undeclared > 0 ? 1 : 0;
}

/** A task's name stands for all of its protocols, no name for all tasks. */
function expand(names: readonly string[], roots: readonly string[]): string[] {
  const all = names.length > 0 ? names : [...findTasks(roots).keys()];
  return all.flatMap((name) =>
    name.includes("@") ? [name] : loadTask(findTask(roots, name)).protocols.map((protocol) => `${name}@${protocol}`),
  );
}

function render({ task, protocol, findings, dataMissing }: LintReport): string {
  const mark = findings.length === 0 ? "✓" : findings.every(({ declared }) => declared) ? "!" : "✗";
  const lines = findings.map(
    ({ rule, what, declared }) => `    ${rule.padEnd(20)} ${what}${declared ? " (a declared defect)" : ""}`,
  );
  if (dataMissing !== null)
    lines.push(`    ${"no data".padEnd(20)} ${dataMissing} Rules that need data were left out.`);
  return [`${mark} ${task}@${protocol}`, ...lines].join("\n");
}

function summary(reports: readonly LintReport[], undeclared: number): string {
  const found = reports.reduce((sum, { findings }) => sum + findings.length, 0);
  const without = reports.filter(({ dataMissing }) => dataMissing !== null).length;
  const missing = without > 0 ? `; ${without} without data` : "";
  return `\n${reports.length} protocols, ${found} findings, ${undeclared} of them undeclared${missing}`;
}
