import { createHash } from "node:crypto";

const size = 624;
const shift = 397;

/**
 * Python's `random.Random`: the same seed gives the same draws as CPython, bit for bit.
 *
 * @see https://github.com/python/cpython/blob/3.12/Lib/random.py and Modules/_randommodule.c for the algorithms
 * (MT19937 by Matsumoto and Nishimura; seeding by init_by_array)
 */
export class PythonRandom {
  readonly #state = new Uint32Array(size);
  #index = size;

  /** @param seed - a whole number, whose absolute value counts, or a text, hashed as CPython hashes it */
  constructor(seed: number | bigint | string) {
    this.#seedByArray(wordsOf(typeof seed === "string" ? numberOfText(seed) : seed));
  }

  #seedByArray(key: number[]): void {
    const state = this.#state;
    state[0] = 19650218;
    for (let i = 1; i < size; i += 1) {
      const previous = state[i - 1]! ^ (state[i - 1]! >>> 30);
      state[i] = Math.imul(1812433253, previous) + i;
    }
    let i = 1;
    const advance = () => {
      i += 1;
      if (i >= size) {
        state[0] = state[size - 1]!;
        i = 1;
      }
    };
    const mixed = (factor: number) => state[i]! ^ Math.imul(state[i - 1]! ^ (state[i - 1]! >>> 30), factor);
    for (let k = 0; k < Math.max(size, key.length); k += 1) {
      const j = k % key.length;
      state[i] = mixed(1664525) + key[j]! + j;
      advance();
    }
    for (let k = 0; k < size - 1; k += 1) {
      state[i] = mixed(1566083941) - i;
      advance();
    }
    state[0] = 0x80000000;
  }

  #twist(): void {
    const state = this.#state;
    for (let i = 0; i < size; i += 1) {
      const bits = (state[i]! & 0x80000000) | (state[(i + 1) % size]! & 0x7fffffff);
      state[i] = state[(i + shift) % size]! ^ (bits >>> 1) ^ (bits & 1 ? 0x9908b0df : 0);
    }
    this.#index = 0;
  }

  /** 32 random bits. */
  next32(): number {
    if (this.#index >= size) this.#twist();
    let bits = this.#state[this.#index++]!;
    bits ^= bits >>> 11;
    bits ^= (bits << 7) & 0x9d2c5680;
    bits ^= (bits << 15) & 0xefc60000;
    return (bits ^ (bits >>> 18)) >>> 0;
  }

  /** `getrandbits(k)` for k up to 32. */
  bits(k: number): number {
    return this.next32() >>> (32 - k);
  }

  /** `random()`: a float in [0, 1) with 53 bits. */
  random(): number {
    return ((this.next32() >>> 5) * 67108864 + (this.next32() >>> 6)) / 9007199254740992;
  }

  /** A whole number in [0, n), for n up to 2³². @throws RangeError at n < 1 */
  below(n: number): number {
    if (!(n >= 1)) throw new RangeError(`There is no number below ${n} to draw.`);
    const k = 32 - Math.clz32(n);
    for (;;) {
      const drawn = this.bits(k);
      if (drawn < n) return drawn;
    }
  }

  /** `sample(range(n), k)`. @throws RangeError where k > n, as Python does */
  sample(n: number, k: number): number[] {
    if (k > n || k < 0) throw new RangeError(`${k} can't be drawn from ${n} without repeating.`);
    const setSize = 21 + (k > 5 ? 4 ** Math.ceil(Math.log(k * 3) / Math.log(4)) : 0);
    return n <= setSize ? this.#sampleFromPool(n, k) : this.#sampleByRejection(n, k);
  }

  #sampleFromPool(n: number, k: number): number[] {
    const pool = Array.from({ length: n }, (_, index) => index);
    return Array.from({ length: k }, (_, drawn) => {
      const at = this.below(n - drawn);
      const picked = pool[at]!;
      pool[at] = pool[n - drawn - 1]!;
      return picked;
    });
  }

  #sampleByRejection(n: number, k: number): number[] {
    const picked = new Set<number>();
    while (picked.size < k) picked.add(this.below(n));
    return [...picked];
  }

  /** `shuffle(list)`, in place. */
  shuffle<T>(list: T[]): T[] {
    for (let i = list.length - 1; i > 0; i -= 1) {
      const j = this.below(i + 1);
      [list[i], list[j]] = [list[j]!, list[i]!];
    }
    return list;
  }

  /** `choices(range(n), k=k)`: with repeats. */
  choices(n: number, k: number): number[] {
    return Array.from({ length: k }, () => Math.floor(this.random() * n));
  }
}

/** A text's UTF-8 bytes and their SHA-512 behind them, as one big-endian number (`Random.seed`, version 2). */
function numberOfText(text: string): bigint {
  const bytes = Buffer.from(text);
  return BigInt(`0x${Buffer.concat([bytes, createHash("sha512").update(bytes).digest()]).toString("hex")}`);
}

/** Absolute value in 32-bit words, least significant first. */
function wordsOf(seed: number | bigint): number[] {
  let rest = BigInt(seed);
  if (rest < 0n) rest = -rest;
  const words: number[] = [];
  do {
    words.push(Number(rest & 0xffffffffn));
    rest >>= 32n;
  } while (rest > 0n);
  return words;
}
