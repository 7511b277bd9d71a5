import type { CallContext, Json, Model, ModelCall, ModelResponse } from "../../contracts/index.ts";
import { Endpoint, latencyOf, type ReadUsage } from "../endpoint.ts";
import { ModelCallError } from "../model-call-error.ts";
import type { ModelOptions, Provider } from "../open-model.ts";
import {
  at,
  bodyOf,
  cutAtStop,
  finishReasonOf,
  numberAt,
  responseOf,
  stopsOf,
  textAt,
  unsupported,
} from "../response.ts";
import { systemOf } from "./anthropic.ts";

const defaultUrl = "https://generativelanguage.googleapis.com/v1beta";
/** The API takes five stops; the rest is cut by us. */
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
  readonly #endpoint: Endpoint;

  constructor(name: string, options: ModelOptions) {
    this.id = `google/${name}`;
    this.name = name;
    this.#endpoint = new Endpoint(provider, options, {
      defaultUrl,
      path: `/models/${name}:generateContent`,
      sign: (key) => ({ "x-goog-api-key": key }),
    });
    this.baseUrl = this.#endpoint.baseUrl;
  }

  cacheKey(call: ModelCall): Json {
    return { model: this.name, body: this.#body(call) };
  }

  async respond(call: ModelCall, context: CallContext): Promise<ModelResponse> {
    const body = JSON.stringify(this.#body(call));
    const { value, answer, exchange, usage } = await this.#endpoint.ask(body, context, readCandidatesUsage);
    return responseOf(
      { ...readCandidate(value, stopsOf(call)), usage, latency: latencyOf(answer), exchanges: [exchange] },
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

const readCandidatesUsage: ReadUsage = (value, { text, url }) => {
  if (at(value, "candidates", 0) === undefined && !at(value, "promptFeedback", "blockReason"))
    throw new ModelCallError("malformed", {
      what: `${url} gave an answer without candidates.`,
      why: `It begins with ${JSON.stringify(text.slice(0, 120))}.`,
    });
  const usage = at(value, "usageMetadata");
  const [written, thoughts] = [numberAt(usage, "candidatesTokenCount"), numberAt(usage, "thoughtsTokenCount")];
  return {
    input: numberAt(usage, "promptTokenCount"),
    // Thoughts are counted apart here, and paid as output; elsewhere output holds them.
    output: written === null && thoughts === null ? null : (written ?? 0) + (thoughts ?? 0),
    reasoning: thoughts,
    cacheRead: numberAt(usage, "cachedContentTokenCount"),
    cacheWrite: null,
  };
};

function readCandidate(value: Record<string, unknown>, stops: readonly string[]): Partial<ModelResponse> {
  const candidate = at(value, "candidates", 0);
  const parts = at(candidate, "content", "parts");
  const textOf = (thought: boolean) =>
    Array.isArray(parts)
      ? parts.filter((part) => (at(part, "thought") === true) === thought).map((part) => textAt(part, "text") ?? "")
      : [];
  const thinking = textOf(true);
  const finishReason = finishReasonOf(textAt(candidate, "finishReason"));
  return {
    ...cutAtStop({ text: Array.isArray(parts) ? textOf(false).join("") : null, finishReason }, stops),
    reasoning: thinking.length > 0 ? thinking.join("") : null,
    refusal: textAt(value, "promptFeedback", "blockReason"),
    model: textAt(value, "modelVersion"),
  };
}
