import { type RunRecord, type Sample, sampleSchema } from "@assay/harness/contracts";
import { readShards } from "@assay/harness/record";
import type { FoundRun } from "../data/read-results.ts";
import type { DataStore } from "../data/store.ts";
import { addSample, emptyColumns, type SampleColumns, sampleMetric } from "./item-scores.ts";
import type { PromptShelf } from "./prompt-shelf.ts";
import { hashSample, publishSample } from "./publish-sample.ts";
import type { ShardRef } from "./schemas.ts";
import { secretsIn } from "./secrets.ts";
import { samplesPerShard, writeShard } from "./write-shard.ts";

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
  const seen = new Set<string>();
  const wanted = sampleMetric(record);
  const hashed = record.setup.task.card.publishSamples === "hashed";
  let lines: string[] = [];
  const flush = async () => {
    if (!target || lines.length === 0) return;
    const batch = lines;
    lines = [];
    found.shards.push(await writeShard(target.store, `samples/${record.runId}/${found.shards.length}.bin`, batch));
  };
  for await (const line of readShards(folder, record.samples)) {
    const sample = parseSample(line, record);
    noteTrouble(found, sample, seen);
    if (target) for (const secret of secretsIn(line)) found.secrets.add(secret);
    addSample(found.columns, sample, wanted);
    if (!target) continue;
    const shown = hashed ? hashSample(sample) : sample;
    lines.push(JSON.stringify(publishSample(target.store, shown, await target.shelf.place(shown))));
    if (lines.length === samplesPerShard) await flush();
  }
  await flush();
  return found;
}

function parseSample(line: string, record: RunRecord): Sample {
  const parsed = sampleSchema.safeParse(JSON.parse(line));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Error(`a sample of ${record.runId} is malformed: ${issue?.path.join(".")}: ${issue?.message}`);
}

function noteTrouble(found: IngestedRun, sample: Sample, seen: Set<string>): void {
  const key = `${sample.item}, epoch ${sample.epoch}`;
  if (seen.has(key)) found.duplicates.push(key);
  seen.add(key);
  const counted = sample.outcome.kind === "errored" || sample.outcome.kind === "skipped";
  if (counted && sample.values.some((entry) => entry.value !== null)) found.countedErrors.push(key);
}
