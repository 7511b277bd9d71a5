import type { CallContext, Json, Message, Model, ModelCall, ModelResponse } from "../../contracts/index.ts";
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

const defaultUrl = "https://api.anthropic.com/v1";
const apiVersion = "2023-06-01";
/** The API has no default for this field. It is sent, so the record shows it. */
const maxTokensIfUnset = 4096;

/** Anthropic's messages API. @see https://docs.anthropic.com/en/api/messages */
export const provider: Provider = {
  name: "anthropic",
  summary: "Anthropic messages",
  env: ["ANTHROPIC_API_KEY"],
  open: (name, options) => new AnthropicModel(name, options),
};

class AnthropicModel implements Model {
  readonly id: string;
  readonly provider = "anthropic";
  readonly name: string;
  readonly baseUrl: string | null;
  readonly capabilities = { chat: true, text: false, likelihood: false, rolling: false };
  readonly options = {};
  readonly embedded = false;
  readonly #endpoint: Endpoint;

  constructor(name: string, options: ModelOptions) {
    this.id = `anthropic/${name}`;
    this.name = name;
    this.#endpoint = new Endpoint(provider, options, {
      defaultUrl,
      path: "/messages",
      sign: (key) => ({ "x-api-key": key }),
      headers: { "anthropic-version": apiVersion },
    });
    this.baseUrl = this.#endpoint.baseUrl;
  }

  cacheKey(call: ModelCall): Json {
    return this.#body(call);
  }

  async respond(call: ModelCall, context: CallContext): Promise<ModelResponse> {
    const body = JSON.stringify(this.#body(call));
    const { value, answer, exchange, usage } = await this.#endpoint.ask(body, context, readMessageUsage);
    return responseOf(
      { ...readMessage(value, stopsOf(call)), usage, latency: latencyOf(answer), exchanges: [exchange] },
      context,
    );
  }

  #body({ request }: ModelCall): Record<string, Json> {
    if (request.kind !== "chat") throw unsupported(`${this.id} takes chat messages only.`);
    const { parameters } = request;
    // The API refuses stop sequences of white space alone; those are cut by us.
    const stops = request.stop.filter((stop) => stop.trim() !== "");
    return bodyOf({
      model: this.name,
      max_tokens: parameters.maxTokens ?? maxTokensIfUnset,
      system: systemOf(request.messages),
      messages: request.messages.filter((message) => message.role !== "system"),
      stop_sequences: stops.length > 0 ? stops : null,
      temperature: parameters.temperature,
      top_p: parameters.topP,
      top_k: parameters.topK,
      ...parameters.extra,
    });
  }
}

/** System messages are a field of their own in APIs other than OpenAI's. */
export function systemOf(messages: readonly Message[]): string | null {
  const texts = messages.filter((message) => message.role === "system").map((message) => message.content);
  return texts.length === 0 ? null : texts.join("\n\n");
}

const readMessageUsage: ReadUsage = (value, { text, url }) => {
  if (!Array.isArray(value.content))
    throw new ModelCallError("malformed", {
      what: `${url} gave an answer without content.`,
      why: `It begins with ${JSON.stringify(text.slice(0, 120))}.`,
    });
  const usage = at(value, "usage");
  return {
    input: numberAt(usage, "input_tokens"),
    output: numberAt(usage, "output_tokens"),
    reasoning: null,
    cacheRead: numberAt(usage, "cache_read_input_tokens"),
    cacheWrite: numberAt(usage, "cache_creation_input_tokens"),
  };
};

function readMessage(value: Record<string, unknown>, stops: readonly string[]): Partial<ModelResponse> {
  const parts = value.content as unknown[];
  const textOf = (type: string, key: string) =>
    parts.filter((part) => at(part, "type") === type).map((part) => textAt(part, key) ?? "");
  const thinking = textOf("thinking", "thinking");
  const reason = textAt(value, "stop_reason");
  return {
    ...cutAtStop({ text: textOf("text", "text").join(""), finishReason: finishReasonOf(reason) }, stops),
    reasoning: thinking.length > 0 ? thinking.join("") : null,
    refusal: reason === "refusal" ? "the provider's refusal" : null,
    model: textAt(value, "model"),
  };
}
