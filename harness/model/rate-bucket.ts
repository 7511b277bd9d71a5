import { sleep } from "./sleep.ts";

/** A bucket that fills evenly and may be overdrawn: whoever took too much waits until it is filled again. */
export class RateBucket {
  readonly #perMs: number;
  readonly #capacity: number;
  #level: number;
  #filledAt = performance.now();

  /** @param perMinute - what flows in; one second of it can be saved up */
  constructor(perMinute: number) {
    this.#perMs = perMinute / 60_000;
    this.#capacity = Math.max(1, perMinute / 60);
    this.#level = this.#capacity;
  }

  /** Takes an amount and waits until the bucket has it. @throws AskAborted */
  async take(amount: number, signal: AbortSignal): Promise<void> {
    this.owe(amount);
    if (this.#level < 0) await sleep(-this.#level / this.#perMs, signal);
  }

  /** Takes an amount without waiting; a negative one gives back. */
  owe(amount: number): void {
    const now = performance.now();
    this.#level = Math.min(this.#capacity, this.#level + (now - this.#filledAt) * this.#perMs) - amount;
    this.#filledAt = now;
  }
}
