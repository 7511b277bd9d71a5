import { AskAborted } from "./ask-aborted.ts";
import { RateBucket } from "./rate-bucket.ts";
import { sleep } from "./sleep.ts";

/** What bounds the requests of one model. */
export interface LimiterOptions {
  /** Fixed number at once; without it the limit adapts. */
  concurrency?: number;
  rpm?: number;
  tpm?: number;
}

/** What a request turned out to be, for the limit: `neutral` says nothing about the server's capacity. */
export type Verdict = "success" | "overloaded" | "neutral";

const firstLimit = 16;
const mostAtOnce = 512;
/** Up to here the limit doubles every round until the server complains once. */
const gentleFrom = 128;
const decrease = 0.7;
const cooldownMs = 1000;
const firstHoldMs = 1000;

interface Waiter {
  enter(): void;
}

/**
 * Lets so many requests through at once. Unless fixed, the limit adapts: it grows only while it is what holds requests
 * back, by one for every success at first and by one for every `limit` successes once the server has complained, and
 * shrinks to 70 % on a complaint, at most once a second (additive increase, multiplicative decrease).
 */
export class Limiter {
  readonly #isFixed: boolean;
  readonly #queue: Waiter[] = [];
  readonly #requests: RateBucket | undefined;
  readonly #tokens: RateBucket | undefined;
  #limit: number;
  #inFlight = 0;
  #successes = 0;
  #hasShrunk = false;
  #shrunkAt = Number.NEGATIVE_INFINITY;
  #heldUntil = 0;
  /** Times that the server refused since something succeeded; refusals of one moment are one. */
  #refusals = 0;

  constructor({ concurrency, rpm, tpm }: LimiterOptions) {
    this.#isFixed = concurrency !== undefined;
    this.#limit = concurrency ?? firstLimit;
    this.#requests = rpm === undefined ? undefined : new RateBucket(rpm);
    this.#tokens = tpm === undefined ? undefined : new RateBucket(tpm);
  }

  get limit(): number {
    return this.#limit;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /**
   * Waits for the rate limits, then for a place. Give the place back with {@link release}.
   *
   * @param tokens - what the request will probably cost; put right with {@link settle}
   * @throws AskAborted
   */
  async acquire(tokens: number, signal: AbortSignal): Promise<void> {
    await this.#requests?.take(1, signal);
    await this.#tokens?.take(tokens, signal);
    if (this.#inFlight < this.#limit) this.#inFlight += 1;
    else await this.#wait(signal);
    try {
      for (let wait = this.#heldMs(); wait > 0; wait = this.#heldMs()) await sleep(wait, signal);
    } catch (error) {
      this.release("neutral");
      throw error;
    }
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(new AskAborted());
      const leave = () => {
        const place = this.#queue.indexOf(waiter);
        if (place >= 0) this.#queue.splice(place, 1);
        reject(new AskAborted());
      };
      const waiter: Waiter = {
        enter: () => {
          signal.removeEventListener("abort", leave);
          this.#inFlight += 1;
          resolve();
        },
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#queue.push(waiter);
    });
  }

  #heldMs(): number {
    return this.#heldUntil - performance.now();
  }

  /** Sends nothing for a while: the server said when to come back, and that holds for every request. */
  hold(ms: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, performance.now() + ms);
  }

  /**
   * The server refuses and doesn't say for how long: every request waits, twice as long each time until something succeeds. So
   * a limit on requests a minute is waited for, and not run into by one request after the other.
   *
   * @param mostMs - longest wait
   * @param random - from 0 to 1, so that not all processes come back at once
   * @returns how long
   */
  backOff(mostMs: number, random: number): number {
    if (this.#heldMs() <= 0) {
      this.hold(Math.min(mostMs, firstHoldMs * 2 ** this.#refusals) * (0.5 + random / 2));
      this.#refusals += 1;
    }
    return Math.max(0, this.#heldMs());
  }

  /** Difference of what a response cost and what was expected; later requests wait for it. */
  settle(tokens: number): void {
    this.#tokens?.owe(tokens);
  }

  release(verdict: Verdict): void {
    const isSaturated = this.#inFlight >= this.#limit;
    this.#inFlight -= 1;
    if (verdict === "success") this.#refusals = 0;
    if (!this.#isFixed) {
      if (verdict === "success" && isSaturated) this.#grow();
      if (verdict === "overloaded") this.#shrink();
    }
    while (this.#inFlight < this.#limit && this.#queue.length > 0) this.#queue.shift()?.enter();
  }

  #grow(): void {
    this.#successes += 1;
    const needed = this.#hasShrunk || this.#limit >= gentleFrom ? this.#limit : 1;
    if (this.#successes < needed || this.#limit >= mostAtOnce) return;
    this.#successes = 0;
    this.#limit += 1;
  }

  #shrink(): void {
    const now = performance.now();
    this.#successes = 0;
    this.#hasShrunk = true;
    if (now - this.#shrunkAt < cooldownMs) return;
    this.#shrunkAt = now;
    this.#limit = Math.max(1, Math.floor(this.#limit * decrease));
  }
}
