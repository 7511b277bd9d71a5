import { constants, existsSync } from "node:fs";
import { access, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  AssayError,
  InputError,
  type RunRecord,
  runRecordSchema,
  type Sample,
  sampleSchema,
} from "../contracts/index.ts";
import { readLines } from "./journal.ts";
import { makeFolder } from "./make-folder.ts";
import { readShards, writeWhole } from "./shards.ts";
import { unwritable } from "./unwritable.ts";

/** The journal of a run that isn't finished. */
export const journalFile = "samples-00000.jsonl";
const recordFile = "run.json";

/** `<results>/runs/<run id>`. */
export function runFolder(results: string, runId: string): string {
  return join(results, "runs", runId);
}

/** Makes the folder of a run if it isn't there. @throws InputError `RESULTS_UNWRITABLE` */
export async function makeRunFolder(results: string, runId: string): Promise<string> {
  const folder = runFolder(results, runId);
  try {
    makeFolder(folder);
    await access(folder, constants.W_OK);
    return folder;
  } catch (cause) {
    throw new InputError({
      code: "RESULTS_UNWRITABLE",
      what: `Records can't be written to ${results}.`,
      why: cause instanceof Error ? cause.message : String(cause),
      fix: "Name a folder that you may write to: --results <dir>.",
      cause,
    });
  }
}

/** @returns the record in a run's folder; `undefined` where a run has not been summed up yet. @throws InputError when it can't be read. */
export async function readRun(folder: string): Promise<RunRecord | undefined> {
  const path = join(folder, recordFile);
  return existsSync(path) ? parseRun(await readFile(path, "utf8"), path) : undefined;
}

/** A record from the text of its file. @throws InputError `RECORD_INVALID` naming the file and what is wrong with it */
export function parseRun(text: string, path: string): RunRecord {
  const parsed = runRecordSchema.safeParse(parseJson(text, path));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new InputError({
    code: "RECORD_INVALID",
    what: `${path} isn't a run record: ${issue?.path.join(".")}: ${issue?.message}`,
    fix: "Restore the file, or delete the run's folder and run again.",
  });
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InputError({
      code: "RECORD_INVALID",
      what: `${path} isn't JSON.`,
      why: String(cause instanceof Error ? cause.message : cause),
      fix: "Restore the file, or delete the run's folder and run again.",
      cause,
    });
  }
}

/** Writes run.json, whole or not at all. */
export async function writeRun(folder: string, record: RunRecord): Promise<string> {
  const path = join(folder, recordFile);
  await writeWhole(path, `${JSON.stringify(record, null, 2)}\n`);
  return path;
}

/**
 * Every run folder below `<results>/runs` that has a record, in the order of their names. One that can't be read is left out:
 * it is named to whoever asks for that run, and is no reason to refuse another.
 */
export async function* listRuns(results: string): AsyncGenerator<{ folder: string; record: RunRecord }> {
  const root = join(results, "runs");
  if (!existsSync(root)) return;
  for (const name of (await readdir(root)).sort()) {
    const folder = join(root, name);
    const record = await readRun(folder).catch(() => undefined);
    if (record) yield { folder, record };
  }
}

/** The samples of a run in the order of items and epochs (of an unfinished run: as they came in). */
export async function* readSamples(folder: string, record: RunRecord): AsyncGenerator<Sample> {
  if (record.samples.length > 0) {
    for await (const line of readShards(folder, record.samples)) yield parseSample(line, folder);
    return;
  }
  const path = join(folder, journalFile);
  if (!existsSync(path)) return;
  for await (const { text } of readLines(path)) yield parseSample(text, folder);
}

function parseSample(line: string, folder: string): Sample {
  let reason: string | undefined;
  try {
    const parsed = sampleSchema.safeParse(JSON.parse(line));
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    reason = `${issue?.path.join(".")}: ${issue?.message}`;
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error);
  }
  throw new InputError({
    code: "SAMPLE_INVALID",
    what: `A line of the samples in ${folder} is no sample as this version of Assay writes them.`,
    why: `${reason}.`,
    fix: "Use the version that run.json names, or delete the run's folder and run again (cached responses are reused).",
  });
}

/**
 * Turns the shards of a finished run, which lie in its folder or in `shards`, back into a journal, so that it can go on:
 * failed samples are asked again, or new shards take the place of others.
 */
export async function reopenJournal(folder: string, record: RunRecord, shards = folder): Promise<void> {
  const path = join(folder, journalFile);
  if (existsSync(path) || record.samples.length === 0) return;
  const draft = `${path}.part`;
  const file = await open(draft, "w");
  try {
    let batch: string[] = [];
    const flush = async () => {
      await file.appendFile(batch.map((line) => `${line}\n`).join(""));
      batch = [];
    };
    for await (const line of readShards(shards, record.samples)) if (batch.push(line) >= 1000) await flush();
    await flush();
    // Under its final name it takes the shards' place: after a power cut it must not be there with nothing in it.
    await file.sync();
  } catch (error) {
    if (error instanceof AssayError) throw error;
    throw unwritable(error, { code: "JOURNAL_UNWRITABLE", what: `${path} can't be written.` });
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

/** Removes the journal of a run whose shards and record are written, once the disk knows those by their names. */
export async function removeJournal(folder: string): Promise<void> {
  const itself = await open(folder, "r");
  // Not every file system (nor Windows) lets a folder be synced.
  await itself.sync().catch(() => {});
  await itself.close();
  await rm(join(folder, journalFile), { force: true });
}

/** Removes drafts of a process that was killed, and shards that the record doesn't list. */
export async function clearLeftovers(folder: string, record: RunRecord): Promise<void> {
  const listed = new Set(record.samples.map((shard) => shard.file));
  for (const name of await readdir(folder)) {
    const isLeftover = name.endsWith(".part") || (/^samples-\d+\.jsonl\.gz$/.test(name) && !listed.has(name));
    if (isLeftover) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** A folder beside a run's files, to write shards into before they take the place of others. */
export interface RunDraft {
  folder: string;
  /** Moves files of these names into the run's folder. */
  publish(files: readonly string[]): Promise<void>;
  remove(): Promise<void>;
}

/** Makes an empty draft folder inside a run's folder. */
export async function draftRun(folder: string): Promise<RunDraft> {
  const draft = join(folder, "draft.part");
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft);
  return {
    folder: draft,
    publish: async (files) => {
      for (const file of files) await rename(join(draft, file), join(folder, file));
    },
    remove: () => rm(draft, { recursive: true, force: true }),
  };
}
