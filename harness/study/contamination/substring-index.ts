const bits = 22;

/** Strings of one length, looked for at every offset of long texts by a rolling hash, and compared when it agrees. */
export class SubstringIndex {
  readonly #length: number;
  readonly #numbers = new Map<string, number>();
  readonly #found: boolean[] = [];
  /** Whether some string has a hash that ends in these bits. */
  readonly #filter = new Uint8Array(2 ** bits);
  /** 31^(length − 1), what the character that leaves has been multiplied by. */
  readonly #leaving: number;

  constructor(length: number) {
    this.#length = length;
    let power = 1;
    for (let count = 1; count < length; count += 1) power = Math.imul(power, 31);
    this.#leaving = power;
  }

  /** @returns the string's number; an equal string has the same */
  add(text: string): number {
    if (text.length !== this.#length)
      throw new RangeError(`Strings here have ${this.#length} characters, not ${text.length}.`);
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    let hash = 0;
    for (let at = 0; at < text.length; at += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
    this.#filter[placeOf(hash)] = 1;
    this.#numbers.set(text, this.#found.length);
    return this.#found.push(false) - 1;
  }

  look(text: string): void {
    let hash = 0;
    for (let end = 0; end < text.length; end += 1) {
      if (end >= this.#length) hash = (hash - Math.imul(text.charCodeAt(end - this.#length), this.#leaving)) | 0;
      hash = (Math.imul(hash, 31) + text.charCodeAt(end)) | 0;
      if (end + 1 < this.#length || this.#filter[placeOf(hash)] === 0) continue;
      const number = this.#numbers.get(text.slice(end + 1 - this.#length, end + 1));
      if (number !== undefined) this.#found[number] = true;
    }
  }

  isFound(number: number): boolean {
    return this.#found[number] === true;
  }
}

function placeOf(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> (32 - bits);
}
