import { assertSamples } from "./pass-at-k.ts";

/** Beyond this the binomial coefficients leave the range of a double. */
const MOST_SAMPLES = 1000;

/**
 * maj@k (cons@k, self-consistency) in expectation over all ways to draw k of an item's samples, instead of the luck of
 * one draw: the chance that the right answer is the most frequent; where several are, it counts for its share.
 * Exact, not drawn. Its work grows with n · k · ln k.
 *
 * @param correct how many samples gave the right answer
 * @param others how many samples gave each wrong answer
 * @throws InputError `PASS_AT_K_TOO_FEW_SAMPLES` when there are fewer than k samples; RangeError above 1,000 samples
 * @example majorityAtK(6, [3, 1], 3) // 0.7166…
 */
export function majorityAtK(correct: number, others: readonly number[], k: number): number {
  const n = others.reduce((total, count) => total + count, correct);
  assertSamples({ n, correct }, k);
  if (n > MOST_SAMPLES) throw new RangeError(`A majority is computed for up to ${MOST_SAMPLES} samples, not ${n}.`);
  let favourable = 0;
  for (let votes = 1; votes <= Math.min(correct, k); votes++) {
    favourable += binomial(correct, votes) * waysToLose(others, k - votes, votes);
  }
  return Math.min(1, favourable / binomial(n, k));
}

/** Ways to draw `draws` wrong answers of which none has more than `votes`, each way over 1 + how many have just as many. */
function waysToLose(others: readonly number[], draws: number, votes: number): number {
  const mostTies = Math.floor(draws / votes);
  // ways[ties][drawn]
  let ways: Float64Array[] = Array.from({ length: mostTies + 1 }, () => new Float64Array(draws + 1));
  ways[0]![0] = 1;
  for (const count of others) ways = withAnswer(ways, count, votes);
  return ways.reduce((total, row, ties) => total + row[draws]! / (1 + ties), 0);
}

function withAnswer(ways: Float64Array[], count: number, votes: number): Float64Array[] {
  const next = ways.map((row) => new Float64Array(row.length));
  for (let taken = 0; taken <= Math.min(count, votes); taken++) {
    const choices = binomial(count, taken);
    const tie = taken === votes ? 1 : 0;
    for (let ties = 0; ties + tie < ways.length; ties++) {
      const [from, to] = [ways[ties]!, next[ties + tie]!];
      for (let drawn = 0; drawn + taken < from.length; drawn++) to[drawn + taken]! += choices * from[drawn]!;
    }
  }
  return next;
}

function binomial(n: number, k: number): number {
  let result = 1;
  for (let step = 1; step <= Math.min(k, n - k); step++) result = (result * (n - step + 1)) / step;
  return result;
}
