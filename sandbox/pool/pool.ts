import { randomBytes, randomInt } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { Box, BoxLost } from "../box/box.ts";
import type { Engine } from "../engine/discover.ts";

/** Programs after which a healthy box is replaced all the same. */
const RECYCLE_AFTER = 5000;
const START_ATTEMPTS = 2;
const START_PAUSE_MILLISECONDS = 1000;

/** What all boxes of a pool share. */
export interface PoolSettings {
  engine: Engine;
  imageId: string;
  size: number;
  memoryMiB: number;
  runtime?: string | undefined;
  profilePath?: string | undefined;
}

/** Warm boxes, started when first needed; whoever holds one has it alone. */
export class BoxPool {
  readonly id = randomBytes(8).toString("hex");
  /** Boxes started so far. */
  started = 0;
  /** Boxes given up because something was wrong with them. */
  lost = 0;
  readonly #settings: PoolSettings;
  readonly #idle: Box[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #all = new Set<Box>();
  #held = 0;
  #slot = randomInt(9000);
  #closed = false;

  constructor(settings: PoolSettings) {
    this.#settings = settings;
  }

  /** Starts a box outside the pool; the caller removes it. Retries once, since engines fail in passing. */
  async fresh(): Promise<Box> {
    const { engine, imageId, memoryMiB, runtime, profilePath } = this.#settings;
    for (let attempt = 1; ; attempt++) {
      if (this.#closed) throw new BoxLost("the sandbox was closed");
      try {
        const slot = this.#slot++;
        const box = await Box.start(engine, { imageId, poolId: this.id, slot, memoryMiB, runtime, profilePath });
        this.started += 1;
        this.#all.add(box);
        if (this.#closed) await this.discard(box);
        return box;
      } catch (error) {
        const message = (error as Error).message.slice(0, 300);
        if (attempt >= START_ATTEMPTS) throw new BoxLost(`a box did not start: ${message}`);
        await delay(START_PAUSE_MILLISECONDS);
      }
    }
  }

  /** Lends a box to `work`. `work` says whether the box may judge another program afterwards. */
  async use<Result>(work: (box: Box) => Promise<{ result: Result; keep: boolean }>): Promise<Result> {
    await this.#turn();
    let box: Box | undefined;
    let keep = false;
    try {
      box = this.#idle.pop() ?? (await this.fresh());
      const done = await work(box);
      keep = done.keep && box.programs < RECYCLE_AFTER;
      if (!done.keep) this.lost += 1;
      return done.result;
    } catch (error) {
      this.lost += 1;
      throw error;
    } finally {
      if (box !== undefined) {
        if (keep && !this.#closed) this.#idle.push(box);
        else await this.discard(box);
      }
      this.#held -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    if (this.#closed) throw new BoxLost("the sandbox was closed");
    if (this.#held < this.#settings.size) {
      this.#held += 1;
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    await promise;
    this.#held += 1;
    if (this.#closed) {
      this.#held -= 1;
      throw new BoxLost("the sandbox was closed");
    }
  }

  /** Removes a box and its container. */
  async discard(box: Box): Promise<void> {
    this.#all.delete(box);
    await box.remove();
  }

  /** Removes every box, also those at work: their programs get no verdict. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const wake of this.#waiting.splice(0)) wake();
    await Promise.all([...this.#all].map((box) => this.discard(box)));
  }
}
