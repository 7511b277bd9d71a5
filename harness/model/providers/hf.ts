import type { InferenceClient } from "@huggingface/inference";
import type { CallContext, Exchange, Json, Model, ModelCall, ModelResponse, Usage } from "../../contracts/index.ts";
import { Endpoint, exchangeOf, latencyOf } from "../endpoint.ts";
import { type Answer, parseAnswer } from "../http.ts";
import { ModelCallError } from "../model-call-error.ts";
import { keyFor, type ModelOptions, type Provider } from "../open-model.ts";
import { bodyOf, responseOf, stopsOf, unsupported } from "../response.ts";
import { bearer, generationFields, readChat, readCompletion } from "./openai.ts";

/** Hugging Face's router and the inference providers behind it. The router takes `name:provider`, which picks one. */
export const provider: Provider = {
  name: "hf",
  summary: "Hugging Face inference providers",
  env: ["HF_TOKEN"],
  open: (name, options) => new HfModel(name, options),
};

interface Sent {
  answer: Answer;
  exchange: Exchange;
}

class HfModel implements Model {
  readonly id: string;
  readonly provider = "hf";
  readonly name: string;
  readonly baseUrl: string | null;
  readonly capabilities = { chat: true, text: false, likelihood: false, rolling: false };
  readonly options = {};
  readonly embedded = false;
  readonly #endpoint: Endpoint;
  readonly #key: string | null;
  #client: Promise<InferenceClient> | undefined;

  constructor(name: string, options: ModelOptions) {
    this.id = `hf/${name}`;
    this.name = name;
    this.#endpoint = new Endpoint(provider, options, {
      defaultUrl: "https://router.huggingface.co/v1",
      path: "/chat/completions",
      sign: bearer,
    });
    this.baseUrl = this.#endpoint.baseUrl;
    this.#key = keyFor(provider, options);
  }

  cacheKey(call: ModelCall): Json {
    return this.#arguments(call);
  }

  async respond(call: ModelCall, context: CallContext): Promise<ModelResponse> {
    const args = this.#arguments(call);
    this.#client ??= import("@huggingface/inference").then((library) => new library.InferenceClient(this.#key ?? ""));
    const client = await this.#client;
    const { value, answer, exchange, usage } = await context.attempt((signal) => this.#send(client, args, signal));
    return responseOf(
      { ...readChat(value, stopsOf(call)), usage, latency: latencyOf(answer), exchanges: [exchange] },
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
  ): Promise<Sent & { value: Record<string, unknown>; usage: Usage }> {
    let sent: Sent | undefined;
    let failure: unknown;
    const transport = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
      if ((init?.method ?? "GET") !== "POST") return fetch(input, { ...init, signal });
      const url = input instanceof Request ? input.url : String(input);
      const body = typeof init?.body === "string" ? init.body : "";
      const headers = Object.fromEntries(new Headers(init?.headers));
      const answer = await this.#endpoint.post(body, signal, { url, headers }).catch((error: unknown) => {
        failure = error;
        throw error;
      });
      sent = { answer, exchange: exchangeOf({ url, sent: body, answer }) };
      return new Response(answer.text, { status: answer.status, headers: { "content-type": "application/json" } });
    };
    const endpoint = this.baseUrl === null ? {} : { endpointUrl: this.baseUrl };
    await client
      .chatCompletion({ ...args, ...endpoint } as never, { retry_on_error: false, fetch: transport } as never)
      .catch((error: unknown) => {
        // Our own error must not be wrapped; and once a body is here it is read by us, whatever the library thinks of it.
        if (failure) throw failure;
        if (!sent) throw refusedBy(error, this.id);
      });
    if (!sent) throw unsupported(`${this.id}: the library sent no request.`);
    const { url } = sent.exchange;
    const value = parseAnswer(sent.answer, url);
    return { ...sent, value, usage: readCompletion(value, { text: sent.answer.text, url }) };
  }

  #arguments({ request }: ModelCall): Record<string, Json> {
    if (request.kind !== "chat") throw unsupported(`${this.id} takes chat messages only.`);
    return {
      ...bodyOf({
        model: this.name,
        messages: request.messages,
        stop: request.stop.length > 0 ? request.stop : null,
      }),
      ...generationFields(request.parameters),
    };
  }
}

/** The library sent nothing: it doesn't like the model or an argument, and would like no other request better. */
function refusedBy(cause: unknown, id: string): ModelCallError {
  return new ModelCallError("bad_request", {
    what: `${id}: ${cause instanceof Error ? cause.message : String(cause)}`,
    why: "@huggingface/inference refused to send the request.",
    cause,
  });
}
