import { setTimeout as sleep } from "node:timers/promises";
import { HubError } from "../errors/hub-error.ts";
import type { HubSettings } from "../settings.ts";
import { explainFailure } from "./explain-failure.ts";
import { explainResponse } from "./explain-response.ts";
import { fromRequestedByte } from "./skip-bytes.ts";
import { createStallClock } from "./stall-clock.ts";
import type { Subject } from "./subject.ts";

/** A server that asks for more patience than this is reported instead. */
const longestWaitMs = 60_000;

type FetchInput = Parameters<typeof fetch>[0];

/** What a caller may bring along instead of the world's own. */
export interface Connection {
  settings: HubSettings;
  fetch: typeof fetch;
  /** Milliseconds before each further attempt; its length is the number of further attempts. */
  retryDelaysMs: readonly number[];
  signal: AbortSignal | undefined;
}

/** Requests about one thing, through the Hub library: authorised, timed, repeated where that helps, and explained. */
export interface Session {
  /** Give this to the library. Throws {@link HubError} instead of returning anything but 2xx. */
  fetch: typeof fetch;
  /** The library reports some failures as bare text; this one has the real reason. */
  explain(error: unknown): HubError;
  /** Starts the clock of {@link watch} over. */
  alive: () => void;
  /** Until disposed, everything in flight ends if nothing is heard for the settings' `stallTimeoutMs`. */
  watch: () => Disposable;
}

/** Opens a {@link Session}. @throws HubError `DATA_ENDPOINT_INVALID`, `DATA_TOKEN_MALFORMED` */
export function openSession(connection: Connection, subject: Subject): Session {
  const { settings, signal, retryDelaysMs } = connection;
  checkSettings(settings);
  const clock = createStallClock(settings.stallTimeoutMs);
  const combined = signal === undefined ? clock.signal : AbortSignal.any([signal, clock.signal]);
  let failure: HubError | undefined;

  function explain(error: unknown): HubError {
    const explained = explainFailure(error, { subject, settings, failure, signal, isStalled: clock.signal.aborted });
    failure = explained;
    return explained;
  }

  async function attempt(input: FetchInput, init: RequestInit): Promise<Response> {
    using _watching = clock.watch();
    const response = await connection.fetch(input, { ...init, signal: combined });
    if (!response.ok) {
      throw await explainResponse({
        response,
        subject,
        endpoint: settings.endpoint,
        hasToken: settings.token !== null,
      });
    }
    if (isApiCall(input, settings.endpoint)) return await buffered(response);
    return fromRequestedByte(response, new Headers(init.headers).get("range"));
  }

  async function sessionFetch(input: FetchInput, init: RequestInit = {}): Promise<Response> {
    const request = { ...init, headers: headersFor(input, init, settings) };
    for (let attempts = 0; ; attempts += 1) {
      try {
        return await attempt(input, request);
      } catch (error) {
        const explained = explain(error);
        const delay = retryDelaysMs[attempts];
        if (!explained.retryable || clock.signal.aborted || delay === undefined) throw explained;
        using _paused = clock.pause();
        await wait(Math.max(delay, explained.retryAfterMs ?? 0), combined);
      }
    }
  }

  return { fetch: sessionFetch, explain, alive: clock.alive, watch: clock.watch };
}

/** Ends early when aborted; the next attempt then reports why. */
async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.min(milliseconds, longestWaitMs), undefined, { signal }).catch(() => {});
}

function checkSettings({ endpoint, token }: HubSettings): void {
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol)) {
    throw new HubError({
      code: "DATA_ENDPOINT_INVALID",
      what: `${JSON.stringify(endpoint)} is not the address of a Hub.`,
      fix: "Set HF_ENDPOINT to an http or https address, or unset it.",
    });
  }
  // Checked here because fetch would quote a header that it can't send, secret and all.
  if (token !== null && !/^[\x21-\x7e]+$/.test(token)) {
    throw new HubError({
      code: "DATA_TOKEN_MALFORMED",
      what: "The Hub token holds characters that no token has.",
      fix: "Set HF_TOKEN again, without quotes, blanks or line breaks.",
    });
  }
}

/** The token goes to the Hub alone, and only bytes as stored are asked for, so that sizes and hashes mean something. */
function headersFor(input: FetchInput, init: RequestInit, { endpoint, token }: HubSettings): Headers {
  const headers = new Headers(init.headers);
  headers.set("accept-encoding", "identity");
  const isToHub = addressOf(input).origin === new URL(endpoint).origin;
  if (token !== null && isToHub && !headers.has("authorization")) headers.set("authorization", `Bearer ${token}`);
  return headers;
}

const addressOf = (input: FetchInput): URL => new URL(input instanceof Request ? input.url : input);

const isApiCall = (input: FetchInput, endpoint: string): boolean =>
  addressOf(input).href.startsWith(`${endpoint}/api/`);

/** Reads an answer of the API while the clock runs: the library would wait for its end for ever. */
async function buffered(response: Response): Promise<Response> {
  const body = await response.arrayBuffer();
  return new Response(body, { status: response.status, headers: response.headers });
}
