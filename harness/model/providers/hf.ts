import type { InferenceClient } from "@huggingface/inference";
import type { CallContext, Json, Model, ModelCall, ModelResponse } from "../../contracts/index.ts";
import { type Answer, parseAnswer, postJson } from "../http.ts";
import { keyFor, type ModelOptions, type Provider } from "../open-model.ts";
import { bodyOf, exchangeOf, responseOf, unsupported } from "../response.ts";
import { checked, generationFields, readChat } from "./openai.ts";

/** Hugging Face's router and the inference providers behind it; `name:provider` picks one. */
export const provider: Provider = {
  name: "hf",
  summary: "Hugging Face inference providers",
  env: ["HF_TOKEN"],
  open: (name, options) => new HfModel(name, options),
};

class HfModel implements Model {
  readonly id: string;
  readonly provider = "hf";
  readonly name: string;
  readonly baseUrl: string | null;
  readonly capabilities = { chat: true, text: false, likelihood: false, rolling: false };
  readonly options = {};
  readonly embedded = false;
  readonly #key: string | null;
  readonly #timeoutMs: number;
  #client: Promise<InferenceClient> | undefined;

  constructor(name: string, options: ModelOptions) {
    this.id = `hf/${name}`;
    this.name = name;
    this.baseUrl = options.baseUrl ?? null;
    this.#key = keyFor(provider, options);
    this.#timeoutMs = options.timeoutMs ?? 600_000;
  }

  cacheKey(call: ModelCall): Json {
    return this.#arguments(call);
  }

  async respond(call: ModelCall, context: CallContext): Promise<ModelResponse> {
    const args = this.#arguments(call);
    this.#client ??= import("@huggingface/inference").then((library) => new library.InferenceClient(this.#key ?? ""));
    const client = await this.#client;
    const { value, exchange } = await context.attempt((signal) => this.#send(client, args, signal));
    const stops = call.request.kind === "chat" ? call.request.stop : [];
    const { answer, url, sent } = exchange;
    return responseOf(
      {
        ...readChat(value, stops),
        latency: { firstByteMs: answer.firstByteMs, totalMs: answer.totalMs },
        exchanges: [exchangeOf(url, sent, answer)],
      },
      context,
    );
  }

  /**
   * The library chooses the provider, its URL and its wire format; the request itself goes through our own transport, which
   * keeps both bodies and the headers. Its own retry must be off: it repeats a 503 without any pause.
   */
  async #send(
    client: InferenceClient,
    args: Record<string, Json>,
    signal: AbortSignal,
  ): Promise<{ value: Record<string, unknown>; exchange: { answer: Answer; url: string; sent: string } }> {
    let exchange: { answer: Answer; url: string; sent: string } | undefined;
    const transport = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
      if ((init?.method ?? "GET") !== "POST") return fetch(input, { ...init, signal });
      const url = input instanceof Request ? input.url : String(input);
      const sent = typeof init?.body === "string" ? init.body : "";
      const headers = Object.fromEntries(new Headers(init?.headers));
      const answer = await postJson({
        url,
        headers,
        body: sent,
        timeoutMs: this.#timeoutMs,
        signal,
        secrets: this.#key === null ? [] : [this.#key],
      });
      exchange = { answer, url, sent };
      return new Response(answer.text, { status: answer.status, headers: { "content-type": "application/json" } });
    };
    const endpoint = this.baseUrl === null ? {} : { endpointUrl: this.baseUrl };
    await client
      .chatCompletion({ ...args, ...endpoint } as never, { retry_on_error: false, fetch: transport } as never)
      .catch((error: unknown) => {
        // Once the body is here it is read by us: a library's complaint about its shape adds nothing.
        if (!exchange) throw error;
      });
    if (!exchange) throw unsupported(`${this.id}: the library sent no request.`);
    const value = checked(parseAnswer(exchange.answer, exchange.url), exchange.answer.text, exchange.url);
    return { value, exchange };
  }

  #arguments({ request }: ModelCall): Record<string, Json> {
    if (request.kind !== "chat") throw unsupported(`${this.id} takes chat messages only.`);
    const [name, chosen] = this.name.split(":");
    return {
      ...bodyOf({
        model: name,
        provider: chosen,
        messages: request.messages,
        stop: request.stop.length > 0 ? request.stop : null,
      }),
      ...generationFields(request.parameters),
    };
  }
}
