import {
  generationSchema,
  type Message,
  type ModelResponse,
  type Outcome,
  responseWith,
  type Sample,
} from "../../contracts/index.ts";
import { hashOf } from "../hash.ts";
import type { InspectMessage, InspectSample } from "./inspect-schema.ts";

/** What of a run's generation settings its samples share. */
export interface SharedRequest {
  stop: string[];
  temperature: number | null;
  maxTokens: number | null;
  /** Score's name in the record → key of the samples' scores and metric. */
  scores: { metric: string; filter: string }[];
}

/** Samples in the order of the log; positions are those of first appearance. */
export function inspectSamples(samples: readonly InspectSample[], shared: SharedRequest): Sample[] {
  const rows = new Map<string, number>();
  for (const { id } of samples) if (!rows.has(String(id))) rows.set(String(id), rows.size);
  return samples
    .map((sample) => sampleOf(sample, rows.get(String(sample.id)) ?? 0, shared))
    .sort((a, b) => a.row - b.row || a.epoch - b.epoch);
}

function sampleOf(sample: InspectSample, row: number, shared: SharedRequest): Sample {
  const { stop: _, ...parameters } = generationSchema.parse({
    temperature: shared.temperature,
    maxTokens: shared.maxTokens,
  });
  const request = { kind: "chat" as const, messages: askedMessages(sample), stop: shared.stop, parameters };
  const target = sample.target;
  const scores = Object.entries(sample.scores ?? {});
  return {
    item: String(sample.id),
    epoch: sample.epoch - 1,
    row,
    requestHash: hashOf(request),
    categories: {},
    cluster: null,
    fields: { target, choices: sample.choices ?? null, answer: [target].flat()[0] ?? "" },
    shots: [],
    request,
    response: responseOf(sample),
    answers: scores.map(([filter, { answer }]) => ({
      filter,
      answer: answer ?? null,
      span: null,
      by: `scorer ${filter}`,
    })),
    values: shared.scores.flatMap(({ metric, filter }) => {
      const score = sample.scores?.[filter];
      return score === undefined || sample.error ? [] : [{ metric, filter, value: numberOf(score.value) }];
    }),
    outcome: outcomeOf(sample),
    grading: null,
  };
}

/** C, P, I and N as Inspect counts them; what is no number is not scored. */
function numberOf(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "boolean") return Number(value);
  const known: Record<string, number> = { C: 1, P: 0.5, I: 0, N: 0 };
  return typeof value === "string" ? (known[value] ?? null) : null;
}

function outcomeOf(sample: InspectSample): Outcome {
  if (sample.error)
    return {
      kind: "errored",
      code: "INSPECT_ERROR",
      message: sample.error.message.slice(0, 500),
      status: null,
      attempts: 1,
    };
  const stop = sample.output?.choices?.[0]?.stop_reason;
  if (stop === "content_filter") return { kind: "refused", reason: "content_filter" };
  if (sample.limit) return { kind: "limited", limit: sample.limit.type === "token" ? "tokens" : "budget" };
  if (Object.keys(sample.scores ?? {}).length === 0) return { kind: "skipped", reason: "not scored" };
  return { kind: "scored", truncated: stop === "max_tokens" || stop === "model_length" };
}

/** What the model was shown before its last answer. */
function askedMessages({ input, messages }: InspectSample): Message[] {
  const all = messages ?? (typeof input === "string" ? [{ role: "user", content: input }] : input);
  const end = all.findLastIndex((message) => message.role === "assistant");
  return (end < 0 ? all : all.slice(0, end)).flatMap((message) => {
    if (message.role !== "system" && message.role !== "user" && message.role !== "assistant")
      return [{ role: "user" as const, content: `[${message.role}] ${textOf(message)}` }];
    return [{ role: message.role, content: textOf(message) }];
  });
}

function textOf({ content }: InspectMessage): string {
  return typeof content === "string" ? content : content.map((part) => part.text ?? "").join("");
}

function reasoningOf({ content }: InspectMessage): string | null {
  if (typeof content === "string") return null;
  const parts = content.flatMap((part) => part.reasoning ?? []);
  return parts.length > 0 ? parts.join("\n") : null;
}

const finishReasons: Record<string, ModelResponse["finishReason"]> = {
  stop: "stop",
  max_tokens: "length",
  model_length: "length",
  tool_calls: "tool_calls",
  content_filter: "content_filter",
};

function responseOf({ output, total_time }: InspectSample): ModelResponse | null {
  const choice = output?.choices?.[0];
  if (!choice) return null;
  const usage = output?.usage;
  return responseWith({
    text: textOf(choice.message),
    reasoning: reasoningOf(choice.message),
    finishReason: finishReasons[choice.stop_reason ?? ""] ?? null,
    model: output?.model ?? null,
    usage: {
      input: usage?.input_tokens ?? null,
      output: usage?.output_tokens ?? null,
      reasoning: usage?.reasoning_tokens ?? null,
      cacheRead: usage?.input_tokens_cache_read ?? null,
      cacheWrite: usage?.input_tokens_cache_write ?? null,
    },
    latency: { firstByteMs: null, totalMs: 1000 * (output?.time ?? total_time ?? 0) },
  });
}
