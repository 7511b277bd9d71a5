import { AssayError, type CallContext, type Model, type ModelCall, type ModelResponse } from "../contracts/index.ts";
import { hashOf } from "../record/index.ts";
import type { ResponseCache } from "./cache.ts";
import { Limiter, type LimiterOptions, sleep } from "./limiter.ts";
import { ModelCallError } from "./model-call-error.ts";
import { estimateCost } from "./prices.ts";

export interface ClientOptions extends LimiterOptions {
  /** Times a failed request is tried again. @default 6 */
  retries?: number;
  cache?: ResponseCache | null;
  maxRequests?: number;
  /** US dollars; needs a model whose price is known. */
  maxCost?: number;
  /** Longest pause between two tries. @default 60,000 */
  maxPauseMs?: number;
  /** For tests. @default Math.random */
  random?: () => number;
}

export interface ClientStatistics {
  inFlight: number;
  requests: number;
  retries: number;
  cached: number;
  cost: number | null;
}

/** Asks a model within limits, with retries, a cache and a budget. */
export interface Client {
  /** Requests that may be under way at once, at the moment. */
  readonly limit: number;
  /** @throws ModelCallError when trying again doesn't help; AssayError `BUDGET_SPENT` */
  ask(call: ModelCall, signal: AbortSignal): Promise<ModelResponse>;
  stats(): ClientStatistics;
  close(): Promise<void>;
}

const firstPauseMs = 500;

/** Opens a client for one model. Close it to close its cache. */
export function openClient(model: Model, options: ClientOptions = {}): Client {
  return new LimitedClient(model, options);
}

class LimitedClient implements Client {
  readonly #model: Model;
  readonly #options: ClientOptions;
  readonly #limiter: Limiter;
  readonly #statistics = { requests: 0, retries: 0, cached: 0 };
  readonly #tokens = { input: 0, output: 0 };

  constructor(model: Model, options: ClientOptions) {
    this.#model = model;
    this.#options = options;
    this.#limiter = new Limiter(options);
    if (options.maxCost !== undefined && this.#cost() === null && !model.embedded) {
      throw new AssayError({
        code: "PRICE_UNKNOWN",
        what: `--max-cost can't be kept: the price of ${model.id} is not known.`,
        fix: "Use --max-requests, or a model whose list price is known.",
      });
    }
  }

  get limit(): number {
    return this.#limiter.limit;
  }

  stats(): ClientStatistics {
    return { inFlight: this.#limiter.inFlight, ...this.#statistics, cost: this.#cost() };
  }

  async ask(call: ModelCall, signal: AbortSignal): Promise<ModelResponse> {
    const key = this.#keyOf(call);
    const known = key === undefined ? undefined : this.#options.cache?.get(key);
    if (known) {
      this.#statistics.cached += 1;
      return known;
    }
    const response = await this.#model.respond(call, this.#contextOf(signal));
    this.#count(response);
    if (key !== undefined) this.#options.cache?.put(key, this.#model.id, response);
    return response;
  }

  async close(): Promise<void> {
    this.#options.cache?.close();
  }

  #keyOf(call: ModelCall): string | undefined {
    if (!this.#options.cache || !this.#model.cacheKey) return undefined;
    const { provider, baseUrl } = this.#model;
    return hashOf({ provider, baseUrl, body: this.#model.cacheKey(call), epoch: call.epoch });
  }

  #contextOf(signal: AbortSignal): CallContext {
    let attempts = 0;
    const attempt = async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
      for (let failures = 0; ; failures += 1) {
        attempts += 1;
        try {
          return await this.#once(work, signal);
        } catch (error) {
          if (!(error instanceof ModelCallError)) throw error;
          error.attempts = attempts;
          if (!error.retryable || failures >= (this.#options.retries ?? 6)) throw error;
          this.#statistics.retries += 1;
          await sleep(this.#pause(error, failures), signal);
        }
      }
    };
    return { attempt, attempts: () => attempts };
  }

  async #once<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.#model.embedded) return work(signal);
    await this.#limiter.acquire(signal);
    let outcome: "success" | "overloaded" | "neutral" = "neutral";
    try {
      this.#checkBudget();
      this.#statistics.requests += 1;
      const result = await work(signal);
      outcome = "success";
      return result;
    } catch (error) {
      if (error instanceof ModelCallError && ["rate_limited", "overloaded", "timeout"].includes(error.kind))
        outcome = "overloaded";
      throw error;
    } finally {
      this.#limiter.release(outcome);
    }
  }

  /** What the server asked for, plus a little so that not all come back at once; else exponential with full jitter. */
  #pause(error: ModelCallError, failures: number): number {
    const random = (this.#options.random ?? Math.random)();
    const most = this.#options.maxPauseMs ?? 60_000;
    if (error.retryAfterMs !== null) return Math.min(error.retryAfterMs * (1 + 0.1 * random), 10 * most);
    return random * Math.min(most, firstPauseMs * 2 ** failures);
  }

  #checkBudget(): void {
    const { maxRequests, maxCost } = this.#options;
    const cost = this.#cost() ?? 0;
    const spent =
      maxRequests !== undefined && this.#statistics.requests >= maxRequests
        ? `--max-requests ${maxRequests}`
        : maxCost !== undefined && cost >= maxCost
          ? `--max-cost ${maxCost}`
          : undefined;
    if (spent)
      throw new AssayError({
        code: "BUDGET_SPENT",
        what: `${spent} is reached.`,
        fix: "Raise it and issue the same command again: what is finished is kept.",
      });
  }

  #count(response: ModelResponse): void {
    const { input, output } = response.usage;
    this.#tokens.input += input ?? 0;
    this.#tokens.output += output ?? 0;
    this.#limiter.spend((input ?? 0) + (output ?? 0));
  }

  #cost(): number | null {
    return estimateCost(this.#model, this.#tokens).value;
  }
}
