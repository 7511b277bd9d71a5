import { unknownWord } from "./tokenise.ts";

/** The different n-grams of many texts, numbered from 0. Memory is a few typed arrays; lookups are exact, not by hash alone. */
export class NgramIndex {
  readonly n: number;
  /** For each text, the number of the n-gram that begins at each position. */
  readonly byText: Int32Array[] = [];
  /** For each n-gram, how many texts hold it. */
  readonly holders: Uint32Array;
  readonly #slots: Int32Array;
  readonly #mask: number;
  readonly #words: Int32Array;
  /** For each n-gram, where it stands in `#words`. */
  readonly #places: number[] = [];

  constructor(n: number, texts: readonly Int32Array[]) {
    this.n = n;
    const windows = texts.reduce((sum, text) => sum + Math.max(0, text.length - n + 1), 0);
    const capacity = 2 ** Math.ceil(Math.log2(2 * windows + 16));
    this.#slots = new Int32Array(capacity).fill(-1);
    this.#mask = capacity - 1;
    this.#words = new Int32Array(texts.reduce((sum, text) => sum + text.length, 0));
    const lastHolder: number[] = [];
    const holders: number[] = [];
    let offset = 0;
    for (const [number, text] of texts.entries()) {
      this.#words.set(text, offset);
      const grams = new Int32Array(Math.max(0, text.length - n + 1));
      for (let at = 0; at < grams.length; at += 1) {
        const gram = this.#number(text, at, offset);
        grams[at] = gram;
        if (lastHolder[gram] !== number) holders[gram] = (holders[gram] ?? 0) + 1;
        lastHolder[gram] = number;
      }
      this.byText.push(grams);
      offset += text.length;
    }
    this.holders = Uint32Array.from(holders);
  }

  get size(): number {
    return this.#places.length;
  }

  /** Calls back for every n-gram of the index that stands in a text of numbered words. */
  scan(words: Int32Array, found: (gram: number, at: number) => void): void {
    let known = 0;
    for (let end = 0; end < words.length; end += 1) {
      known = words[end] === unknownWord ? 0 : known + 1;
      if (known < this.n) continue;
      const gram = this.#slots[this.#slotOf(words, end - this.n + 1)]!;
      if (gram >= 0) found(gram, end - this.n + 1);
    }
  }

  #number(text: Int32Array, at: number, offset: number): number {
    const slot = this.#slotOf(text, at);
    const known = this.#slots[slot]!;
    if (known >= 0) return known;
    this.#slots[slot] = this.#places.length;
    return this.#places.push(offset + at) - 1;
  }

  /** Where an n-gram stands in the table, or would. */
  #slotOf(words: Int32Array, at: number): number {
    let hash = 0;
    for (let k = at; k < at + this.n; k += 1) hash = Math.imul(hash ^ words[k]!, 0x9e3779b1) ^ (hash >>> 15);
    let slot = (hash ^ (hash >>> 16)) & this.#mask;
    while (this.#slots[slot]! >= 0 && !this.#stands(this.#places[this.#slots[slot]!]!, words, at))
      slot = (slot + 1) & this.#mask;
    return slot;
  }

  #stands(place: number, words: Int32Array, at: number): boolean {
    for (let k = 0; k < this.n; k += 1) if (this.#words[place + k] !== words[at + k]) return false;
    return true;
  }
}
