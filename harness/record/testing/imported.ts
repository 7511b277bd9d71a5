import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect } from "vitest";
import { type RunRecord, runRecordSchema, type Sample, sampleSchema } from "../../contracts/index.ts";
import { importResults } from "../import/import-results.ts";
import { readRun, readSamples } from "../run-folder.ts";

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A fresh folder that is gone after the test. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "assay-import-"));
  made.push(folder);
  return folder;
}

/** Writes a file and its folders. */
export function write(folder: string, path: string, content: string | Uint8Array): string {
  const location = join(folder, path);
  mkdirSync(dirname(location), { recursive: true });
  writeFileSync(location, content);
  return location;
}

/** Imports a file or folder and reads back what was written, checked against the schemas. */
export async function imported(
  path: string,
  results = scratch(),
): Promise<{ record: RunRecord; samples: Sample[]; folder: string }[]> {
  const runs = [];
  for await (const { record, folder } of importResults(path, { results })) {
    const samples: Sample[] = [];
    for await (const sample of readSamples(folder, record)) samples.push(sampleSchema.parse(sample));
    expect(runRecordSchema.parse(await readRun(folder))).toEqual(record);
    runs.push({ record, samples, folder });
  }
  return runs;
}
