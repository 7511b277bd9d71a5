import { AssayError, InputError, ProblemsError } from "../../contracts/index.ts";
import { type Imported, importResults } from "../../record/index.ts";
import type { Options } from "../flags.ts";
import { runJson } from "../run-json.ts";
import { renderRuns } from "../summary.ts";
import type { Terminal } from "../terminal.ts";

/** `assay import`: results of other programs beside ours, with what they didn't record marked as such. */
export async function run(paths: string[], options: Options, terminal: Terminal): Promise<number> {
  const imported: Imported[] = [];
  const problems: AssayError[] = [];
  for (const path of paths) {
    const before = imported.length;
    try {
      for await (const one of importResults(path, options)) {
        imported.push(one);
        terminal.say(`${one.from}: ${one.record.runId}`);
      }
      if (imported.length === before) problems.push(nothingIn(path));
    } catch (error) {
      if (!(error instanceof AssayError)) throw error;
      problems.push(error);
    }
  }
  if (imported.length > 0) report(imported, options, terminal);
  if (problems.length > 0) throw problems.length === 1 ? problems[0] : new ProblemsError(problems);
  return 0;
}

function report(imported: readonly Imported[], options: Options, terminal: Terminal): void {
  if (options.json) {
    terminal.json({
      runs: imported.map(({ record, folder, from }) => ({
        ...(runJson(record, folder) as object),
        source: record.source,
        notRecorded: record.setup.notRecorded ?? [],
        from,
      })),
    });
    return;
  }
  terminal.print(renderRuns(imported.map(({ record }) => record)));
  for (const { record } of imported) {
    const { differs } = record.source.details;
    for (const difference of Array.isArray(differs) ? differs : [])
      if (typeof difference === "string") terminal.say(`! ${record.runId}: ${difference}`);
  }
  terminal.say(
    "\nTheir setups lack fields that ours have, so they share no column with any other run; `run.json` names them.",
  );
}

function nothingIn(path: string): InputError {
  return new InputError({
    code: "IMPORT_NOTHING",
    what: `${path} holds nothing to import.`,
    fix: "Name a results_*.json of lm-evaluation-harness, a log of Inspect (.json, .eval), or a folder of either.",
  });
}
