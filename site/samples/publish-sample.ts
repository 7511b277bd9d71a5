import type { Sample } from "@assay/harness/contracts";
import { sha256 } from "@assay/harness/record";
import type { DataStore } from "../data/store.ts";
import type { LinePlace } from "./shard-writer.ts";

/** Longest text kept inside a shard; the rest of a longer one is a file of its own, fetched on demand. */
const longestText = 50_000;
const keptOfLonger = 4_000;

/** Where the whole of a long text is. */
export interface LongText {
  path: string;
  sha256: string;
  characters: number;
}

/**
 * A sample as the site carries it: its prompt is stored once elsewhere, the wire bodies stay with the run's own files,
 * very long texts stand apart.
 */
export function publishSample(store: DataStore, sample: Sample, prompt: LinePlace): Record<string, unknown> {
  const { item, epoch, response, answers, values, outcome, grading } = sample;
  const common = { item, epoch, prompt, answers, values, outcome, grading };
  if (!response) return { ...common, response: null };
  const { exchanges, ...rest } = response;
  const long: Record<string, LongText> = {};
  for (const field of ["text", "reasoning"] as const) {
    const text = rest[field];
    if (text === null || text.length <= longestText) continue;
    const name = `texts/${sha256(text)}.txt`;
    store.bytes({ name, role: "long text", content: text });
    const { path, sha256: hash } = store.file(name);
    long[field] = { path, sha256: hash, characters: text.length };
    rest[field] = text.slice(0, keptOfLonger);
  }
  const requests = exchanges.map(({ url, status, requestId }) => ({ url, status, requestId }));
  return { ...common, response: { ...rest, requests }, ...(Object.keys(long).length > 0 ? { long } : {}) };
}

/** What stands for a text that may not be shown: whoever has the text can check that it is the same. */
export function hashText(text: string): string {
  return `sha256:${sha256(text)}`;
}

/** A sample whose texts may not be shown. Ids and categories stay: they say which item it is. */
export function hashSample(sample: Sample): Sample {
  const hashed = hashText;
  const deep = (value: unknown): unknown => {
    if (typeof value === "string") return hashed(value);
    if (Array.isArray(value)) return value.map(deep);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, deep(entry)]));
  };
  const { request, response } = sample;
  const hashedRequest: Sample["request"] =
    request.kind === "chat"
      ? { ...request, messages: request.messages.map(({ role, content }) => ({ role, content: hashed(content) })) }
      : request.kind === "text"
        ? { ...request, prompt: hashed(request.prompt) }
        : request.kind === "rolling"
          ? { ...request, text: hashed(request.text) }
          : {
              kind: "likelihood",
              prompt: hashed(request.prompt),
              continuations: request.continuations.map(hashed),
              ...(request.prompts ? { prompts: request.prompts.map(hashed) } : {}),
            };
  return {
    ...sample,
    // What items have in common may be the passage itself.
    cluster: sample.cluster === null ? null : hashed(sample.cluster),
    fields: deep(sample.fields) as Sample["fields"],
    request: hashedRequest,
    response: response && {
      ...response,
      text: response.text === null ? null : hashed(response.text),
      reasoning: response.reasoning === null ? null : hashed(response.reasoning),
      refusal: response.refusal === null ? null : hashed(response.refusal),
    },
    answers: sample.answers.map((entry) => ({
      ...entry,
      answer: entry.answer === null ? null : hashed(entry.answer),
      span: null,
    })),
    // A server that refuses may repeat what it was asked.
    outcome:
      sample.outcome.kind === "errored"
        ? { ...sample.outcome, message: hashed(sample.outcome.message) }
        : sample.outcome,
    grading: sample.grading && (deep(sample.grading) as Sample["grading"]),
  };
}
