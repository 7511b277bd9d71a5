/** What bounds the requests of one model. */
export interface LimiterOptions {
  /** Fixed number at once; without it the limit adapts. */
  concurrency?: number;
  rpm?: number;
  tpm?: number;
}

const firstLimit = 16;
const mostAtOnce = 512;
const decrease = 0.7;
const cooldownMs = 1000;

/**
 * Lets so many requests through at once. Unless fixed, the limit grows by one for every `limit` successes, but only while it
 * is what holds requests back, and shrinks to 70 % when the server says it is overloaded, at most once a second.
 */
export class Limiter {
  readonly #options: LimiterOptions;
  readonly #waiting: (() => void)[] = [];
  readonly #requests: Bucket | undefined;
  readonly #tokens: Bucket | undefined;
  #limit: number;
  #inFlight = 0;
  #successes = 0;
  #shrunkAt = 0;

  constructor(options: LimiterOptions) {
    this.#options = options;
    this.#limit = options.concurrency ?? firstLimit;
    this.#requests = options.rpm === undefined ? undefined : new Bucket(options.rpm);
    this.#tokens = options.tpm === undefined ? undefined : new Bucket(options.tpm);
  }

  get limit(): number {
    return this.#limit;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Waits for a place and for the rate limits. Give the place back with {@link release}. */
  async acquire(signal: AbortSignal): Promise<void> {
    while (this.#inFlight >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#inFlight += 1;
    try {
      await this.#requests?.take(1, signal);
      await this.#tokens?.take(0, signal);
    } catch (error) {
      this.release("neutral");
      throw error;
    }
  }

  /** Tokens that a response turned out to cost; later requests wait for them. */
  spend(tokens: number): void {
    this.#tokens?.owe(tokens);
  }

  release(outcome: "success" | "overloaded" | "neutral"): void {
    const saturated = this.#inFlight >= this.#limit;
    this.#inFlight -= 1;
    if (this.#options.concurrency === undefined) {
      if (outcome === "success" && saturated) this.#grow();
      if (outcome === "overloaded") this.#shrink();
    }
    for (let free = this.#limit - this.#inFlight; free > 0 && this.#waiting.length > 0; free -= 1)
      this.#waiting.shift()?.();
  }

  #grow(): void {
    this.#successes += 1;
    if (this.#successes < this.#limit || this.#limit >= mostAtOnce) return;
    this.#successes = 0;
    this.#limit += 1;
  }

  #shrink(): void {
    const now = performance.now();
    this.#successes = 0;
    if (now - this.#shrunkAt < cooldownMs) return;
    this.#shrunkAt = now;
    this.#limit = Math.max(1, Math.floor(this.#limit * decrease));
  }
}

/** A bucket that fills with `perMinute` evenly and may be overdrawn: whoever comes next waits until it is filled again. */
class Bucket {
  readonly #perMs: number;
  readonly #capacity: number;
  #level: number;
  #at = performance.now();

  constructor(perMinute: number) {
    this.#perMs = perMinute / 60_000;
    this.#capacity = Math.max(1, perMinute / 60);
    this.#level = this.#capacity;
  }

  async take(amount: number, signal: AbortSignal): Promise<void> {
    this.#fill();
    this.#level -= amount;
    if (this.#level >= 0) return;
    await sleep(-this.#level / this.#perMs, signal);
  }

  owe(amount: number): void {
    this.#fill();
    this.#level -= amount;
  }

  #fill(): void {
    const now = performance.now();
    this.#level = Math.min(this.#capacity, this.#level + (now - this.#at) * this.#perMs);
    this.#at = now;
  }
}

/** Waits; rejects with the signal's reason when it is aborted. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
}
