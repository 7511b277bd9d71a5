import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

export type { RandomGenerator };

/**
 * A random stream of its own for each (seed, label): adding an analysis with another label never shifts the draws of
 * the ones that exist. The same pair gives the same numbers on every machine.
 */
export function randomStream(seed: number, label: string): RandomGenerator {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`A seed is a whole number, not ${seed}.`);
  let hash = mix(seed | 0, Math.floor(seed / 2 ** 32) | 0);
  for (let index = 0; index < label.length; index++) hash = mix(hash, label.charCodeAt(index));
  const state = [1, 2, 3, 4].map((word) => mix(hash, word));
  return xoroshiro128plusFromState(state);
}

/** A whole number from 0 to `count` − 1. The bias, below count / 2³², is far under what any number of draws of ours can show. */
export function drawIndex(random: RandomGenerator, count: number): number {
  return Math.floor(((random.next() >>> 0) / 2 ** 32) * count);
}

/** Puts the values into a random order, in place. */
export function shuffle(random: RandomGenerator, values: { length: number; [index: number]: number }): void {
  for (let index = values.length - 1; index > 0; index--) {
    const other = drawIndex(random, index + 1);
    const kept = values[index]!;
    values[index] = values[other]!;
    values[other] = kept;
  }
}

/** Spreads two 32-bit words over one, so that neighbouring seeds give unrelated streams (MurmurHash3's finaliser). */
function mix(left: number, right: number): number {
  let word = Math.imul(left ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(right + 0x7f4a7c15, 0xc2b2ae35);
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return word ^ (word >>> 16);
}
