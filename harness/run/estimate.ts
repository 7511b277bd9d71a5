import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Cost, ModelRequest } from "../contracts/index.ts";
import { estimateCost } from "../model/index.ts";
import { journalFile, readRun, runFolder } from "../record/index.ts";
import { planRequests } from "./plan.ts";
import type { Prepared } from "./prepare.ts";
import { readJournal } from "./read-journal.ts";

/** What a run will ask and, roughly, what that takes. */
export interface Estimate {
  requests: number;
  /** Samples that an earlier command finished. */
  finished: number;
  inputTokens: number;
  /** Upper bound: the token limit of every request; `null` where the protocol sets none. */
  outputTokens: number | null;
  cost: Cost;
  basis: string;
}

/** Characters a token on English text, as a rule of thumb: the true figure depends on the model's tokenizer. */
const charactersPerToken = 4;

/** Goes through the whole plan without asking anything. */
export async function estimate(prepared: Prepared, { results }: { results: string }): Promise<Estimate> {
  const { finished, isFinished } = await finishedSamples(prepared, results);
  let requests = 0;
  let characters = 0;
  let output: number | null = 0;
  for await (const { request } of planRequests(prepared, isFinished)) {
    requests += "continuations" in request ? request.continuations.length : 1;
    characters += charactersOf(request);
    const limit = "parameters" in request ? request.parameters.maxTokens : 0;
    output = output === null || limit === null ? null : output + limit;
  }
  const { provider, name } = prepared.setup.model;
  const inputTokens = Math.round(characters / charactersPerToken);
  const usage = { input: inputTokens, output, reasoning: null, cacheRead: null, cacheWrite: null };
  return {
    requests,
    finished,
    inputTokens,
    outputTokens: output,
    cost: estimateCost({ provider, name }, usage),
    basis: `${charactersPerToken} characters a token; output at its limit`,
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

function charactersOf(request: ModelRequest): number {
  if (request.kind === "chat") return request.messages.reduce((sum, message) => sum + message.content.length, 0);
  if (request.kind === "text") return request.prompt.length;
  if (request.kind === "rolling") return request.text.length;
  return request.continuations.reduce(
    (sum, text, index) => sum + text.length + (request.prompts?.[index] ?? request.prompt).length,
    0,
  );
}
