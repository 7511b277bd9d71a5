import { type CallContext, type Exchange, InputError, type ModelResponse, type Usage } from "../contracts/index.ts";
import { type Answer, parseAnswer, postJson } from "./http.ts";
import { keyFor, type ModelOptions, type Provider } from "./open-model.ts";
import { redact } from "./redact.ts";

/** What a provider says about its address. */
export interface EndpointSpec {
  /** Where its API is unless the user names another address. */
  defaultUrl: string;
  /** Behind the base URL, e.g. `/chat/completions`. */
  path: string;
  /** Headers that carry the key; none are sent without one. */
  sign(key: string): Record<string, string>;
  headers?: Record<string, string>;
}

/** An answer that was read, and what is kept of it. */
export interface Reply {
  value: Record<string, unknown>;
  answer: Answer;
  exchange: Exchange;
  usage: Usage;
}

const keyLike = /key|token|secret|signature|^sig$|^code$/i;
const defaultTimeoutMs = 600_000;

/** The address of a provider with its key. Credentials are in headers and in the address itself, and nowhere else. */
export class Endpoint {
  /** As recorded: without credentials; `null` for the provider's own. */
  readonly baseUrl: string | null;
  /** Full address as recorded. */
  readonly shownUrl: string;
  readonly #url: string;
  readonly #headers: Record<string, string>;
  readonly #secrets: string[];
  readonly #timeoutMs: number;

  /** @throws InputError `KEY_MISSING`, `BASE_URL_INVALID` */
  constructor(provider: Provider, options: ModelOptions, spec: EndpointSpec) {
    const base = new URL(options.baseUrl ?? spec.defaultUrl);
    if (!/^https?:$/.test(base.protocol)) throw notHttp(base);
    const key = keyFor(provider, options);
    const password = decode(base.password);
    const login = base.username === "" ? null : `${decode(base.username)}:${password}`;
    const hidden = [...base.searchParams].filter(([name]) => keyLike.test(name)).map(([, value]) => value);
    base.username = "";
    base.password = "";
    const basic = login === null ? "" : Buffer.from(login).toString("base64");
    this.#secrets = [key, password, basic, ...hidden].filter((text) => text !== null).filter((text) => text !== "");
    this.#headers = {
      ...spec.headers,
      ...(login === null ? {} : { authorization: `Basic ${basic}` }),
      ...(key === null ? {} : spec.sign(key)),
    };
    const shown = new URL(base);
    for (const name of shown.searchParams.keys()) if (keyLike.test(name)) shown.searchParams.set(name, "redacted");
    this.baseUrl = options.baseUrl === undefined ? null : shown.href.replace(/\/+$/, "");
    this.#url = join(base, spec.path);
    this.shownUrl = join(shown, spec.path);
    this.#timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  }

  /** Sends a body within the client's limits, and again where `read` or the transport finds that this may help. */
  ask(body: string, context: CallContext, read: ReadUsage): Promise<Reply> {
    return context.attempt(async (signal) => {
      const answer = await this.post(body, signal);
      const value = parseAnswer(answer, this.shownUrl);
      const usage = read(value, { text: answer.text, url: this.shownUrl });
      return { value, answer, usage, exchange: exchangeOf({ url: this.shownUrl, sent: body, answer }) };
    });
  }

  /** Sends a body once. `to` is for a library that makes the address and headers itself. */
  post(body: string, signal: AbortSignal, to?: { url: string; headers: Record<string, string> }): Promise<Answer> {
    return postJson({
      url: to?.url ?? this.#url,
      shownUrl: to?.url ?? this.shownUrl,
      headers: { ...this.#headers, ...to?.headers },
      body,
      timeoutMs: this.#timeoutMs,
      signal,
      secrets: this.#secrets,
    });
  }
}

/** Reads token counts; throws a ModelCallError where a body that is JSON is still no answer. */
export type ReadUsage = (value: Record<string, unknown>, received: { text: string; url: string }) => Usage;

/** An exchange as it is kept. */
export function exchangeOf({ url, sent, answer }: { url: string; sent: string; answer: Answer }): Exchange {
  return { url, sent, received: answer.text, status: answer.status, requestId: answer.requestId };
}

export function latencyOf({ firstByteMs, totalMs }: Answer): ModelResponse["latency"] {
  return { firstByteMs, totalMs };
}

/** An address as it may be shown: no credentials. */
export function withoutCredentials(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  const secrets = [url.password, ...[...url.searchParams].filter(([name]) => keyLike.test(name)).map(([, v]) => v)];
  if (url.username !== "") return redact(text.replace(/\/\/[^/@]*@/, "//"), secrets);
  return redact(text, secrets);
}

function join(base: URL, path: string): string {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}${path}`;
  return url.href;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function notHttp(url: URL): InputError {
  return new InputError({
    code: "BASE_URL_INVALID",
    what: `--base-url must begin with http:// or https://, not ${url.protocol}//.`,
    fix: "For example: --base-url http://localhost:8000/v1",
  });
}
