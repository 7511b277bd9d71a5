import { isBinary } from "./score-interval.ts";

/** How often two models were right and wrong on the same rows. */
export interface TwoByTwo {
  bothRight: number;
  onlyFirst: number;
  onlySecond: number;
  bothWrong: number;
}

/**
 * Counts agreement and disagreement of two models' right/wrong scores.
 *
 * @throws RangeError on unequal lengths or values other than 0 and 1
 */
export function twoByTwo(first: ArrayLike<number>, second: ArrayLike<number>): TwoByTwo {
  if (first.length !== second.length) {
    throw new RangeError(`Paired scores need the same rows, but there are ${first.length} and ${second.length}.`);
  }
  if (!isBinary(first) || !isBinary(second)) throw new RangeError("A two-by-two table needs scores of 0 and 1 only.");
  const table: TwoByTwo = { bothRight: 0, onlyFirst: 0, onlySecond: 0, bothWrong: 0 };
  for (let row = 0; row < first.length; row++) {
    if (first[row] === 1) table[second[row] === 1 ? "bothRight" : "onlyFirst"]++;
    else table[second[row] === 1 ? "onlySecond" : "bothWrong"]++;
  }
  return table;
}

/** The rows of a table. */
export function tableSize(table: TwoByTwo): number {
  return table.bothRight + table.onlyFirst + table.onlySecond + table.bothWrong;
}
