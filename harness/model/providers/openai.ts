import type {
  CallContext,
  GenerationParameters,
  Json,
  Model,
  ModelCall,
  ModelResponse,
  Usage,
} from "../../contracts/index.ts";
import { parseAnswer, postJson } from "../http.ts";
import { ModelCallError } from "../model-call-error.ts";
import { keyFor, type ModelOptions, type Provider } from "../open-model.ts";
import {
  at,
  bodyOf,
  cutAtStop,
  exchangeOf,
  finishReasonOf,
  noUsage,
  numberAt,
  responseOf,
  textAt,
  unsupported,
} from "../response.ts";
import { serverWords } from "../status-error.ts";

const defaultUrl = "https://api.openai.com/v1";
/** OpenAI takes four stops; the rest is cut by us. Other servers take any number. */
const mostStopsOfOpenAi = 4;

/** Any OpenAI-compatible chat endpoint: OpenAI, vLLM, llama.cpp, Ollama, OpenRouter … */
export const provider: Provider = {
  name: "openai",
  summary: "OpenAI-compatible /chat/completions",
  env: ["OPENAI_API_KEY"],
  open: (name, options) => new OpenAiModel(name, options),
};

class OpenAiModel implements Model {
  readonly id: string;
  readonly provider = "openai";
  readonly name: string;
  readonly baseUrl: string | null;
  readonly capabilities = { chat: true, text: false, likelihood: false, rolling: false };
  readonly options = {};
  readonly embedded = false;
  readonly #url: string;
  readonly #key: string | null;
  readonly #timeoutMs: number;
  /** Newer OpenAI models refuse `max_tokens`; found out by the first refusal. */
  #maxTokensName = "max_tokens";

  constructor(name: string, options: ModelOptions) {
    this.id = `openai/${name}`;
    this.name = name;
    this.baseUrl = options.baseUrl ?? null;
    this.#url = `${(options.baseUrl ?? defaultUrl).replace(/\/+$/, "")}/chat/completions`;
    this.#key = keyFor(provider, options);
    this.#timeoutMs = options.timeoutMs ?? 600_000;
  }

  cacheKey(call: ModelCall): Json {
    return this.#body(call);
  }

  async respond(call: ModelCall, context: CallContext): Promise<ModelResponse> {
    try {
      return await this.#ask(call, context);
    } catch (error) {
      if (!(error instanceof ModelCallError) || error.kind !== "bad_request") throw error;
      if (this.#maxTokensName !== "max_tokens" || !error.what.includes("max_completion_tokens")) throw error;
      this.#maxTokensName = "max_completion_tokens";
      return this.#ask(call, context);
    }
  }

  async #ask(call: ModelCall, context: CallContext): Promise<ModelResponse> {
    const body = JSON.stringify(this.#body(call));
    const headers: Record<string, string> = this.#key === null ? {} : { authorization: `Bearer ${this.#key}` };
    const secrets = this.#key === null ? [] : [this.#key];
    const { answer, value } = await context.attempt(async (signal) => {
      const received = await postJson({ url: this.#url, headers, body, timeoutMs: this.#timeoutMs, signal, secrets });
      return { answer: received, value: checked(parseAnswer(received, this.#url), received.text, this.#url) };
    });
    const stops = call.request.kind === "chat" ? call.request.stop : [];
    return responseOf(
      {
        ...readChat(value, stops),
        latency: { firstByteMs: answer.firstByteMs, totalMs: answer.totalMs },
        exchanges: [exchangeOf(this.#url, body, answer)],
      },
      context,
    );
  }

  #body({ request }: ModelCall): Record<string, Json> {
    if (request.kind !== "chat") throw unsupported(`${this.id} takes chat messages only.`);
    const stop = this.baseUrl === null ? request.stop.slice(0, mostStopsOfOpenAi) : request.stop;
    return {
      ...bodyOf({ model: this.name, messages: request.messages, stop: stop.length > 0 ? stop : null }),
      ...generationFields(request.parameters, this.#maxTokensName),
    };
  }
}

/** Sampling parameters by OpenAI's names; what is null is not sent. */
export function generationFields(
  parameters: Omit<GenerationParameters, "stop">,
  maxTokensName = "max_tokens",
): Record<string, Json> {
  return bodyOf({
    [maxTokensName]: parameters.maxTokens,
    temperature: parameters.temperature,
    top_p: parameters.topP,
    top_k: parameters.topK,
    min_p: parameters.minP,
    frequency_penalty: parameters.frequencyPenalty,
    presence_penalty: parameters.presencePenalty,
    seed: parameters.seed,
    reasoning_effort: parameters.reasoningEffort,
    ...parameters.extra,
  });
}

/** Some servers answer 200 with an error inside, or with no choice at all: neither is an empty answer. */
export function checked(value: Record<string, unknown>, text: string, url: string): Record<string, unknown> {
  if (value.error)
    throw new ModelCallError("overloaded", {
      what: `${url} answered with an error: ${serverWords(text)}`,
      fix: "Try again later.",
    });
  if (!Array.isArray(value.choices) || value.choices.length === 0) {
    throw new ModelCallError("malformed", {
      what: `${url} gave an answer without choices.`,
      why: `It begins with ${JSON.stringify(text.slice(0, 120))}.`,
      fix: "Check the server's log.",
    });
  }
  return value;
}

/** Reads a chat completion. @see https://platform.openai.com/docs/api-reference/chat/object */
export function readChat(value: Record<string, unknown>, stops: readonly string[]): Partial<ModelResponse> {
  const message = at(value, "choices", 0, "message");
  const content = contentText(at(message, "content"));
  return {
    text: content === null ? null : cutAtStop(content, stops),
    reasoning: textAt(message, "reasoning_content") ?? textAt(message, "reasoning"),
    finishReason: finishReasonOf(textAt(value, "choices", 0, "finish_reason")),
    refusal: textAt(message, "refusal"),
    model: textAt(value, "model"),
    fingerprint: textAt(value, "system_fingerprint"),
    usage: openAiUsage(value),
  };
}

/** Content is a text, or a list of parts of which the texts count. */
function contentText(content: unknown): string | null {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return null;
  return content.map((part) => textAt(part, "text") ?? "").join("");
}

/** Token counts of a completion. */
export function openAiUsage(value: Record<string, unknown>): Usage {
  const usage = at(value, "usage");
  return {
    ...noUsage,
    input: numberAt(usage, "prompt_tokens"),
    output: numberAt(usage, "completion_tokens"),
    reasoning: numberAt(usage, "completion_tokens_details", "reasoning_tokens"),
    cacheRead: numberAt(usage, "prompt_tokens_details", "cached_tokens"),
  };
}
