import { splitBlanks } from "../python-text.ts";
import { commonCount, countNgrams } from "./count-ngrams.ts";

const highestOrder = 6;
const beta = 2;

/**
 * chrF2 of one text against one reference, from 0 to 100: F₂ of the mean precision and recall of character n-grams of
 * order 1 to 6 without white space.
 *
 * @see https://github.com/mjpost/sacrebleu/blob/v2.5.1/sacrebleu/metrics/chrf.py
 */
export function chrf(candidate: string, reference: string): number {
  const given = [...splitBlanks(candidate).join("")];
  const right = [...splitBlanks(reference).join("")];
  let precision = 0;
  let recall = 0;
  let orders = 0;
  for (let order = 1; order <= highestOrder; order += 1) {
    const [ours, theirs] = [given.length - order + 1, right.length - order + 1];
    if (ours <= 0 || theirs <= 0) continue;
    const common = commonCount(countNgrams(given, order), countNgrams(right, order));
    precision += common / ours;
    recall += common / theirs;
    orders += 1;
  }
  if (precision + recall === 0) return 0;
  const [meanPrecision, meanRecall] = [precision / orders, recall / orders];
  const factor = beta ** 2;
  return (100 * (1 + factor) * meanPrecision * meanRecall) / (factor * meanPrecision + meanRecall);
}
