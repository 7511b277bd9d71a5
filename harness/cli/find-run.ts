import { existsSync } from "node:fs";
import { join } from "node:path";
import { InputError, nearestName, type RunRecord } from "../contracts/index.ts";
import { listRuns, readRun, runFolder } from "../record/index.ts";

const mostNamed = 10;

/** A run by its id in the results folder, or by its folder. @throws InputError `RUN_UNKNOWN` with the nearest name */
export async function findRun(name: string, results: string): Promise<{ record: RunRecord; folder: string }> {
  const folder = existsSync(join(name, "run.json")) ? name : runFolder(results, name);
  const record = await readRun(folder);
  if (record) return { record, folder };
  const known: string[] = [];
  for await (const run of listRuns(results)) known.push(run.record.runId);
  const meant = nearestName(name, known);
  throw new InputError({
    code: "RUN_UNKNOWN",
    what: `There is no run "${name}" in ${results}.`,
    fix: meant
      ? `Did you mean "${meant}"?`
      : known.length > 0
        ? `It has: ${known.slice(0, mostNamed).join(", ")}${known.length > mostNamed ? `, and ${known.length - mostNamed} more` : ""}.`
        : "Record one first: assay run …",
  });
}
