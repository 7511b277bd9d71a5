import {
  type CallContext,
  type Exchange,
  type Json,
  type Likelihood,
  type Model,
  type ModelCall,
  type ModelRequest,
  type ModelResponse,
  noUsage,
  type Usage,
} from "../../contracts/index.ts";
import { splitContinuation } from "../../prompt/index.ts";
import { sha256 } from "../../record/index.ts";
import { type ContinuationPart, type EchoedTokens, scoreBehind, scoreContinuation } from "../continuation.ts";
import { Endpoint, latencyOf } from "../endpoint.ts";
import type { Answer } from "../http.ts";
import { ModelCallError } from "../model-call-error.ts";
import type { ModelOptions, Provider } from "../open-model.ts";
import { at, bodyOf, cutAtStop, finishReasonOf, numberAt, responseOf, textAt, unsupported } from "../response.ts";
import { bearer, generationFields, openAiUrl, readTextCompletion, sentStops } from "./openai.ts";

/** OpenAI-compatible text completions: generation from text, and log-likelihoods by echo (vLLM, SGLang …). */
export const provider: Provider = {
  name: "completions",
  summary: "OpenAI-compatible /completions: text and log-likelihoods",
  env: ["OPENAI_API_KEY"],
  open: (name, options) => new CompletionsModel(name, options),
};

type Likelihoods = Extract<ModelRequest, { kind: "likelihood" }>;

interface Scored {
  likelihood: Likelihood;
  exchange: Exchange;
  answer: Answer;
  value: Record<string, unknown>;
  usage: Usage;
}

class CompletionsModel implements Model {
  readonly id: string;
  readonly provider = "completions";
  readonly name: string;
  readonly baseUrl: string | null;
  readonly capabilities = { chat: false, text: true, likelihood: true, rolling: true };
  readonly options = {};
  readonly embedded = false;
  readonly #endpoint: Endpoint;

  constructor(name: string, options: ModelOptions) {
    this.id = `completions/${name}`;
    this.name = name;
    this.#endpoint = new Endpoint(provider, options, { defaultUrl: openAiUrl, path: "/completions", sign: bearer });
    this.baseUrl = this.#endpoint.baseUrl;
  }

  cacheKey({ request }: ModelCall): Json {
    if (request.kind === "text") return this.#generationBody(request);
    if (request.kind === "likelihood")
      return pairsOf(request).map(({ prompt, continuation }) => this.#echoBody(prompt + continuation));
    if (request.kind === "rolling") return this.#echoBody(request.text);
    throw unsupported(`${this.id} takes text, not chat messages.`);
  }

  async respond({ request }: ModelCall, context: CallContext): Promise<ModelResponse> {
    if (request.kind === "text") return this.#generate(request, context);
    if (request.kind === "likelihood") return this.#scoreAll(pairsOf(request), context);
    if (request.kind === "rolling") return this.#scoreAll([{ prompt: "", continuation: request.text }], context);
    throw unsupported(`${this.id} takes text, not chat messages.`);
  }

  async #generate(request: Extract<ModelRequest, { kind: "text" }>, context: CallContext): Promise<ModelResponse> {
    const body = JSON.stringify(this.#generationBody(request));
    const { value, answer, exchange, usage } = await this.#endpoint.ask(body, context, readTextCompletion);
    const generated = {
      text: textAt(value, "choices", 0, "text"),
      finishReason: finishReasonOf(textAt(value, "choices", 0, "finish_reason")),
    };
    return responseOf(
      {
        ...cutAtStop(generated, request.stop),
        model: textAt(value, "model"),
        fingerprint: textAt(value, "system_fingerprint"),
        usage,
        latency: latencyOf(answer),
        exchanges: [exchange],
      },
      context,
    );
  }

  /** One request a continuation, one after another: so the limit on requests at once means what it says. */
  async #scoreAll(pairs: readonly Pair[], context: CallContext): Promise<ModelResponse> {
    const scored: Scored[] = [];
    for (const pair of pairs) scored.push(await this.#scoreOne(pair, context));
    const [first] = scored;
    return responseOf(
      {
        likelihoods: scored.map((entry) => entry.likelihood),
        model: textAt(first?.value, "model"),
        fingerprint: textAt(first?.value, "system_fingerprint"),
        usage: scored.map((entry) => entry.usage).reduce(addUsage, noUsage),
        latency: {
          firstByteMs: first?.answer.firstByteMs ?? null,
          totalMs: scored.reduce((sum, entry) => sum + entry.answer.totalMs, 0),
        },
        exchanges: scored.map((entry) => entry.exchange),
      },
      context,
    );
  }

  async #scoreOne({ prompt, continuation }: Pair, context: CallContext): Promise<Scored> {
    const body = JSON.stringify(this.#echoBody(prompt + continuation));
    const { value, answer, exchange, usage } = await this.#endpoint.ask(body, context, readTextCompletion);
    const echo = echoOf(value);
    const generated = echo ? generatedTokens(value, echo) : 0;
    // Some servers count the token that they were made to generate and don't echo it.
    const spelled =
      echo &&
      (scoreContinuation(echo, { prompt, continuation }, generated) ??
        scoreContinuation(echo, { prompt, continuation }, 0));
    const part = spelled ?? (echo && (await this.#scoreByCount(echo, { prompt, generated }, context)));
    if (!part) throw noEcho(this.#endpoint.shownUrl, answer);
    const { url, sent, status, requestId } = exchange;
    const received = scoredPart(value, part);
    const kept = { url, sent, received, receivedSha256: sha256(answer.text), status, requestId };
    return { likelihood: part.likelihood, exchange: kept, answer, value, usage };
  }

  /** Only where the tokens' text doesn't tell where the continuation begins: one request more. */
  async #scoreByCount(
    echo: EchoedTokens,
    { prompt, generated }: { prompt: string; generated: number },
    context: CallContext,
  ): Promise<ContinuationPart | undefined> {
    if (prompt === "") return scoreBehind(echo, [], generated);
    const { value } = await this.#endpoint.ask(JSON.stringify(this.#echoBody(prompt)), context, readTextCompletion);
    const alone = echoOf(value);
    return alone && scoreBehind(echo, alone.tokens.slice(0, -generatedTokens(value, alone) || undefined), generated);
  }

  #generationBody({ prompt, stop, parameters }: Extract<ModelRequest, { kind: "text" }>): Record<string, Json> {
    return {
      ...bodyOf({ model: this.name, prompt, stop: sentStops(stop, this.#endpoint) }),
      ...generationFields(parameters),
    };
  }

  /** One token is generated because many servers refuse to generate none; it is left out of the sum. */
  #echoBody(prompt: string): Record<string, Json> {
    return { model: this.name, prompt, max_tokens: 1, temperature: 0, echo: true, logprobs: 1 };
  }
}

interface Pair {
  prompt: string;
  continuation: string;
}

function pairsOf(request: Likelihoods): Pair[] {
  return request.continuations.map((continuation, index) => {
    const moved = splitContinuation(request.prompts?.[index] ?? request.prompt, continuation);
    return { prompt: moved.context, continuation: moved.continuation };
  });
}

function echoOf(value: Record<string, unknown>): EchoedTokens | undefined {
  const logprobs = at(value, "choices", 0, "logprobs");
  const [tokens, values] = [at(logprobs, "tokens"), at(logprobs, "token_logprobs")];
  if (!Array.isArray(tokens) || !Array.isArray(values) || tokens.length !== values.length) return undefined;
  if (!tokens.every((token) => typeof token === "string")) return undefined;
  if (!values.every((value) => value === null || typeof value === "number")) return undefined;
  const top = at(logprobs, "top_logprobs");
  return {
    tokens: tokens as string[],
    logprobs: values as (number | null)[],
    top: Array.isArray(top) ? (top as EchoedTokens["top"]) : [],
  };
}

/** Tokens behind the echoed prompt, by the server's own count; where it gives none, the one that was asked for. */
function generatedTokens(value: Record<string, unknown>, echo: EchoedTokens): number {
  const generated = numberAt(value, "usage", "completion_tokens");
  return Math.min(generated ?? 1, echo.tokens.length);
}

/** The body of an echo repeats the prompt token by token: only what was scored is kept, with the hash of the whole. */
function scoredPart(value: Record<string, unknown>, { first, end }: { first: number; end: number }): string {
  const logprobs = at(value, "choices", 0, "logprobs") as Record<string, unknown[] | undefined>;
  const cut = (list: unknown) => (Array.isArray(list) ? list.slice(first, end) : null);
  return JSON.stringify({
    model: value.model ?? null,
    usage: value.usage ?? null,
    tokens: cut(logprobs.tokens),
    token_logprobs: cut(logprobs.token_logprobs),
    top_logprobs: cut(logprobs.top_logprobs),
  });
}

function noEcho(url: string, answer: Answer): ModelCallError {
  return new ModelCallError("capability", {
    what: `${url} doesn't give the log-probabilities of the prompt's tokens.`,
    why: `It was asked with echo and logprobs; its answer begins with ${JSON.stringify(answer.text.slice(0, 200))}.`,
    fix: "Use a server that supports echo with logprobs (vLLM does), or a protocol that generates.",
  });
}

function addUsage(left: Usage, right: Usage): Usage {
  const add = (a: number | null, b: number | null) => (b === null ? a : (a ?? 0) + b);
  return {
    input: add(left.input, right.input),
    output: add(left.output, right.output),
    reasoning: add(left.reasoning, right.reasoning),
    cacheRead: add(left.cacheRead, right.cacheRead),
    cacheWrite: add(left.cacheWrite, right.cacheWrite),
  };
}
