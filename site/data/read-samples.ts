import { type AssayError, InputError, ProblemsError, type RunRecord } from "@assay/harness/contracts";
import { type Calibration, calibration } from "@assay/harness/stats";
import { checkSamples } from "../rules/check-samples.ts";
import type { Problem } from "../rules/problem.ts";
import { type IngestedRun, ingestRun } from "../samples/ingest-run.ts";
import { type ItemScores, itemScoresOf, type SampleColumns, sampleMetric } from "../samples/item-scores.ts";
import { PromptShelf } from "../samples/prompt-shelf.ts";
import { hashText } from "../samples/publish-sample.ts";
import type { SampleIndex } from "../samples/schemas.ts";
import { histogramOf } from "./histogram.ts";
import type { FoundRun } from "./read-results.ts";
import type { Histogram, SiteInfo } from "./schemas.ts";
import type { DataStore } from "./store.ts";

/** What the samples of a run come to. */
export interface RunSamples {
  scores: ItemScores | null;
  /** Path of the sample index from the site's root; `null`: its samples aren't shown. */
  index: string | null;
  latency: Histogram | null;
  tokens: Histogram | null;
  calibration: Calibration | null;
}

/** How samples are to be stored. */
export interface SampleSettings {
  store: DataStore;
  samples: SiteInfo["samples"];
  allowedSecrets: ReadonlySet<string>;
}

/** Setups read side by side: unpacking and packing run beside our own work. */
const atOnce = 4;

/**
 * Reads every run's samples once, setup by setup so that prompts are stored once.
 *
 * @throws ProblemsError naming every run whose samples can't be read
 */
export async function readSamplesOf(
  found: readonly FoundRun[],
  settings: SampleSettings,
): Promise<{ runs: Map<string, RunSamples>; problems: Problem[] }> {
  const runs = new Map<string, RunSamples>();
  const problems: Problem[] = [];
  const setups = [...Map.groupBy(found, (run) => run.record.setup.comparabilityHash)];
  const results: Awaited<ReturnType<typeof readSetup>>[] = [];
  let next = 0;
  const work = async () => {
    for (let at = next++; at < setups.length; at = next++) {
      const [hash, members] = setups[at] ?? ["", []];
      results[at] = await readSetup(hash, members, settings);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const unreadable: AssayError[] = [];
  for (const setup of results) {
    for (const [run, samples] of setup.runs) runs.set(run, samples);
    problems.push(...setup.problems);
    unreadable.push(...setup.unreadable);
  }
  if (unreadable.length > 0) throw new ProblemsError(unreadable);
  return { runs, problems };
}

async function readSetup(
  hash: string,
  members: readonly FoundRun[],
  settings: SampleSettings,
): Promise<{ runs: [string, RunSamples][]; problems: Problem[]; unreadable: AssayError[] }> {
  const canary = members[0]?.record.setup.task.card.canary;
  const shelf = new PromptShelf(settings.store, { name: hash.slice(0, 12), canary });
  const ingested: [FoundRun, IngestedRun][] = [];
  const problems: Problem[] = [];
  const unreadable: AssayError[] = [];
  for (const run of members) {
    const shown = isShown(run.record, settings);
    const result = await ingestRun(run, shown ? { store: settings.store, shelf } : null).catch((error: unknown) => {
      if (!(error instanceof InputError)) throw error;
      unreadable.push(error);
      return null;
    });
    if (result === null) continue;
    problems.push(...checkSamples(run.record, result, settings.allowedSecrets));
    ingested.push([run, result]);
  }
  await shelf.writer.close();
  const runs = ingested.map(([{ record }, result]): [string, RunSamples] => [
    record.runId,
    sumUp(record, result, { shelf, settings }),
  ]);
  return { runs, problems, unreadable };
}

function isShown(record: RunRecord, { samples }: SampleSettings): boolean {
  return samples.storage !== "withheld" && record.setup.task.card.publishSamples !== "none";
}

function sumUp(
  record: RunRecord,
  { columns, shards }: IngestedRun,
  { shelf, settings }: { shelf: PromptShelf; settings: SampleSettings },
): RunSamples {
  const hasIndex = isShown(record, settings) && columns.items.length > 0;
  const { store, samples } = settings;
  const index = hasIndex
    ? store.json(`samples/${record.runId}`, "sample index", indexOf(record, columns, { shards, shelf, samples }))
    : null;
  return {
    scores: itemScoresOf(columns, record),
    index,
    latency: histogramOf(columns.milliseconds),
    tokens: histogramOf(columns.outputTokens),
    calibration: calibration(columns.confidences, columns.rights),
  };
}

function indexOf(
  record: RunRecord,
  columns: SampleColumns,
  { shards, shelf, samples }: { shards: SampleIndex["shards"]; shelf: PromptShelf; samples: SiteInfo["samples"] },
): SampleIndex {
  const { metric, filter } = sampleMetric(record);
  const { card } = record.setup.task;
  const isHashed = card.publishSamples === "hashed";
  return {
    format: "assay-samples-1",
    run: record.runId,
    model: record.model,
    task: record.task,
    protocol: record.protocol,
    setup: record.setup.comparabilityHash,
    metric,
    filter,
    lowerIsBetter: record.scores.find((score) => score.metric === metric)?.lowerIsBetter ?? false,
    policy: isHashed ? "hashed" : "full",
    licence: card.licence,
    canary: card.canary ?? null,
    baseUrl: samples.baseUrl,
    shards,
    prompts: shelf.writer.shards,
    items: columns.items,
    epochs: columns.epochs.every((epoch) => epoch === 0) ? null : columns.epochs,
    outcomes: columns.outcomes.join(""),
    values: columns.values,
    clusters: columns.clusters.every((cluster) => cluster === null)
      ? null
      : columns.clusters.map(
          (cluster, at) => (cluster && isHashed ? hashText(cluster) : cluster) ?? columns.items[at] ?? "",
        ),
  };
}
