import { type Imported, importResults } from "../../record/index.ts";
import type { Options } from "../flags.ts";
import { runJson } from "../run-json.ts";
import { renderRuns } from "../summary.ts";
import type { Terminal } from "../terminal.ts";

/** `assay import`: results of other programs beside ours, with what they didn't record marked as such. */
export async function run(paths: string[], options: Options, terminal: Terminal): Promise<number> {
  const imported: Imported[] = [];
  for (const path of paths) {
    for await (const one of importResults(path, options)) {
      imported.push(one);
      terminal.say(`${one.from}: ${one.record.runId}`);
    }
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
    return imported.length > 0 ? 0 : 2;
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
  return imported.length > 0 ? 0 : 2;
}
