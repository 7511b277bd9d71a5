import { existsSync } from "node:fs";
import { join } from "node:path";
import { InputError, type JsonObject, type Protocol, type RunRecord, type Sample } from "../contracts/index.ts";
import { extractVersion } from "../extract/index.ts";
import {
  draftRun,
  hashSetup,
  journalFile,
  lockRun,
  makeRunFolder,
  readSamples,
  removeJournal,
  reopenJournal,
  runIdOf,
  ShardWriter,
  writeRun,
} from "../record/index.ts";
import { scoreVersion } from "../score/index.ts";
import { checkPrimary } from "./check-primary.ts";
import { readEnvironment } from "./environment.ts";
import { compileScorer, type Grade } from "./score-sample.ts";
import { Summariser } from "./summarise.ts";

/** A sample whose verdict is another one now. */
export interface ScoreChange {
  item: string;
  epoch: number;
  metric: string;
  filter: string;
  before: number | null;
  after: number | null;
}

export interface RescoreOptions {
  results: string;
  folder: string;
  record: RunRecord;
  /** The protocol to score with: the recorded one with what the command line changed in extraction, metrics and policy. */
  protocol: Protocol;
  overrides: RunRecord["setup"]["overrides"];
  grade: Grade | null;
  /** The sandbox that judges now; null where no code is run. */
  sandbox: JsonObject | null;
  command: string[];
}

/**
 * Scores the recorded responses of a run again, with the same functions that scored them first, and never the model.
 * Writes a run of its own where the setup differs; else replaces the record.
 *
 * @returns the new record and every sample value that changed, in order
 * @throws InputError `RUN_UNFINISHED`, `RUN_IMPORTED`, `RUN_LOCKED`, `PRIMARY_UNKNOWN`
 */
export async function rescore(
  options: RescoreOptions,
): Promise<{ record: RunRecord; folder: string; changes: ScoreChange[] }> {
  const { record, protocol } = options;
  if (record.finishedAt === null || existsSync(join(options.folder, journalFile))) throw unfinished(record);
  if (record.source.kind === "import") throw imported(record);
  checkPrimary(protocol);
  const scorer = compileScorer(protocol, options.grade);
  const { comparabilityHash: _c, identityHash: _i, ...recorded } = record.setup;
  const setup = hashSetup({
    ...recorded,
    protocol,
    overrides: [...recorded.overrides, ...options.overrides],
    sandbox: options.sandbox,
    versions: { ...recorded.versions, extract: extractVersion, score: scoreVersion },
  });
  const runId = runIdOf(setup);
  const folder = await makeRunFolder(options.results, runId);
  const unlock = lockRun(folder);
  const draft = await draftRun(folder);
  try {
    const summariser = new Summariser(protocol, scorer);
    const shards = new ShardWriter(draft.folder);
    const changes: ScoreChange[] = [];
    for await (const [sample, scored] of scoredInOrder(readSamples(options.folder, record), scorer)) {
      changes.push(...changesOf(sample, scored));
      await summariser.add(scored);
      await shards.add(JSON.stringify(scored));
    }
    const isSameRun = runId === record.runId;
    const next: RunRecord = {
      ...record,
      ...(await summariser.finish()),
      runId,
      setup,
      // What repeats a run is what made it, not what read its answers once more.
      command: isSameRun ? record.command : options.command,
      environment: await readEnvironment(),
      samples: await shards.close(),
      source: {
        ...record.source,
        note: isSameRun ? record.source.note : `scored again from ${record.runId}`,
      },
    };
    // The samples may have been read from the folder that is written to: nothing is replaced before all of it is there,
    // and until the record knows its shards, whoever is killed leaves a journal from which the run's command finishes.
    await reopenJournal(folder, next, draft.folder);
    await draft.publish(next.samples.map((shard) => shard.file));
    await writeRun(folder, next);
    await removeJournal(folder);
    return { record: next, folder, changes };
  } finally {
    await draft.remove();
    unlock();
  }
}

/** Samples under way at once: programs are judged side by side. */
const mostAtOnce = 32;

async function* scoredInOrder(
  samples: AsyncIterable<Sample>,
  scorer: ReturnType<typeof compileScorer>,
): AsyncGenerator<[before: Sample, after: Sample]> {
  const underWay: Promise<[Sample, Sample]>[] = [];
  for await (const sample of samples) {
    const work = scoreAgain(sample, scorer).then((scored): [Sample, Sample] => [sample, scored]);
    // What fails is told when its turn comes; until then it must not end the process as unheard.
    work.catch(() => {});
    underWay.push(work);
    if (underWay.length >= mostAtOnce) yield (await underWay.shift()) as [Sample, Sample];
  }
  for (const work of underWay) yield await work;
}

async function scoreAgain(sample: Sample, scorer: ReturnType<typeof compileScorer>): Promise<Sample> {
  const scoring = sample.fields as unknown as Parameters<typeof scorer.score>[0]["scoring"];
  if (!sample.response)
    return sample.outcome.kind === "errored"
      ? sample
      : { ...sample, ...scorer.withoutResponse(sample.outcome, scoring) };
  const document: JsonObject = { ...scoring.extra, choices: scoring.choices };
  return { ...sample, ...(await scorer.score({ scoring, document, request: sample.request }, sample.response)) };
}

function changesOf(before: Sample, after: Sample): ScoreChange[] {
  const { item, epoch } = before;
  const old = new Map(before.values.map((entry) => [`${entry.metric}\n${entry.filter}`, entry.value]));
  return after.values
    .filter(
      (entry) =>
        old.has(`${entry.metric}\n${entry.filter}`) && old.get(`${entry.metric}\n${entry.filter}`) !== entry.value,
    )
    .map(({ metric, filter, value }) => ({
      item,
      epoch,
      metric,
      filter,
      before: old.get(`${metric}\n${filter}`) ?? null,
      after: value,
    }));
}

function unfinished({ runId, command }: RunRecord): InputError {
  return new InputError({
    code: "RUN_UNFINISHED",
    what: `Run ${runId} isn't finished, so there is no score to compare with.`,
    fix: `Finish it first: ${command.join(" ")}`,
  });
}

function imported({ runId, source }: RunRecord): InputError {
  return new InputError({
    code: "RUN_IMPORTED",
    what: `Run ${runId} was imported, and how its answers were read isn't recorded${source.note ? ` by ${source.note}` : ""}.`,
    fix: "Score its responses under a protocol of ours: assay run <task> --model replay/<samples file>",
  });
}
