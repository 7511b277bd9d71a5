import type { CallContext, Json, Model, ModelCall, ModelResponse } from "../../contracts/index.ts";
import { parseAnswer, postJson } from "../http.ts";
import { ModelCallError } from "../model-call-error.ts";
import { keyFor, type ModelOptions, type Provider } from "../open-model.ts";
import {
  at,
  bodyOf,
  cutAtStop,
  exchangeOf,
  finishReasonOf,
  numberAt,
  responseOf,
  textAt,
  unsupported,
} from "../response.ts";
import { systemOf } from "./anthropic.ts";

const defaultUrl = "https://generativelanguage.googleapis.com/v1beta";
const mostStops = 5;

/** Gemini's generateContent. @see https://ai.google.dev/api/generate-content */
export const provider: Provider = {
  name: "google",
  summary: "Gemini",
  env: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
  open: (name, options) => new GoogleModel(name, options),
};

class GoogleModel implements Model {
  readonly id: string;
  readonly provider = "google";
  readonly name: string;
  readonly baseUrl: string | null;
  readonly capabilities = { chat: true, text: false, likelihood: false, rolling: false };
  readonly options = {};
  readonly embedded = false;
  readonly #url: string;
  readonly #key: string | null;
  readonly #timeoutMs: number;

  constructor(name: string, options: ModelOptions) {
    this.id = `google/${name}`;
    this.name = name;
    this.baseUrl = options.baseUrl ?? null;
    this.#url = `${(options.baseUrl ?? defaultUrl).replace(/\/+$/, "")}/models/${name}:generateContent`;
    this.#key = keyFor(provider, options);
    this.#timeoutMs = options.timeoutMs ?? 600_000;
  }

  cacheKey(call: ModelCall): Json {
    return { model: this.name, body: this.#body(call) };
  }

  async respond(call: ModelCall, context: CallContext): Promise<ModelResponse> {
    const body = JSON.stringify(this.#body(call));
    const secrets = this.#key === null ? [] : [this.#key];
    const headers: Record<string, string> = this.#key === null ? {} : { "x-goog-api-key": this.#key };
    const { answer, value } = await context.attempt(async (signal) => {
      const received = await postJson({ url: this.#url, headers, body, timeoutMs: this.#timeoutMs, signal, secrets });
      const parsed = parseAnswer(received, this.#url);
      if (!Array.isArray(parsed.candidates) && !at(parsed, "promptFeedback", "blockReason")) {
        throw new ModelCallError("malformed", {
          what: `${this.#url} gave an answer without candidates.`,
          why: `It begins with ${JSON.stringify(received.text.slice(0, 120))}.`,
        });
      }
      return { answer: received, value: parsed };
    });
    const stops = call.request.kind === "chat" ? call.request.stop : [];
    return responseOf(
      {
        ...readCandidate(value, stops),
        latency: { firstByteMs: answer.firstByteMs, totalMs: answer.totalMs },
        exchanges: [exchangeOf(this.#url, body, answer)],
      },
      context,
    );
  }

  #body({ request }: ModelCall): Record<string, Json> {
    if (request.kind !== "chat") throw unsupported(`${this.id} takes chat messages only.`);
    const { parameters } = request;
    const system = systemOf(request.messages);
    return bodyOf({
      systemInstruction: system === null ? null : { parts: [{ text: system }] },
      contents: request.messages
        .filter((message) => message.role !== "system")
        .map(({ role, content }) => ({ role: role === "assistant" ? "model" : "user", parts: [{ text: content }] })),
      generationConfig: bodyOf({
        maxOutputTokens: parameters.maxTokens,
        temperature: parameters.temperature,
        topP: parameters.topP,
        topK: parameters.topK,
        seed: parameters.seed,
        frequencyPenalty: parameters.frequencyPenalty,
        presencePenalty: parameters.presencePenalty,
        stopSequences: request.stop.length > 0 ? request.stop.slice(0, mostStops) : null,
      }),
      ...parameters.extra,
    });
  }
}

function readCandidate(value: Record<string, unknown>, stops: readonly string[]): Partial<ModelResponse> {
  const candidate = at(value, "candidates", 0);
  const parts = at(candidate, "content", "parts");
  const textOf = (thought: boolean) =>
    Array.isArray(parts)
      ? parts.filter((part) => (at(part, "thought") === true) === thought).map((part) => textAt(part, "text") ?? "")
      : [];
  const usage = at(value, "usageMetadata");
  const thinking = textOf(true);
  return {
    text: cutAtStop(textOf(false).join(""), stops),
    reasoning: thinking.length > 0 ? thinking.join("") : null,
    finishReason: finishReasonOf(textAt(candidate, "finishReason")),
    refusal: textAt(value, "promptFeedback", "blockReason"),
    model: textAt(value, "modelVersion"),
    usage: {
      input: numberAt(usage, "promptTokenCount"),
      output: numberAt(usage, "candidatesTokenCount"),
      reasoning: numberAt(usage, "thoughtsTokenCount"),
      cacheRead: numberAt(usage, "cachedContentTokenCount"),
      cacheWrite: null,
    },
  };
}
