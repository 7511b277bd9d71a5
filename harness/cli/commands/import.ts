import { InputError } from "../../contracts/index.ts";
import { type Imported, importResults } from "../../record/index.ts";
import type { Options } from "../flags.ts";
import { runJson } from "../run-json.ts";
import { renderRuns } from "../summary.ts";
import type { Terminal } from "../terminal.ts";

/** `assay import`: results of other programs beside ours, with what they didn't record marked as such. */
export async function run(paths: string[], options: Options, terminal: Terminal): Promise<number> {
  const imported: Imported[] = [];
  for (const path of paths) {
    const before = imported.length;
    for await (const one of importResults(path, options)) {
      imported.push(one);
      terminal.say(`${one.from}: ${one.record.runId}`);
    }
    if (imported.length === before) throw nothingIn(path);
  }
  if (options.json) {
    terminal.json({
      runs: imported.map(({ record, folder, from }) => ({
        ...(runJson(record, folder) as object),
        source: record.source,
        notRecorded: record.setup.notRecorded ?? [],
        from,
      })),
    });
    return 0;
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
  return 0;
}

function nothingIn(path: string): InputError {
  return new InputError({
    code: "IMPORT_NOTHING",
    what: `${path} holds nothing to import.`,
    fix: "Name a results_*.json of lm-evaluation-harness, a log of Inspect (.json, .eval), or a folder of either.",
  });
}
