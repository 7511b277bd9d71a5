import { existsSync } from "node:fs";
import { join } from "node:path";
import type { AssayError, Cost, JsonObject, Model, RunRecord } from "../contracts/index.ts";
import { type Client, estimateCost } from "../model/index.ts";
import {
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

export interface RunOptions {
  results: string;
  model: Model;
  client: Client;
  grade: Grade | null;
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
  options.onStart?.({ total, finished: index.finished });
  let asked = 0;
  let stopped: Stopped | undefined;
  try {
    if (index.finished < total) {
      await prepareModel(prepared, options.model);
      const plan = planRequests(prepared, (ordinal) => index.isFinished(ordinal));
      const onSample = (event: SampleEvent) => {
        asked += 1;
        options.onSample?.(event);
      };
      stopped = await execute(plan, { ...options, onSample, journal, index, scorer });
    }
    const record = await sumUp(prepared, { options, folder, before, started, journal, index, scorer, stopped, total });
    return { record, folder, asked, stopped };
  } finally {
    await journal.close();
  }
}

/** Gives an embedded model the training split it may learn from. */
async function prepareModel(prepared: Prepared, model: Model): Promise<void> {
  if (!model.prepare) return;
  const { task, protocol } = prepared.resolved;
  const builder = compileRequests(protocol);
  const split = protocol.shots.split ?? "train";
  const evaluated = prepared.setup.dataset.split;
  const documents = async function* (): AsyncGenerator<JsonObject> {
    if (split === evaluated) return;
    const data = await openTaskData(prepared.resolved, { splits: [split] }).catch(() => undefined);
    if (!data) return;
    const toItem = compileItems(task, { split });
    for await (const { row, index, file } of data.rows(split)) {
      const item = toItem(row, index, file);
      if (item) yield item.document;
    }
  };
  await model.prepare({
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
}

/** Reads the journal in the order of the data set, writes shards where the run is complete, and the record. */
async function sumUp(prepared: Prepared, ending: Ending): Promise<RunRecord> {
  const { journal, index, folder, total, before } = ending;
  const complete = index.finished + index.errored >= total;
  const summariser = new Summariser(prepared.resolved.protocol, ending.scorer);
  const shards = complete ? new ShardWriter(folder) : undefined;
  for (const place of index.places()) {
    const line = await journal.read(place);
    await summariser.add(JSON.parse(line));
    await shards?.add(line);
  }
  const summary = await summariser.finish();
  const reasons = partialReasons(prepared, { ...ending, errored: index.errored, finished: index.finished });
  const { setup, runId } = prepared;
  const record: RunRecord = {
    format: "assay-run-1",
    runId,
    task: setup.task.id,
    protocol: setup.protocol.id,
    model: `${setup.model.provider}/${setup.model.name}`,
    setup,
    partial: reasons.length > 0,
    partialReasons: reasons,
    command: ending.options.command,
    startedAt: before?.startedAt ?? ending.started.at,
    finishedAt: complete ? new Date().toISOString() : null,
    seconds: (before?.seconds ?? 0) + (performance.now() - ending.started.clock) / 1000,
    environment: await readEnvironment(),
    ...summary,
    cost: costOf(ending.options.model, summary.usage),
    samples: (await shards?.close()) ?? [],
    source: { kind: setup.model.provider === "replay" ? "replay" : "assay", note: null, details: {} },
  };
  await writeRun(folder, record);
  if (complete) await removeJournal(folder);
  return record;
}

function costOf(model: Model, usage: RunRecord["usage"]): Cost {
  if (model.embedded) return { value: 0, currency: "USD", basis: "embedded: nothing is paid" };
  return estimateCost(model, usage);
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
