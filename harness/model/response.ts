import { type CallContext, type Json, type ModelCall, type ModelResponse, responseWith } from "../contracts/index.ts";
import { ModelCallError } from "./model-call-error.ts";

/** Fills a response up from what a provider knows. */
export function responseOf(
  known: Partial<ModelResponse> & Pick<ModelResponse, "latency">,
  context?: CallContext,
): ModelResponse {
  return responseWith({ attempts: Math.max(1, context?.attempts() ?? 1), ...known });
}

/**
 * Cuts a generated text at its first stop string, for servers that take fewer stops than a protocol has or leave them in.
 * A text that was cut ended because of the stop, whatever else the server says.
 */
export function cutAtStop(
  generated: Pick<ModelResponse, "text" | "finishReason">,
  stops: readonly string[],
): Pick<ModelResponse, "text" | "finishReason"> {
  const { text } = generated;
  if (text === null) return generated;
  const ends = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  if (ends.length === 0) return generated;
  return { text: text.slice(0, Math.min(...ends)), finishReason: "stop" };
}

/** Stops of a request that generates. */
export function stopsOf({ request }: Pick<ModelCall, "request">): readonly string[] {
  return "stop" in request ? request.stop : [];
}

/** A member of parsed JSON by path; undefined where any part is missing. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  let here = value;
  for (const key of path) {
    if (typeof here !== "object" || here === null) return undefined;
    here = (here as Record<string | number, unknown>)[key];
  }
  return here;
}

export const numberAt = (value: unknown, ...path: (string | number)[]): number | null => {
  const found = at(value, ...path);
  return typeof found === "number" ? found : null;
};

export const textAt = (value: unknown, ...path: (string | number)[]): string | null => {
  const found = at(value, ...path);
  return typeof found === "string" ? found : null;
};

const finishReasons: Record<string, NonNullable<ModelResponse["finishReason"]>> = {
  stop: "stop",
  eos: "stop",
  eos_token: "stop",
  end_turn: "stop",
  stop_sequence: "stop",
  STOP: "stop",
  length: "length",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  MAX_TOKENS: "length",
  content_filter: "content_filter",
  refusal: "content_filter",
  SAFETY: "content_filter",
  RECITATION: "content_filter",
  BLOCKLIST: "content_filter",
  PROHIBITED_CONTENT: "content_filter",
  SPII: "content_filter",
  tool_calls: "tool_calls",
  tool_use: "tool_calls",
};

export function finishReasonOf(value: string | null): ModelResponse["finishReason"] {
  return value === null ? null : (finishReasons[value] ?? "other");
}

/** The body as it will be sent, without fields that are null. */
export function bodyOf(fields: Record<string, Json | undefined>): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, Json] => entry[1] !== undefined && entry[1] !== null),
  );
}

/** A model asked for something that its endpoint can't do. */
export function unsupported(what: string): ModelCallError {
  return new ModelCallError("capability", {
    what,
    fix: "Use another provider or protocol: `assay tasks <task>` lists them.",
  });
}
