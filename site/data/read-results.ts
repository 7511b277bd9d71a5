import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { InputError, type RunRecord } from "@assay/harness/contracts";
import { listRuns } from "@assay/harness/record";

/** A run as found on disk. */
export interface FoundRun {
  folder: string;
  record: RunRecord;
  /** run.json, byte for byte. */
  bytes: Uint8Array;
}

/** Every run of a results folder, by name. @throws InputError on a record that isn't one */
export async function readResults(results: string): Promise<FoundRun[]> {
  if (!existsSync(results)) {
    throw new InputError({
      code: "RESULTS_MISSING",
      what: `There is no folder ${results}.`,
      fix: "Name the folder that holds runs/ with --results, or record a run first: assay run <task> --model <provider/name>",
    });
  }
  const runs: FoundRun[] = [];
  for await (const { folder, record } of listRuns(results)) {
    runs.push({ folder, record, bytes: await readFile(join(folder, "run.json")) });
  }
  return runs;
}
