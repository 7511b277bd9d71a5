import {
  generationSchema,
  type Json,
  type Likelihood,
  type Message,
  type ModelRequest,
  type ModelResponse,
  messageSchema,
  responseWith,
  type Sample,
} from "../../contracts/index.ts";
import { hashOf } from "../hash.ts";
import type { LmEvalSample } from "./lm-eval-schema.ts";

/** What lm-eval puts where a filter found nothing. */
const nothingFound = "[invalid]";

/**
 * Samples of a task from its samples file, in which every filter has its own lines. lm-eval keeps one value an item: it goes to
 * the first of several responses, which is the one that was scored.
 */
export function lmEvalSamples(lines: readonly LmEvalSample[], split: string): Sample[] {
  const byItem = new Map<number, LmEvalSample[]>();
  for (const line of lines) byItem.set(line.doc_id, [...(byItem.get(line.doc_id) ?? []), line]);
  return [...byItem].sort(([a], [b]) => a - b).flatMap(([row, ofItem]) => samplesOf(ofItem, { row, split }));
}

function samplesOf(lines: readonly LmEvalSample[], { row, split }: { row: number; split: string }): Sample[] {
  const first = lines[0] as LmEvalSample;
  const request = requestOf(first);
  const responses = responsesOf(first, request);
  const choices = request.kind === "likelihood" ? request.continuations : null;
  const target = first.target as Json;
  return responses.map((response, epoch) => {
    const answers = lines.map((line) => answerOf(line, epoch)).filter((answer) => answer !== undefined);
    const found = answers.length === 0 || answers.some(({ answer }) => answer !== null);
    return {
      item: `${split}/${row}`,
      epoch,
      row,
      requestHash: first.prompt_hash ?? hashOf(request),
      categories: {},
      cluster: null,
      fields: { target, choices, answer: typeof target === "string" ? target : JSON.stringify(target) },
      shots: [],
      request,
      response,
      answers,
      values: epoch === 0 ? lines.flatMap(valuesOf) : [],
      outcome: found ? { kind: "scored", truncated: false } : { kind: "unparsed" },
      grading: null,
    };
  });
}

function argumentsOf(line: LmEvalSample): [unknown, unknown][] {
  const list: unknown[] = Array.isArray(line.arguments) ? line.arguments : Object.values(line.arguments);
  return list.map((entry) =>
    Array.isArray(entry) ? [entry[0], entry[1]] : Object.values(entry as object).slice(0, 2),
  ) as [unknown, unknown][];
}

function requestOf(line: LmEvalSample): ModelRequest {
  const all = argumentsOf(line);
  const [prompt, second] = all[0] ?? ["", {}];
  if (typeof second === "string") {
    const prompts = all.map(([context]) => textOf(context));
    const same = prompts.every((one) => one === prompts[0]);
    const continuations = all.map(([, continuation]) => textOf(continuation));
    return { kind: "likelihood", prompt: prompts[0] ?? "", ...(same ? {} : { prompts }), continuations };
  }
  if (second === undefined) return { kind: "rolling", text: textOf(prompt) };
  const sent = second as Record<string, unknown>;
  const stop = [sent.until ?? []].flat().filter((one): one is string => typeof one === "string" && one !== "");
  const { stop: _, ...parameters } = generationSchema.parse({
    maxTokens: positive(sent.max_gen_toks ?? sent.max_new_tokens ?? sent.max_tokens),
    temperature: typeof sent.temperature === "number" ? sent.temperature : null,
    topP: typeof sent.top_p === "number" ? sent.top_p : null,
  });
  const messages = messagesIn(prompt);
  return messages
    ? { kind: "chat", messages, stop, parameters }
    : { kind: "text", prompt: textOf(prompt), stop, parameters };
}

function positive(value: unknown): number | null {
  return typeof value === "number" && value > 0 ? Math.round(value) : null;
}

/** A chat is kept as JSON, as a list in a list for some models. */
function messagesIn(prompt: unknown): Message[] | undefined {
  const text = Array.isArray(prompt) ? prompt[0] : prompt;
  if (typeof text !== "string" || !text.startsWith("[{")) return undefined;
  try {
    const parsed = messageSchema
      .array()
      .safeParse((JSON.parse(text) as Record<string, unknown>[]).map(({ role, content }) => ({ role, content })));
    return parsed.success && parsed.data.length > 0 ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  if (Array.isArray(value) && value.length === 1) return textOf(value[0]);
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

/** `resps[request][repeat]`; pairs of log-likelihood and greedy flag for choices. */
function responsesOf(line: LmEvalSample, request: ModelRequest): ModelResponse[] {
  if (request.kind === "likelihood" || request.kind === "rolling")
    return [responseWith({ likelihoods: line.resps.map(likelihoodOf) })];
  const repeats = (Array.isArray(line.resps[0]) ? line.resps[0] : line.resps) as unknown[];
  return repeats.map((text) => responseWith({ text: textOf(text) }));
}

function likelihoodOf(response: unknown): Likelihood {
  let pair: unknown = response;
  while (Array.isArray(pair) && pair.length === 1) [pair] = pair as unknown[];
  const [logprob, greedy] = Array.isArray(pair) ? (pair as unknown[]) : [pair, null];
  return {
    logprob: Number(logprob),
    tokens: null,
    greedy: greedy === null || greedy === undefined || greedy === "None" ? null : greedy === true || greedy === "True",
    straddled: false,
  };
}

function answerOf(line: LmEvalSample, epoch: number): Sample["answers"][number] | undefined {
  const filtered = line.filtered_resps;
  const answer: unknown = Array.isArray(filtered) ? filtered[epoch] : epoch === 0 ? filtered : undefined;
  if (typeof answer !== "string") return undefined;
  return {
    filter: line.filter,
    answer: answer === nothingFound ? null : answer,
    span: null,
    by: `${line.filter} of lm-evaluation-harness`,
  };
}

/** Pairs and lists (what corpus metrics are computed from) are no values of a sample. */
function valuesOf(line: LmEvalSample): Sample["values"] {
  return (line.metrics ?? []).map((metric) => {
    const value = line[metric];
    const known = typeof value === "boolean" ? Number(value) : value;
    return { metric, filter: line.filter, value: typeof known === "number" && Number.isFinite(known) ? known : null };
  });
}
