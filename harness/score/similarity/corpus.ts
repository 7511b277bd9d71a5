import { splitBlanks } from "../python-text.ts";
import { commonCount, countNgrams } from "./count-ngrams.ts";

/** What a corpus score keeps of a pair of texts, and what comes of all pairs together. */
export interface CorpusMeasure {
  detail(candidate: string, reference: string): number[];
  /** @param times - how often each pair counts; `null`: once */
  combine(details: readonly (readonly number[])[], times: ArrayLike<number> | null): number;
}

const bleuOrders = [1, 2, 3, 4];

/**
 * Corpus BLEU, from 0 to 100: sacrebleu's `corpus_bleu` with its defaults (tokenizer 13a, exponential smoothing), one
 * reference a text.
 *
 * @see https://github.com/mjpost/sacrebleu/blob/v2.5.1/sacrebleu/metrics/bleu.py
 */
export const corpusBleu: CorpusMeasure = {
  detail: (candidate, reference) => {
    const [given, right] = [tokens13a(candidate), tokens13a(reference)];
    const common = bleuOrders.map((order) => commonCount(countNgrams(given, order), countNgrams(right, order)));
    const totals = bleuOrders.map((order) => Math.max(0, given.length - order + 1));
    return [given.length, right.length, ...common, ...totals];
  },
  combine: (details, times) => {
    const [given = 0, right = 0, ...counts] = sums(details, times);
    if (counts.slice(0, 4).every((common) => common === 0)) return 0;
    let smoothing = 1;
    let logSum = 0;
    for (const order of bleuOrders) {
      const [common = 0, total = 0] = [counts[order - 1], counts[order + 3]];
      if (total === 0) return 0;
      if (common === 0) smoothing *= 2;
      logSum += Math.log(common === 0 ? 100 / (smoothing * total) : (100 * common) / total);
    }
    const brevity = given < right ? Math.exp(1 - right / given) : 1;
    return brevity * Math.exp(logSum / bleuOrders.length);
  },
};

const characterOrders = [1, 2, 3, 4, 5, 6];
/** β² of F₂. */
const factor = 4;

/**
 * Corpus chrF2, from 0 to 100: sacrebleu's `corpus_chrf` with its defaults (characters to order 6, no words).
 *
 * @see https://github.com/mjpost/sacrebleu/blob/v2.5.1/sacrebleu/metrics/chrf.py
 */
export const corpusChrf: CorpusMeasure = {
  detail: (candidate, reference) => {
    const given = [...splitBlanks(candidate).join("")];
    const right = [...splitBlanks(reference).join("")];
    return characterOrders.flatMap((order) => {
      const ours = Math.max(0, given.length - order + 1);
      const theirs = Math.max(0, right.length - order + 1);
      return [theirs > 0 ? ours : 0, theirs, commonCount(countNgrams(given, order), countNgrams(right, order))];
    });
  },
  combine: (details, times) => {
    const counts = sums(details, times);
    let [precision, recall, orders] = [0, 0, 0];
    for (const order of characterOrders) {
      const [ours = 0, theirs = 0, common = 0] = counts.slice(3 * order - 3, 3 * order);
      if (ours === 0 || theirs === 0) continue;
      precision += common / ours;
      recall += common / theirs;
      orders += 1;
    }
    if (precision + recall === 0) return 0;
    const [meanPrecision, meanRecall] = [precision / orders, recall / orders];
    return (100 * (1 + factor) * meanPrecision * meanRecall) / (factor * meanPrecision + meanRecall);
  },
};

function sums(details: readonly (readonly number[])[], times: ArrayLike<number> | null): number[] {
  const total = new Float64Array(details[0]?.length ?? 0);
  details.forEach((detail, index) => {
    const count = times?.[index] ?? 1;
    if (count > 0)
      for (let at = 0; at < total.length; at += 1) total[at] = (total[at] ?? 0) + count * (detail[at] ?? 0);
  });
  return Array.from(total);
}

const entities: readonly (readonly [string, string])[] = [
  ["&quot;", '"'],
  ["&amp;", "&"],
  ["&lt;", "<"],
  ["&gt;", ">"],
];

/** mteval-v13a's tokens: ASCII punctuation is split off, full stops, commas and dashes not inside numbers. */
function tokens13a(text: string): string[] {
  let line = text.replace(/\s+$/u, "").replaceAll("<skipped>", "").replaceAll("-\n", "").replaceAll("\n", " ");
  for (const [entity, character] of entities) line = line.replaceAll(entity, character);
  return splitBlanks(
    ` ${line} `
      .replace(/([{-~[-` -&(-+:-@/])/g, " $1 ")
      .replace(/([^0-9])([.,])/gu, "$1 $2 ")
      .replace(/([.,])([^0-9])/gu, " $1 $2")
      .replace(/([0-9])(-)/g, "$1 $2 "),
  );
}
