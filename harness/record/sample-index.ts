import type { LinePlace } from "./journal.ts";

/**
 * Where the line of each sample stands, 13 bytes a sample: what keeps a run of millions of items in flat memory.
 * A sample's ordinal is `row × epochs + epoch`, so ordinals are in the order of the data set.
 */
export class SampleIndex {
  #offsets = new Float64Array(1024);
  #lengths = new Uint32Array(1024);
  /** 0: nothing, 1: finished, 2: errored (asked again on resume). */
  #states = new Uint8Array(1024);
  #top = 0;
  #finished = 0;
  #errored = 0;

  set(ordinal: number, place: LinePlace, errored: boolean): void {
    this.#grow(ordinal + 1);
    this.#count(this.#states[ordinal] ?? 0, -1);
    this.#offsets[ordinal] = place.offset;
    this.#lengths[ordinal] = place.length;
    this.#states[ordinal] = errored ? 2 : 1;
    this.#count(this.#states[ordinal] ?? 0, 1);
    if (ordinal >= this.#top) this.#top = ordinal + 1;
  }

  #count(state: number, by: number): void {
    if (state === 1) this.#finished += by;
    if (state === 2) this.#errored += by;
  }

  /** True once a sample has an outcome other than an error. */
  isFinished(ordinal: number): boolean {
    return this.#states[ordinal] === 1;
  }

  get finished(): number {
    return this.#finished;
  }

  get errored(): number {
    return this.#errored;
  }

  /** Place of a sample that ended in an error, if it did. */
  erroredPlace(ordinal: number): LinePlace | undefined {
    if (this.#states[ordinal] !== 2) return undefined;
    return { offset: this.#offsets[ordinal] ?? 0, length: this.#lengths[ordinal] ?? 0 };
  }

  /** Places of all recorded samples, by ordinal. */
  *places(): Generator<LinePlace & { ordinal: number }> {
    for (let ordinal = 0; ordinal < this.#top; ordinal += 1) {
      if (this.#states[ordinal] === 0) continue;
      yield { ordinal, offset: this.#offsets[ordinal] ?? 0, length: this.#lengths[ordinal] ?? 0 };
    }
  }

  #grow(size: number): void {
    if (size <= this.#states.length) return;
    const capacity = Math.max(size, this.#states.length * 2);
    this.#offsets = copyInto(new Float64Array(capacity), this.#offsets);
    this.#lengths = copyInto(new Uint32Array(capacity), this.#lengths);
    this.#states = copyInto(new Uint8Array(capacity), this.#states);
  }
}

function copyInto<T extends Float64Array | Uint32Array | Uint8Array>(target: T, source: T): T {
  target.set(source);
  return target;
}
