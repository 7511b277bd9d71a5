import { existsSync } from "node:fs";
import { join } from "node:path";
import type { AssayError, Cost, JsonObject, Model, RunRecord } from "../contracts/index.ts";
import type { Client } from "../model/index.ts";
import {
  clearLeftovers,
  type Journal,
  journalFile,
  lockRun,
  makeRunFolder,
  openJournal,
  readRun,
  removeJournal,
  reopenJournal,
  type SampleIndex,
  ShardWriter,
  writeRun,
} from "../record/index.ts";
import { compileItems } from "../task/index.ts";
import { compileRequests } from "./build-request.ts";
import { readEnvironment } from "./environment.ts";
import { execute, type SampleEvent, type Stopped } from "./execute.ts";
import { planRequests } from "./plan.ts";
import { openTaskData, type Prepared } from "./prepare.ts";
import { readJournal } from "./read-journal.ts";
import { compileScorer, type Grade, type Scorer } from "./score-sample.ts";
import { Summariser } from "./summarise.ts";
import type { Workplace } from "./workplace.ts";

export interface RunOptions {
  results: string;
  model: Model;
  client: Client;
  grade: Grade | null;
  /** Repository tasks: where their items are worked on. */
  workplace?: Workplace | null;
  /** The command line, secrets taken out. */
  command: string[];
  draining: AbortSignal;
  aborting: AbortSignal;
  onStart?: (state: { total: number; finished: number }) => void;
  onSample?: (event: SampleEvent) => void;
}

/** A run as it stands after a command. */
export interface RunResult {
  record: RunRecord;
  folder: string;
  /** Samples that this command asked. */
  asked: number;
  stopped: Stopped | undefined;
}

/**
 * Carries a prepared run out, or takes it up where it stopped: finished samples are kept, failed ones asked again.
 *
 * @throws InputError `RUN_LOCKED` when another process works on it; anything unexpected, with the journal saved
 */
export async function runTask(prepared: Prepared, options: RunOptions): Promise<RunResult> {
  const folder = await makeRunFolder(options.results, prepared.runId);
  const unlock = lockRun(folder);
  try {
    return await runLocked(prepared, options, folder);
  } finally {
    unlock();
  }
}

async function runLocked(prepared: Prepared, options: RunOptions, folder: string): Promise<RunResult> {
  const { protocol } = prepared.resolved;
  const before = await readRun(folder);
  const total = prepared.items * protocol.epochs;
  if (before?.finishedAt && !existsSync(join(folder, journalFile))) {
    if (before.counts.errored === 0) {
      options.onStart?.({ total, finished: total });
      return { record: before, folder, asked: 0, stopped: undefined };
    }
    await reopenJournal(folder, before);
  }
  const path = join(folder, journalFile);
  const { index, end } = await readJournal(path, protocol.epochs);
  const journal = await openJournal(path, end);
  const scorer = compileScorer(protocol, options.grade);
  const started = { at: new Date().toISOString(), clock: performance.now() };
  const ending: Ending = {
    options,
    folder,
    before,
    started,
    journal,
    index,
    scorer,
    stopped: undefined,
    total,
    learnt: {},
  };
  let asked = 0;
  try {
    // Also when the process is killed: what was begun, when, and under which setup is on the disk.
    if (!before)
      await writeRun(folder, await recordOf(prepared, ending, await new Summariser(protocol, scorer).finish()));
    options.onStart?.({ total, finished: index.finished });
    if (index.finished < total) {
      ending.learnt = await prepareModel(prepared, options.model);
      const plan = planRequests(prepared, (ordinal) => index.isFinished(ordinal));
      const onSample = (event: SampleEvent) => {
        asked += 1;
        options.onSample?.(event);
      };
      ending.stopped = await execute(plan, {
        ...options,
        workplace: workplaceOf(options),
        onSample,
        journal,
        index,
        scorer,
      });
    }
    return { record: await sumUp(prepared, ending), folder, asked, stopped: ending.stopped };
  } finally {
    await journal.close();
  }
}

/** An embedded model's answer is what it is: a baseline can't use a container, and a replayed answer was made elsewhere. */
function workplaceOf({ model, workplace }: RunOptions): Workplace | null {
  return workplace && model.embedded ? { ...workplace, converse: null } : (workplace ?? null);
}

/** Gives an embedded model the training split it may learn from. @returns what it took of it */
async function prepareModel(prepared: Prepared, model: Model): Promise<JsonObject> {
  if (!model.prepare) return {};
  const { task, protocol } = prepared.resolved;
  const builder = compileRequests(protocol);
  const split = trainingSplit(prepared);
  const documents = async function* (): AsyncGenerator<JsonObject> {
    if (split === null) return;
    const data = await openTaskData(prepared.resolved, { splits: [split] });
    const toItem = compileItems(task, { split });
    for await (const { row, index, file } of data.rows(split)) {
      const item = toItem(row, index, file);
      if (item) yield item.document;
    }
  };
  return model.prepare({
    split,
    hasOptions: protocol.choices !== undefined,
    answers: async function* () {
      for await (const document of documents()) yield builder.answer(document);
    },
    texts: async function* () {
      for await (const document of documents()) {
        const shot = builder.shot(document);
        yield `${shot.question}${protocol.targetDelimiter}${shot.answer}${protocol.shotDelimiter}`;
      }
    },
  });
}

/** The split that shots come from, where the task has it and it isn't the one that is asked. */
function trainingSplit({ resolved, setup }: Prepared): string | null {
  const { dataset } = resolved.task;
  const split = resolved.protocol.shots.split ?? "train";
  const files = "repo" in dataset ? dataset.splits : dataset.path;
  const exists = typeof files === "object" && !Array.isArray(files) && split in files;
  return exists && split !== setup.dataset.split ? split : null;
}

interface Ending {
  options: RunOptions;
  folder: string;
  before: RunRecord | undefined;
  started: { at: string; clock: number };
  journal: Journal;
  index: SampleIndex;
  scorer: Scorer;
  stopped: Stopped | undefined;
  total: number;
  /** What an embedded model learnt from. */
  learnt: JsonObject;
}

/** Reads the journal in the order of the data set, writes shards where the run is complete, and the record. */
async function sumUp(prepared: Prepared, ending: Ending): Promise<RunRecord> {
  const { journal, index, folder } = ending;
  const isComplete = hasEverything(ending);
  const summariser = new Summariser(prepared.resolved.protocol, ending.scorer);
  const shards = isComplete ? new ShardWriter(folder) : undefined;
  for (const place of index.places()) {
    const line = await journal.read(place);
    await summariser.add(JSON.parse(line));
    await shards?.add(line);
  }
  const record = await recordOf(prepared, ending, await summariser.finish());
  if (!shards) {
    await writeRun(folder, record);
    return record;
  }
  const complete = { ...record, finishedAt: new Date().toISOString(), samples: await shards.close() };
  await writeRun(folder, complete);
  await removeJournal(folder);
  await clearLeftovers(folder, complete);
  return complete;
}

function hasEverything({ index, total }: Ending): boolean {
  return index.finished + index.errored >= total;
}

/** The record of a run that isn't complete (yet). */
async function recordOf(
  prepared: Prepared,
  ending: Ending,
  summary: Awaited<ReturnType<Summariser["finish"]>>,
): Promise<RunRecord> {
  const { index, before, options } = ending;
  const reasons = partialReasons(prepared, { ...ending, errored: index.errored, finished: index.finished });
  const { setup, runId } = prepared;
  return {
    format: "assay-run-1",
    runId,
    task: setup.task.id,
    protocol: setup.protocol.id,
    model: `${setup.model.provider}/${setup.model.name}`,
    setup,
    partial: reasons.length > 0,
    partialReasons: reasons,
    command: options.command,
    startedAt: before?.startedAt ?? ending.started.at,
    finishedAt: null,
    seconds: (before?.seconds ?? 0) + (performance.now() - ending.started.clock) / 1000,
    environment: await readEnvironment(),
    ...summary,
    cost: costOf(options.client, summary.usage),
    samples: [],
    source: { kind: setup.model.provider === "replay" ? "replay" : "assay", note: null, details: detailsOf(ending) },
  };
}

function detailsOf({ learnt, before }: Ending): JsonObject {
  return Object.keys(learnt).length > 0 ? { learnt } : (before?.source.details ?? {});
}

/** What all of the run's tokens cost; those of cached responses were paid by the run that asked first. */
function costOf(client: Client, usage: RunRecord["usage"]): Cost {
  const cost = client.costOf(usage);
  if (cost.value === null || cost.value === 0) return cost;
  const notes = [cost.basis];
  if (usage.cached > 0) notes.push(`${usage.cached} responses came from the cache and were paid earlier`);
  if (usage.cacheRead) notes.push("input that the server had cached is counted at the full price");
  return { ...cost, basis: notes.join("; ") };
}

function partialReasons(
  prepared: Prepared,
  state: { total: number; finished: number; errored: number; stopped: Stopped | undefined },
): string[] {
  const reasons: string[] = [];
  const limit = prepared.setup.limit;
  if (limit !== null)
    reasons.push(`--limit ${limit}: the first ${prepared.items} of ${prepared.setup.dataset.rows} rows`);
  if (state.errored > 0) reasons.push(`${state.errored} of ${state.total} samples errored and were not scored`);
  const missing = state.total - state.finished - state.errored;
  if (missing > 0) reasons.push(`${missing} of ${state.total} samples are not finished${stopWords(state.stopped)}`);
  return reasons;
}

function stopWords(stopped: Stopped | undefined): string {
  if (!stopped) return "";
  return stopped.why === "interrupted"
    ? " (interrupted)"
    : ` (${(stopped.error as AssayError).what ?? String(stopped.error)})`;
}
