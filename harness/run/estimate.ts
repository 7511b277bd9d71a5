import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Cost } from "../contracts/index.ts";
import { type Client, charactersOf, charactersPerToken } from "../model/index.ts";
import { journalFile, readRun, runFolder } from "../record/index.ts";
import { type Duration, estimateSeconds, type Pace } from "./estimate-seconds.ts";
import { callOf } from "./execute.ts";
import { planRequests } from "./plan.ts";
import type { Prepared } from "./prepare.ts";
import { readJournal } from "./read-journal.ts";

/** What a run will ask and, roughly, what that takes. */
export interface Estimate {
  /** Requests to make: neither finished nor cached. */
  requests: number;
  /** Samples that an earlier command finished. */
  finished: number;
  /** Samples that the response cache answers. */
  cached: number;
  inputTokens: number;
  /** Upper bound: the token limit of every request; `null` where the protocol sets none. */
  outputTokens: number | null;
  cost: Cost;
  time: Duration;
  basis: string;
}

/** Goes through the whole plan without asking anything. */
export async function estimate(
  prepared: Prepared,
  options: { results: string; client: Client; pace: Pace },
): Promise<Estimate> {
  const { finished, isFinished } = await finishedSamples(prepared, options.results);
  let [requests, samples, cached, characters] = [0, 0, 0, 0];
  let output: number | null = 0;
  for await (const planned of planRequests(prepared, isFinished)) {
    if (options.client.isCached(callOf(planned))) {
      cached += 1;
      continue;
    }
    const { request } = planned;
    samples += 1;
    requests += "continuations" in request ? request.continuations.length : 1;
    characters += charactersOf(request);
    const limit = "parameters" in request ? request.parameters.maxTokens : 0;
    output = output === null || limit === null ? null : output + limit;
  }
  const inputTokens = Math.round(characters / charactersPerToken);
  const work = { model: prepared.setup.model, samples, requests, tokens: inputTokens + (output ?? 0) };
  return {
    requests,
    finished,
    cached,
    inputTokens,
    outputTokens: output,
    cost: options.client.costOf({ input: inputTokens, output }),
    time: await estimateSeconds(work, options),
    basis: `${charactersPerToken} characters a token${output ? "; output at its limit" : ""}`,
  };
}

async function finishedSamples(
  prepared: Prepared,
  results: string,
): Promise<{ finished: number; isFinished: (ordinal: number) => boolean }> {
  const folder = runFolder(results, prepared.runId);
  const path = join(folder, journalFile);
  if (existsSync(path)) {
    const { index } = await readJournal(path, prepared.resolved.protocol.epochs);
    return { finished: index.finished, isFinished: (ordinal) => index.isFinished(ordinal) };
  }
  const record = await readRun(folder);
  const done = record?.finishedAt ? prepared.items * prepared.resolved.protocol.epochs : 0;
  return { finished: done, isFinished: () => done > 0 };
}
