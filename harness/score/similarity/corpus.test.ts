import { expect, test } from "vitest";
import { metricSchema } from "../../contracts/index.ts";
import { compileMetric } from "../index.ts";
import { type CorpusMeasure, corpusBleu, corpusChrf } from "./corpus.ts";

/** Texts of our own; scores are sacrebleu 2.6.0's `corpus_bleu` and `corpus_chrf`. */
const corpora: { candidates: string[]; references: string[]; bleu: number; chrf: number }[] = [
  {
    candidates: [
      "東京 end\n<skipped> (x) The 東京 it's end\n<skipped> ልጅ mats on Ünï ",
      "it's a-b café: &amp; 1,000 The The",
      '— 10-20 "fine". mats a-b mats sat, 3.5 it\'s ... $5',
      "3.5 The",
      'The — 10-20 mats ልጅ naïve ልጅ "fine". café: Ünï end\n<skipped> — sat,',
    ],
    references: [
      "東京 end\n<skipped> (x) The $5 it's end\n<skipped> cat mats on 東京",
      "it's a-b café: on 1,000 it's The",
      '— 10-20 "fine". mats a-b mats sat, 3.5 ... ... $5',
      "3.5 The",
      "The — — mats mats naïve ልጅ — café: Ünï end\n<skipped> — mats",
    ],
    bleu: 52.91893874506411,
    chrf: 69.74351991930763,
  },
  {
    candidates: [
      'café: cat sat, ... café: "fine". cat it\'s ',
      '... 東京 "fine". naïve end\n<skipped> 10-20 &amp; naïve end\n<skipped> cat The ልጅ',
      "naïve 3.5 1,000 3.5 end\n<skipped> 10-20 on mats 10-20 東京 3.5 cat 10-20 naïve",
      "東京 ... mats",
      '$5 1,000 ልጅ &amp; "fine". naïve &amp; The 1,000',
    ],
    references: [
      "mats cat sat, ... café: a-b cat it's",
      '... 東京 "fine". $5 end\n<skipped> 10-20 3.5 cat end\n<skipped> cat &amp; ልጅ',
      "— 3.5 1,000 3.5 end\n<skipped> 10-20 on mats 10-20 東京 3.5 cat 10-20 naïve",
      "$5 ... mats",
      '$5 &amp; ልጅ &amp; "fine". naïve &amp; a-b 3.5',
    ],
    bleu: 66.95266524134564,
    chrf: 75.16951228136082,
  },
  {
    candidates: [
      "Ünï mats end\n<skipped> cat &amp; it's mats cat (x) on ልጅ mats &amp;",
      "café: cat ... $5 ",
      "sat, Ünï ... on 1,000 —",
      "東京 The 東京 a-b",
    ],
    references: [
      "Ünï mats end\n<skipped> cat &amp; it's mats cat 3.5 on ልጅ mats &amp;",
      "café: cat 10-20 $5",
      "a-b Ünï ... sat, 1,000 —",
      "東京 The 東京 a-b",
    ],
    bleu: 53.48194831308735,
    chrf: 77.36353522330438,
  },
  {
    candidates: ["&amp; sat, &amp; (x) ", ""],
    references: ["&amp; sat, &amp; cat", 'it\'s end\n<skipped> cat &amp; a-b cat cat "fine". 10-20 $5 naïve'],
    bleu: 4.8233853088082155,
    chrf: 21.15005269027707,
  },
];

const scoreOf = (measure: CorpusMeasure, { candidates, references }: { candidates: string[]; references: string[] }) =>
  measure.combine(
    candidates.map((candidate, index) => measure.detail(candidate, references[index] ?? "")),
    null,
  );

test.each(corpora)("BLEU and chrF of a corpus are sacrebleu's (%#)", (corpus) => {
  expect(scoreOf(corpusBleu, corpus)).toBeCloseTo(corpus.bleu, 9);
  expect(scoreOf(corpusChrf, corpus)).toBeCloseTo(corpus.chrf, 9);
});

test("a text that counts twice is as good as two texts", () => {
  const pairs = [
    ["the cat sat on the mat", "the cat is on the mat"],
    ["a b c d e", "a b c d f"],
  ] as const;
  for (const measure of [corpusBleu, corpusChrf]) {
    const details = pairs.map(([candidate, reference]) => measure.detail(candidate, reference));
    const twice = [...details, details[0] ?? []];
    expect(measure.combine(details, [2, 1])).toBeCloseTo(measure.combine(twice, null), 12);
  }
});

test("several right texts have no corpus score; no answer is an empty one", () => {
  const metric = compileMetric(metricSchema.parse({ metric: "corpus_similarity", measure: "chrf" }));
  const input = (answer: string | null, target: string | string[]) => ({
    answer,
    fields: { target, choices: null, answer: "", extra: {} },
    likelihoods: null,
    unconditional: null,
    grading: null,
  });
  expect(metric.score(input("a", ["a", "b"]))).toBeNull();
  expect(metric.score(input(null, "a"))).toBeNull();
  expect(metric.score(input("abc", "abc"))).toBe(100);
  expect(metric.together?.detail(input("", "ab"))).toEqual([0, 2, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
});
