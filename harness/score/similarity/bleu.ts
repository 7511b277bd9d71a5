import { splitBlanks } from "../python-text.ts";
import { commonCount, countNgrams } from "./count-ngrams.ts";

const orders = [1, 2, 3, 4];

/**
 * BLEU of one text against one reference, from 0 to 100, with mteval-v14's international tokenization and exponential
 * smoothing, always over four orders: what sacrebleu's `corpus_bleu` gives for a corpus of one (`tokenize="intl"`,
 * `smooth_method="exp"`, `use_effective_order=False`).
 *
 * @see https://github.com/mjpost/sacrebleu/blob/v2.5.1/sacrebleu/metrics/bleu.py
 */
export function bleu(candidate: string, reference: string): number {
  const given = internationalTokens(candidate);
  const right = internationalTokens(reference);
  const counts = orders.map((order) => ({
    correct: commonCount(countNgrams(given, order), countNgrams(right, order)),
    total: Math.max(0, given.length - order + 1),
  }));
  if (counts.every(({ correct }) => correct === 0)) return 0;
  let smoothing = 1;
  let logSum = 0;
  for (const { correct, total } of counts) {
    if (total === 0) return 0;
    if (correct === 0) smoothing *= 2;
    logSum += Math.log(correct === 0 ? 100 / (smoothing * total) : (100 * correct) / total);
  }
  const brevity = given.length < right.length ? Math.exp(1 - right.length / given.length) : 1;
  return brevity * Math.exp(logSum / orders.length);
}

/** Punctuation is split off except between digits, symbols always. */
function internationalTokens(text: string): string[] {
  return splitBlanks(
    text
      .replace(/(\P{N})(\p{P})/gu, "$1 $2 ")
      .replace(/(\p{P})(\P{N})/gu, " $1 $2")
      .replace(/(\p{S})/gu, " $1 "),
  );
}
