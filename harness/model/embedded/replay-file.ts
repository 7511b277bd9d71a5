import { createHash } from "node:crypto";
import { createReadStream, type Stats, statSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { InputError, type JsonObject, type Likelihood } from "../../contracts/index.ts";
import { splitLines } from "../../record/index.ts";

/** A response as a file holds it. */
export interface RecordedResponse {
  text: string | null;
  likelihoods: Likelihood[] | null;
  /** Samples of lm-evaluation-harness say which row they answer; its number alone may be another task's. */
  document: JsonObject | null;
}

/** A file's responses by `${epoch}\n${item}`; by `${epoch}\nrow ${number}` where it knows items by their number only. */
export interface ReplayFile {
  sha256: string;
  responses: Map<string, RecordedResponse>;
}

/** Reads `{item, epoch?, response}`, `{item, logprobs}` and lm-evaluation-harness samples, a line each. @throws InputError */
export async function readReplayFile(path: string): Promise<ReplayFile> {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (!facts?.isFile()) throw missing(path, facts);
  const hash = createHash("sha256");
  const responses = new Map<string, RecordedResponse>();
  let number = 0;
  try {
    for await (const { text } of splitLines(contentOf(path, hash))) {
      number += 1;
      const line = number === 1 ? text.replace(/^\uFEFF/, "") : text;
      if (line.trim() === "") continue;
      for (const { key, named, response } of parseLine(line, `${path}:${number}`)) {
        const before = responses.get(key);
        if (before && JSON.stringify(before) !== JSON.stringify(response)) throw repeated(`${path}:${number}`, named);
        responses.set(key, response);
      }
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw malformed(path, { why: error instanceof Error ? error.message : String(error), cause: error });
  }
  if (responses.size === 0) throw malformed(path, { why: "It holds no response." });
  return { sha256: hash.digest("hex"), responses };
}

/** The file's bytes, hashed as they are stored, with their compression taken off. */
function contentOf(path: string, hash: ReturnType<typeof createHash>): AsyncIterable<Buffer> {
  const stored = async function* () {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      yield chunk;
    }
  };
  if (!path.endsWith(".gz")) return stored();
  const inflate = createGunzip();
  // The pipeline destroys `inflate` with whatever went wrong, so reading it reports the same error once.
  pipeline(Readable.from(stored()), inflate).catch(() => {});
  return inflate as AsyncIterable<Buffer>;
}

interface Line {
  key: string;
  /** Item and epoch for a message. */
  named: string;
  response: RecordedResponse;
}

function parseLine(line: string, where: string): Line[] {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw malformed(`${where}: not JSON`, { why: cause instanceof Error ? cause.message : String(cause), cause });
  }
  const fields = isObject(value) ? value : {};
  if (fields.doc_id !== undefined && Array.isArray(fields.resps)) return lmEvalSample(fields, where);
  const { item, epoch = 0, response, logprobs } = fields;
  const isNamed = typeof item === "string" || typeof item === "number";
  const isEpoch = Number.isInteger(epoch) && (epoch as number) >= 0;
  const hasNumbers = Array.isArray(logprobs) && logprobs.length > 0 && logprobs.every(Number.isFinite);
  if (!isNamed || !isEpoch || (typeof response !== "string" && !hasNumbers)) {
    throw malformed(`${where}: a line needs "item" and "response" (a text) or "logprobs" (a list of numbers)`, {
      why: `It has ${Object.keys(fields).join(", ") || "nothing"}.`,
      fix: 'For example: {"item": "test/0", "response": "The answer is 4."}',
    });
  }
  const recorded = {
    text: typeof response === "string" ? response : null,
    likelihoods: hasNumbers ? (logprobs as number[]).map((logprob) => likelihoodOf(logprob, null)) : null,
    document: null,
  };
  const [id, repetition] = [String(item as string | number), String(epoch as number)];
  return [{ key: `${repetition}\n${id}`, named: `item ${id}, epoch ${repetition}`, response: recorded }];
}

/** lm-evaluation-harness writes a sample once a filter; `resps` is the same on all of those lines. */
function lmEvalSample({ doc_id, resps, doc }: Record<string, unknown>, where: string): Line[] {
  const id = String(doc_id as number);
  const document = isObject(doc) ? (doc as JsonObject) : null;
  const requests = (resps as unknown[]).map((entry) => (Array.isArray(entry) ? (entry as unknown[]) : [entry]));
  const [first = []] = requests;
  const lineOf = (epoch: number, recorded: Omit<RecordedResponse, "document">): Line => ({
    key: `${epoch}\nrow ${id}`,
    named: `doc_id ${id}, response ${epoch}`,
    response: { ...recorded, document },
  });
  if (!Array.isArray(first[0])) {
    if (first.length > 0 && first.every((text) => typeof text === "string"))
      return (first as string[]).map((text, epoch) => lineOf(epoch, { text, likelihoods: null }));
    throw malformed(`${where}: "resps" holds neither texts nor log-likelihoods`, {});
  }
  const likelihoods = requests.map(([entry]) => {
    const [logprob, greedy] = Array.isArray(entry) ? (entry as unknown[]) : [];
    return likelihoodOf(Number(logprob ?? Number.NaN), greedy === true || String(greedy) === "True");
  });
  if (likelihoods.every(({ logprob }) => Number.isFinite(logprob))) return [lineOf(0, { text: null, likelihoods })];
  throw malformed(`${where}: "resps" holds a log-likelihood that is no number`, {});
}

function likelihoodOf(logprob: number, greedy: boolean | null): Likelihood {
  return { logprob, tokens: null, greedy, straddled: false };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function missing(path: string, facts: Stats | undefined): InputError {
  return new InputError({
    code: "REPLAY_MISSING",
    what: facts ? `${path} is no file that could be replayed.` : `There is no file ${path} to replay.`,
    fix: "Name a JSONL file: --model replay/path/to/answers.jsonl",
  });
}

function malformed(what: string, { why, fix, cause }: { why?: string; fix?: string; cause?: unknown }): InputError {
  return new InputError({
    code: "REPLAY_MALFORMED",
    what: what.includes(": ") ? `${what}.` : `${what} can't be replayed.`,
    ...(why === undefined ? {} : { why }),
    fix: fix ?? "Every line must be one JSON object with an item and its response.",
    cause,
  });
}

function repeated(where: string, named: string): InputError {
  return new InputError({
    code: "REPLAY_REPEATED",
    what: `${where}: ${named} has a second, different response.`,
    fix: 'Keep one of them, or give them different epochs: {"item": …, "epoch": 1, …}.',
  });
}
