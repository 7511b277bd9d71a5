import type { ClusterId } from "./clusters.ts";
import { signTestP } from "./mcnemar.ts";
import { pairwiseTTests } from "./pairwise-t-tests.ts";
import { countDisagreements, packScores, type ScoreBits } from "./score-bits.ts";

/** Every model against every other. Pair (i, j), i < j, stands at `pairIndex(i, j, count)`. */
export interface PairwiseTests {
  /** How many models. */
  count: number;
  /** Each model's mean over the rows it has; NaN for a model without rows. */
  means: Float64Array;
  /** Mean of model i minus mean of model j over the rows both have; NaN where they share none. */
  differences: Float64Array;
  /** Two-sided p-values; 1 where nothing can be said. */
  pValues: Float64Array;
  method: "mcnemar-exact" | "paired-t" | "paired-cluster-t";
}

/** What the tests have to know about the rows. */
export interface PairwiseOptions {
  /** One id a row; rows of one id are not independent. */
  clusters?: readonly ClusterId[];
}

/**
 * Tests every pair of models on the rows they share: exact McNemar for right/wrong scores of independent rows, else
 * paired t (cluster-robust with clusters). The work grows with pairs × rows, over bits for right/wrong scores.
 *
 * @param scores one list a model, all over the same rows in the same order; higher is better, NaN is missing
 * @throws RangeError when the lists differ in length, or a score is infinite
 */
export function pairwiseTests(scores: readonly ArrayLike<number>[], options: PairwiseOptions = {}): PairwiseTests {
  const rows = scores[0]?.length ?? 0;
  for (const list of scores) {
    if (list.length !== rows)
      throw new RangeError(`Models need the same rows, but there are ${rows} and ${list.length}.`);
  }
  if (options.clusters === undefined) {
    const packed = packAll(scores);
    if (packed !== null) return pairwiseSignTests(packed, rows);
  }
  return pairwiseTTests(scores, options.clusters);
}

/** Where pair (i, j), i < j, of `count` models stands in a list of all pairs. */
export function pairIndex(i: number, j: number, count: number): number {
  return i * count - (i * (i + 1)) / 2 + j - i - 1;
}

function packAll(scores: readonly ArrayLike<number>[]): ScoreBits[] | null {
  const packed: ScoreBits[] = [];
  for (const list of scores) {
    const bits = packScores(list);
    if (bits === null) return null;
    packed.push(bits);
  }
  return packed;
}

function pairwiseSignTests(models: readonly ScoreBits[], rows: number): PairwiseTests {
  const count = models.length;
  const pairs = (count * (count - 1)) / 2;
  const differences = new Float64Array(pairs);
  const pValues = new Float64Array(pairs);
  let pair = 0;
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++, pair++) {
      const { onlyFirst, onlySecond, common } = countDisagreements(models[i]!, models[j]!, rows);
      differences[pair] = (onlyFirst - onlySecond) / common;
      pValues[pair] = signTestP(Math.min(onlyFirst, onlySecond), onlyFirst + onlySecond);
    }
  }
  const means = Float64Array.from(models, (model) => model.rightCount / model.presentCount);
  return { count, means, differences, pValues, method: "mcnemar-exact" };
}
