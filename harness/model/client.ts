import {
  AssayError,
  type CallContext,
  type Cost,
  type Model,
  type ModelCall,
  type ModelResponse,
  type Usage,
} from "../contracts/index.ts";
import { hashOf } from "../record/index.ts";
import { Budget } from "./budget.ts";
import type { ResponseCache } from "./cache.ts";
import { type ExpectedTokens, TokenForecast } from "./forecast.ts";
import { Limiter, type LimiterOptions, type Verdict } from "./limiter.ts";
import { ModelCallError } from "./model-call-error.ts";
import { isOutOfFiles } from "./out-of-files.ts";
import { estimateCost, type GivenPrice } from "./prices.ts";
import { stopsOf } from "./response.ts";
import { sleep } from "./sleep.ts";

export interface ClientOptions extends LimiterOptions {
  /** Times a failed request is tried again. @default 6 */
  retries?: number;
  cache?: ResponseCache | null;
  /** Shared by the clients of one command. */
  budget?: Budget;
  /** Takes the place of a list price. */
  price?: GivenPrice;
  /** Longest pause between two tries that the server didn't ask for. @default 60,000 */
  maxPauseMs?: number;
  /** Called before a pause. */
  onRetry?: (event: RetryEvent) => void;
  /** For tests. @default Math.random */
  random?: () => number;
}

/** A request failed and will be made again. */
export interface RetryEvent {
  error: ModelCallError;
  /** Failures of this request so far, and how many are allowed. */
  failures: number;
  retries: number;
  pauseMs: number;
}

export interface ClientStatistics {
  inFlight: number;
  requests: number;
  retries: number;
  cached: number;
  /** Spent by this process; `null`: not known. */
  cost: number | null;
  /** Why responses are not cached any more. */
  cacheTrouble: string | null;
}

/** When to stop asking. */
export interface Stops {
  /** No new request and no further try; requests at the server are waited for. */
  draining: AbortSignal;
  /** Requests at the server are given up too. */
  aborting: AbortSignal;
}

/** Asks a model within limits, with retries, a cache and a budget. */
export interface Client {
  /** Requests that may be under way at once, at the moment. */
  readonly limit: number;
  /** @throws ModelCallError when trying again doesn't help; AssayError `BUDGET_SPENT`; AskAborted */
  ask(call: ModelCall, stops: Stops): Promise<ModelResponse>;
  /** Whether the cache answers this call. */
  isCached(call: ModelCall): boolean;
  /** What so many tokens of this model cost. */
  costOf(usage: { input: number | null; output: number | null }): Cost;
  stats(): ClientStatistics;
  close(): Promise<void>;
}

const firstPauseMs = 500;
/** A server that asks for more patience than this gets this. */
const mostPatienceMs = 600_000;
const leastPatienceMs = 10;

/** Opens a client for one model. Close it to close its cache. @throws AssayError `PRICE_UNKNOWN` */
export function openClient(model: Model, options: ClientOptions = {}): Client {
  return new LimitedClient(model, options);
}

class LimitedClient implements Client {
  readonly #model: Model;
  readonly #options: ClientOptions;
  readonly #limiter: Limiter;
  readonly #budget: Budget;
  readonly #forecast = new TokenForecast();
  readonly #statistics = { requests: 0, retries: 0, cached: 0, cacheTrouble: null as string | null };
  #spent = 0;

  constructor(model: Model, options: ClientOptions) {
    this.#model = model;
    this.#options = options;
    this.#limiter = new Limiter(options);
    this.#budget = options.budget ?? new Budget();
    if (this.#budget.limitsCost && this.costOf({ input: 0, output: 0 }).value === null) {
      throw new AssayError({
        code: "PRICE_UNKNOWN",
        what: `--max-cost can't be kept: the price of ${model.id} is not known.`,
        fix: "Add --price <input>,<output> in US dollars a million tokens, or use --max-requests.",
      });
    }
  }

  get limit(): number {
    return this.#limiter.limit;
  }

  stats(): ClientStatistics {
    const known = this.costOf({ input: 0, output: 0 }).value !== null;
    return { inFlight: this.#limiter.inFlight, ...this.#statistics, cost: known ? this.#spent : null };
  }

  costOf(usage: { input: number | null; output: number | null }): Cost {
    if (this.#model.embedded) return { value: 0, currency: "USD", basis: "embedded: nothing is paid" };
    return estimateCost(this.#model, usage, this.#options.price);
  }

  isCached(call: ModelCall): boolean {
    const key = this.#keyOf(call);
    return key !== undefined && this.#fromCache((cache) => cache.has(key)) === true;
  }

  async ask(call: ModelCall, stops: Stops): Promise<ModelResponse> {
    const key = this.#keyOf(call);
    const known = key === undefined ? undefined : this.#fromCache((cache) => cache.get(key));
    if (known) {
      this.#statistics.cached += 1;
      return known;
    }
    const response = await this.#model.respond(call, this.#contextOf(call, stops));
    if (key !== undefined) this.#keep(key, response);
    return response;
  }

  #keep(key: string, response: ModelResponse): void {
    this.#fromCache((cache) => cache.put(key, this.#model.id, response));
  }

  /** A cache that can't be used any more (a full disk, a damaged file) costs money, but no answer. */
  #fromCache<T>(use: (cache: ResponseCache) => T): T | undefined {
    const { cache } = this.#options;
    if (!cache || this.#statistics.cacheTrouble !== null) return undefined;
    try {
      return use(cache);
    } catch (error) {
      this.#statistics.cacheTrouble = error instanceof Error ? error.message : String(error);
      return undefined;
    }
  }

  async close(): Promise<void> {
    this.#options.cache?.close();
  }

  #keyOf(call: ModelCall): string | undefined {
    if (!this.#options.cache || !this.#model.cacheKey) return undefined;
    const { provider, baseUrl } = this.#model;
    // Stops that a provider doesn't take are in no body, and still decide where the kept answer was cut.
    const stop = stopsOf(call);
    return hashOf({ provider, baseUrl, body: this.#model.cacheKey(call), stop, epoch: call.epoch });
  }

  #contextOf(call: ModelCall, stops: Stops): CallContext {
    const most = this.#options.retries ?? 6;
    let attempts = 0;
    const attempt = async <T extends Counted>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
      for (let failures = 0; ; ) {
        // The second request of a sample belongs to what is in flight: it is made even when no new sample is begun.
        const waiting = attempts === 0 ? stops.draining : stops.aborting;
        attempts += 1;
        try {
          return await this.#once({ call, work, waiting, aborting: stops.aborting });
        } catch (error) {
          if (!(error instanceof ModelCallError)) throw error;
          error.attempts = attempts;
          failures += 1;
          if (!error.retryable || failures > most) throw error;
          this.#statistics.retries += 1;
          const pauseMs = this.#pauseAfter(error, failures);
          this.#options.onRetry?.({ error, failures, retries: most, pauseMs });
          await sleep(pauseMs, stops.draining);
        }
      }
    };
    return { attempt, attempts: () => attempts };
  }

  async #once<T extends Counted>(one: Once<T>): Promise<T> {
    if (this.#model.embedded) return one.work(one.aborting);
    const expected = this.#forecast.of(one.call.request);
    const expectedCost = this.#priceOf(expected);
    await this.#limiter.acquire(expected.input + expected.output, one.waiting);
    let verdict: Verdict = "neutral";
    try {
      await this.#budget.admit(expectedCost, one.waiting);
    } catch (error) {
      this.#limiter.release(verdict);
      throw error;
    }
    this.#statistics.requests += 1;
    let used: ExpectedTokens = { input: 0, output: 0 };
    try {
      const result = await one.work(one.aborting);
      verdict = "success";
      used = this.#forecast.learn(result.usage, expected);
      return result;
    } catch (error) {
      if (error instanceof ModelCallError && saysOverloaded(error)) verdict = "overloaded";
      throw error;
    } finally {
      const cost = this.#priceOf(used);
      this.#spent += cost;
      this.#budget.settle(expectedCost, cost);
      this.#limiter.settle(used.input + used.output - expected.input - expected.output);
      this.#limiter.release(verdict);
    }
  }

  #priceOf(tokens: ExpectedTokens): number {
    return this.costOf(tokens).value ?? 0;
  }

  /**
   * What the server asked for, plus a little so that not all come back at once; else exponential with full jitter, and where it
   * refused for being asked too much, for all requests together. Next to nothing (a date that has passed, because clocks
   * differ) is believed once.
   */
  #pauseAfter({ retryAfterMs, kind }: ModelCallError, failures: number): number {
    const random = (this.#options.random ?? Math.random)();
    const most = this.#options.maxPauseMs ?? 60_000;
    const growing = random * Math.min(most, firstPauseMs * 2 ** (failures - 1));
    const asked = retryAfterMs === null ? 0 : Math.min(retryAfterMs, mostPatienceMs);
    if (asked >= leastPatienceMs) {
      if (kind === "rate_limited") this.#limiter.hold(asked);
      return asked * (1 + 0.1 * random);
    }
    const isBelieved = retryAfterMs !== null && failures === 1;
    return kind === "rate_limited" && !isBelieved ? this.#limiter.backOff(most, random) : growing;
  }
}

/** Too many requests, and signs of them; a single 500 or a broken socket says nothing about how many would do. */
function saysOverloaded({ kind, status, cause }: ModelCallError): boolean {
  return kind === "rate_limited" || kind === "timeout" || status === 503 || status === 529 || isOutOfFiles(cause);
}

/** What an attempt gives, as far as the client looks at it. */
interface Counted {
  usage: Usage;
}

interface Once<T> {
  call: ModelCall;
  work: (signal: AbortSignal) => Promise<T>;
  /** Ends the wait for a place. */
  waiting: AbortSignal;
  aborting: AbortSignal;
}
