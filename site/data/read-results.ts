import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunRecord } from "@assay/harness/contracts";
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
  const runs: FoundRun[] = [];
  for await (const { folder, record } of listRuns(results)) {
    runs.push({ folder, record, bytes: await readFile(join(folder, "run.json")) });
  }
  return runs;
}
