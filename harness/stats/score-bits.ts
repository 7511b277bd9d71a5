/** Right/wrong scores as bits: 32 rows a word. A missing score (NaN) is a 0 in both. */
export interface ScoreBits {
  right: Int32Array;
  present: Int32Array;
  /** How many are right, and how many are there. */
  rightCount: number;
  presentCount: number;
}

/** Packs scores of 0, 1 and NaN (missing); `null` when there is any other value. */
export function packScores(values: ArrayLike<number>): ScoreBits | null {
  const words = (values.length + 31) >>> 5;
  const bits: ScoreBits = {
    right: new Int32Array(words),
    present: new Int32Array(words),
    rightCount: 0,
    presentCount: 0,
  };
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (Number.isNaN(value)) continue;
    if (value !== 0 && value !== 1) return null;
    const bit = 1 << (row & 31);
    bits.present[row >>> 5]! |= bit;
    bits.presentCount++;
    if (value === 0) continue;
    bits.right[row >>> 5]! |= bit;
    bits.rightCount++;
  }
  return bits;
}

/** How two models differ over the rows that both have. */
export interface Disagreements {
  onlyFirst: number;
  onlySecond: number;
  common: number;
}

/** Counts the rows on which exactly one of the two is right, among rows that both have. */
export function countDisagreements(first: ScoreBits, second: ScoreBits, rows: number): Disagreements {
  if (first.presentCount === rows && second.presentCount === rows) return countOfComplete(first, second, rows);
  let onlyFirst = 0;
  let onlySecond = 0;
  let common = 0;
  for (let word = 0; word < first.right.length; word++) {
    const both = first.present[word]! & second.present[word]!;
    const [a, b] = [first.right[word]! & both, second.right[word]! & both];
    onlyFirst += countBits(a & ~b);
    onlySecond += countBits(b & ~a);
    common += countBits(both);
  }
  return { onlyFirst, onlySecond, common };
}

/** With no row missing, the two counts follow from their sum and from the difference of the totals. */
function countOfComplete(first: ScoreBits, second: ScoreBits, rows: number): Disagreements {
  let either = 0;
  for (let word = 0; word < first.right.length; word++) either += countBits(first.right[word]! ^ second.right[word]!);
  const lead = first.rightCount - second.rightCount;
  return { onlyFirst: (either + lead) / 2, onlySecond: (either - lead) / 2, common: rows };
}

/** @see Warren, Hacker's Delight, 5-1. */
function countBits(word: number): number {
  let count = word - ((word >>> 1) & 0x55555555);
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333);
  count = (count + (count >>> 4)) & 0x0f0f0f0f;
  return Math.imul(count, 0x01010101) >>> 24;
}
