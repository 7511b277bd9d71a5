import {
  type CallContext,
  type GenerationParameters,
  type Json,
  type Model,
  type ModelCall,
  type ModelResponse,
  noUsage,
  type Usage,
} from "../../contracts/index.ts";
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
import { serverWords, statusError } from "../status-error.ts";

export const openAiUrl = "https://api.openai.com/v1";
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
  readonly #endpoint: Endpoint;
  /** Newer OpenAI models refuse `max_tokens`; found out by the first refusal. */
  #maxTokensName = "max_tokens";

  constructor(name: string, options: ModelOptions) {
    this.id = `openai/${name}`;
    this.name = name;
    this.#endpoint = new Endpoint(provider, options, {
      defaultUrl: openAiUrl,
      path: "/chat/completions",
      sign: bearer,
    });
    this.baseUrl = this.#endpoint.baseUrl;
  }

  /** Always by one spelling of the token limit, so that what was learnt of a server doesn't change what is found. */
  cacheKey(call: ModelCall): Json {
    return this.#body(call, "max_tokens");
  }

  async respond(call: ModelCall, context: CallContext): Promise<ModelResponse> {
    const spelling = this.#maxTokensName;
    try {
      return await this.#ask(call, context, spelling);
    } catch (error) {
      if (!(error instanceof ModelCallError) || error.kind !== "bad_request") throw error;
      if (spelling !== "max_tokens" || !error.what.includes("max_completion_tokens")) throw error;
      this.#maxTokensName = "max_completion_tokens";
      return this.#ask(call, context, this.#maxTokensName);
    }
  }

  async #ask(call: ModelCall, context: CallContext, maxTokensName: string): Promise<ModelResponse> {
    const body = JSON.stringify(this.#body(call, maxTokensName));
    const { value, answer, exchange, usage } = await this.#endpoint.ask(body, context, readCompletion);
    return responseOf(
      { ...readChat(value, stopsOf(call)), usage, latency: latencyOf(answer), exchanges: [exchange] },
      context,
    );
  }

  #body({ request }: ModelCall, maxTokensName: string): Record<string, Json> {
    if (request.kind !== "chat") throw unsupported(`${this.id} takes chat messages only.`);
    return {
      ...bodyOf({ model: this.name, messages: request.messages, stop: sentStops(request.stop, this.#endpoint) }),
      ...generationFields(request.parameters, maxTokensName),
    };
  }
}

export const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });

/** Stops as they are sent; `null`: none. */
export function sentStops(stops: readonly string[], endpoint: Pick<Endpoint, "shownUrl">): Json {
  if (stops.length === 0) return null;
  const isOpenAi = /(?:^|\.)openai(?:\.azure)?\.com$/.test(new URL(endpoint.shownUrl).hostname);
  return isOpenAi ? stops.slice(0, mostStopsOfOpenAi) : [...stops];
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

/** Reads a chat completion's token counts. */
export const readCompletion = usageOf(["message"]);

/** Reads a text completion's token counts. */
export const readTextCompletion = usageOf(["text", "logprobs"]);

/**
 * Some servers answer 200 with an error inside, with no choice at all, or with one that has none of the parts that an answer is
 * in: none of these is an empty answer.
 */
function usageOf(parts: readonly string[]): ReadUsage {
  return (value, received) => {
    checkForError(value, received);
    const [choice] = Array.isArray(value.choices) ? (value.choices as unknown[]) : [];
    const isAnswer = parts.some((part) => at(choice, part) !== undefined);
    if (isAnswer || at(choice, "finish_reason") === "content_filter") return openAiUsage(value);
    throw new ModelCallError("malformed", {
      what: `${received.url} gave an answer without ${choice === undefined ? "choices" : `a ${parts[0]}`}.`,
      why: `It begins with ${JSON.stringify(received.text.slice(0, 120))}.`,
      fix: "Check the server's log.",
    });
  };
}

function checkForError(value: Record<string, unknown>, { text, url }: { text: string; url: string }): void {
  const code = numberAt(value, "error", "code");
  if (code !== null && code >= 400 && code < 600) throw statusError({ status: code, text, headers: {}, url });
  if (value.error || at(value, "choices", 0, "finish_reason") === "error")
    throw new ModelCallError("overloaded", {
      what: `${url} answered with an error: ${serverWords(JSON.stringify(value.error ? value : at(value, "choices", 0)))}`,
      fix: "Try again later.",
    });
}

/** Reads a chat completion. @see https://platform.openai.com/docs/api-reference/chat/object */
export function readChat(value: Record<string, unknown>, stops: readonly string[]): Partial<ModelResponse> {
  const message = at(value, "choices", 0, "message");
  const generated = {
    text: contentText(at(message, "content")),
    finishReason: finishReasonOf(textAt(value, "choices", 0, "finish_reason")),
  };
  return {
    ...cutAtStop(generated, stops),
    // Some servers write an empty text where others write null.
    reasoning: textAt(message, "reasoning_content") || textAt(message, "reasoning") || null,
    refusal: textAt(message, "refusal") || null,
    model: textAt(value, "model"),
    fingerprint: textAt(value, "system_fingerprint"),
  };
}

/** Content is a text, or a list of parts of which the texts count. */
function contentText(content: unknown): string | null {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return null;
  return content.map((part) => textAt(part, "text") ?? "").join("");
}

/** Token counts of a completion. */
function openAiUsage(value: Record<string, unknown>): Usage {
  const usage = at(value, "usage");
  return {
    ...noUsage,
    input: numberAt(usage, "prompt_tokens"),
    output: numberAt(usage, "completion_tokens"),
    reasoning: numberAt(usage, "completion_tokens_details", "reasoning_tokens"),
    cacheRead: numberAt(usage, "prompt_tokens_details", "cached_tokens"),
  };
}
