import { createHash } from "node:crypto";
import type { RunRecord, Sample, Score } from "../../contracts/index.ts";
import { type Instance, instanceSchema } from "./every-eval-ever-schema.ts";
import { type ExportedRun, epochSeconds, promptText } from "./exported.ts";

/** Names a run: benchmark, model, start. */
export function evaluationId({ task, setup, startedAt }: RunRecord): string {
  return `${task}/${setup.model.name.replaceAll("/", "_")}/${epochSeconds(startedAt)}`;
}

/** Names a score of a run: what its rows point at. */
export function resultId({ task, setup }: RunRecord, { metric, filter }: Pick<Score, "metric" | "filter">): string {
  return `${task}::${metric},${filter}::${setup.comparabilityHash.slice(0, 12)}`;
}

/** One line a sample and score, checked against the schema. */
export async function* instanceLines(
  { record, samples }: ExportedRun,
  scores: readonly Score[],
): AsyncGenerator<string> {
  for await (const sample of samples()) {
    for (const score of scores) {
      const row = instanceOf(record, sample, score);
      if (row) yield `${JSON.stringify(instanceSchema.parse(row))}\n`;
    }
  }
}

/** A sample without a value (errored, excluded) has no row: the format has no honest way to write it. */
function instanceOf(record: RunRecord, sample: Sample, { metric, filter }: Score): Instance | undefined {
  const value = sample.values.find((entry) => entry.metric === metric && entry.filter === filter)?.value ?? null;
  if (value === null) return undefined;
  const reference = referencesOf(sample);
  const raw = rawInput(sample);
  const answer = sample.answers.find((entry) => entry.filter === filter);
  const { response } = sample;
  return {
    schema_version: "0.3.0",
    evaluation_id: evaluationId(record),
    model_id: record.setup.model.name,
    evaluation_name: record.task,
    evaluation_result_id: resultId(record, { metric, filter }),
    sample_id: sample.epoch === 0 ? sample.item : `${sample.item}#${sample.epoch}`,
    sample_hash: sampleHash(raw, reference),
    interaction_type: "single_turn",
    input: { raw, formatted: promptText(sample), reference, choices: choicesOf(sample) },
    output: {
      raw: outputOf(sample),
      reasoning_trace: response?.reasoning === null || response === null ? null : [response.reasoning],
    },
    messages: null,
    answer_attribution:
      answer?.answer === null || answer === undefined
        ? []
        : [
            {
              turn_idx: 0,
              source: "output.raw",
              extracted_value: answer.answer,
              extraction_method: answer.by,
              is_terminal: true,
            },
          ],
    evaluation: { score: value, is_correct: value >= 1 },
    token_usage: usageOf(sample),
    performance: response && {
      latency_ms: response.latency.totalMs,
      time_to_first_token_ms: response.latency.firstByteMs,
    },
    error: null,
    metadata: {
      ...sample.categories,
      epoch: String(sample.epoch),
      outcome: sample.outcome.kind,
      ...(response?.finishReason ? { finish_reason: response.finishReason } : {}),
    },
  };
}

function referencesOf({ fields }: Sample): string[] {
  const { target = null, choices } = fields;
  const list = Array.isArray(target) ? target : [target];
  return list.map((entry) => {
    const choice = typeof entry === "number" && Array.isArray(choices) ? choices[entry] : undefined;
    return typeof choice === "string" ? choice : typeof entry === "string" ? entry : JSON.stringify(entry);
  });
}

/** What was asked last: the record keeps the prompt, not the item's own text. */
function rawInput(sample: Sample): string {
  const { request } = sample;
  if (request.kind !== "chat") return promptText(sample);
  return request.messages.findLast((message) => message.role === "user")?.content ?? "";
}

function choicesOf({ fields }: Sample): string[] | null {
  return Array.isArray(fields.choices)
    ? fields.choices.map((choice) => (typeof choice === "string" ? choice : JSON.stringify(choice)))
    : null;
}

function outputOf({ response }: Sample): string[] {
  if (response?.likelihoods) return response.likelihoods.map(({ logprob }) => String(logprob));
  return response?.text === null || response === null ? [] : [response.text];
}

function usageOf({ response }: Sample): Instance["token_usage"] {
  const { input = null, output = null, cacheRead = null, cacheWrite = null, reasoning = null } = response?.usage ?? {};
  if (input === null || output === null) return null;
  return {
    input_tokens: input,
    output_tokens: output,
    total_tokens: input + output,
    input_tokens_cache_write: cacheWrite,
    input_tokens_cache_read: cacheRead,
    reasoning_tokens: reasoning,
  };
}

/** The documented recipe: SHA-256 of compact JSON with sorted keys, as Python's `json.dumps` escapes it. */
export function sampleHash(raw: string, reference: readonly string[]): string {
  const json = JSON.stringify({ raw, reference }).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return createHash("sha256").update(json).digest("hex");
}
