import { InputError, type RunRecord, type Sample, sampleSchema } from "@assay/harness/contracts";
import { readShards } from "@assay/harness/record";
import { z } from "zod";
import type { FoundRun } from "../data/read-results.ts";
import type { DataStore } from "../data/store.ts";
import { addSample, emptyColumns, type SampleColumns, sampleMetric } from "./item-scores.ts";
import type { PromptShelf } from "./prompt-shelf.ts";
import { hashSample, publishSample } from "./publish-sample.ts";
import type { ShardRef } from "./schemas.ts";
import { secretsIn } from "./secrets.ts";
import { ShardWriter } from "./shard-writer.ts";

/** What came of reading a run's samples. */
export interface IngestedRun {
  columns: SampleColumns;
  shards: ShardRef[];
  /** Credential-like texts, by the start of their hash. */
  secrets: Set<string>;
  /** Samples that are there twice. */
  duplicates: string[];
  /** Errored samples that nevertheless have a value. */
  countedErrors: string[];
}

/** Where samples go; `null`: nowhere, they are read for their scores only. */
export interface SampleTarget {
  store: DataStore;
  shelf: PromptShelf;
}

/**
 * Reads a run's shards once: item scores for the tests, slim shards for the site, and what the rules look for.
 *
 * @throws InputError on a shard whose hash is not the one in run.json
 */
export async function ingestRun({ folder, record }: FoundRun, target: SampleTarget | null): Promise<IngestedRun> {
  const found: IngestedRun = {
    columns: emptyColumns(),
    shards: [],
    secrets: new Set(),
    duplicates: [],
    countedErrors: [],
  };
  const writer = target && new ShardWriter(target.store, `samples/${record.runId}`);
  const seen: Set<string>[] = [];
  const wanted = sampleMetric(record);
  const hashed = record.setup.task.card.publishSamples === "hashed";
  for await (const line of readShards(folder, record.samples)) {
    const sample = parseSample(line, record);
    noteTrouble(found, sample, seen);
    if (target) for (const secret of secretsIn(line)) found.secrets.add(secret);
    addSample(found.columns, sample, wanted);
    if (!target || !writer) continue;
    const shown = hashed ? hashSample(sample) : sample;
    writer.add(JSON.stringify(publishSample(target.store, shown, target.shelf.place(shown))));
    await writer.room();
    await target.shelf.writer.room();
  }
  await writer?.close();
  if (writer) found.shards = writer.shards;
  return found;
}

/** A line is JSON as soon as it is parsed: walking free-form fields once more would take as long as all the others. */
const anyObject = z.record(z.string(), z.unknown());
const lineSchema = sampleSchema.extend({ fields: anyObject, grading: anyObject.nullable() });

function parseSample(line: string, record: RunRecord): Sample {
  const parsed = lineSchema.safeParse(parseJson(line));
  if (parsed.success) return parsed.data as Sample;
  const issue = parsed.error.issues[0];
  throw new InputError({
    code: "SAMPLE_INVALID",
    what: `A sample of ${record.runId} is malformed: ${issue?.path.join(".") || "the line"}: ${issue?.message}.`,
    why: "Its file has the hash that run.json holds, so it was written like this.",
    fix: "Run again, or take the run's folder out of the results.",
  });
}

/** `undefined`: it isn't JSON, which the schema then says. */
function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function noteTrouble(found: IngestedRun, sample: Sample, seen: Set<string>[]): void {
  const { item, epoch } = sample;
  seen[epoch] ??= new Set();
  if (seen[epoch].has(item)) found.duplicates.push(`${item}, epoch ${epoch}`);
  seen[epoch].add(item);
  const counted = sample.outcome.kind === "errored" || sample.outcome.kind === "skipped";
  if (counted && sample.values.some((entry) => entry.value !== null))
    found.countedErrors.push(`${item}, epoch ${epoch}`);
}
