import {
  InputError,
  type JsonObject,
  type Likelihood,
  type MetricSpec,
  type ScoringFields,
  type Unit,
} from "../contracts/index.ts";
import { pythonRegex } from "../extract/index.ts";
import { type ClassPair, classF1, classPair, matthews } from "./class-metrics.ts";
import { dropMetric } from "./drop/drop-metrics.ts";
import { ifeval, instructionCount } from "./ifeval/ifeval.ts";
import * as choice from "./likelihood-metrics.ts";
import { mathMatch } from "./math/math-match.ts";
import { perUnit, unitCounts } from "./rolling-metrics.ts";
import { type CorpusMeasure, corpusBleu, corpusChrf } from "./similarity/corpus.ts";
import { similarity } from "./similarity/similarity.ts";
import { exactMatch, numericMatch, squadMatch, targetTexts, tokenF1 } from "./text-metrics.ts";

/** What a metric may look at, of one sample. */
export interface ScoreInput {
  /** What was extracted; null for metrics over likelihoods. */
  answer: string | null;
  fields: ScoringFields;
  likelihoods: readonly Likelihood[] | null;
  unconditional: readonly Likelihood[] | null;
  /** The sandbox's verdict. */
  grading: JsonObject | null;
}

/** A compiled metric. */
export interface Metric {
  id: string;
  unit: Unit;
  lowerIsBetter: boolean;
  /** Value of one sample; null where it can't have one. A promise where the judging happens in a worker. */
  score(input: ScoreInput): number | null | Promise<number | null>;
  /** What a sample weighs in the mean; absent: all weigh the same. */
  weight?(fields: ScoringFields): number;
  /** Brings a mean of samples' values, and the ends of its interval, to the unit (perplexity: exp of minus the mean). */
  transform?: (mean: number) => number;
  /**
   * A statistic over all samples together that is no mean of their values: what it keeps of a sample, and what comes of all;
   * `times`: how often each counts, `null`: once.
   */
  together?: {
    detail(input: ScoreInput): readonly number[] | null;
    combine(details: readonly (readonly number[])[], times: ArrayLike<number> | null): number | null;
  };
  /** pass@k: from all epochs of an item, for each k. */
  k?: readonly number[];
}

type Compute = Metric["score"];

const overText =
  (compute: (answer: string, fields: ScoringFields) => number | Promise<number>): Compute =>
  ({ answer, fields }) =>
    answer === null ? null : compute(answer, fields);

const overChoices =
  (compute: (scores: choice.ChoiceScores) => number | null): Compute =>
  ({ likelihoods, unconditional, fields }) =>
    likelihoods && likelihoods.length > 0 ? compute({ likelihoods, unconditional, fields }) : null;

const proportion = { unit: "proportion", lowerIsBetter: false } as const;

const rolling = { lowerIsBetter: true } as const;

/** Log-likelihood per word or byte of a text, weighed by their number: the mean is that over all texts together. */
function unitsOf(unit: keyof typeof unitCounts): Pick<Metric, "score" | "weight"> {
  return {
    score: ({ likelihoods, fields }) => perUnit(unit, likelihoods?.[0] ?? null, fields),
    weight: (fields) => unitCounts[unit](fields.answer),
  };
}

/** By itself, a sample has the score of a corpus of one. Several right answers have no meaning here. */
function overCorpus(measure: CorpusMeasure): Pick<Metric, "score" | "together"> {
  const detail = ({ answer, fields }: ScoreInput) => {
    const [reference, ...more] = targetTexts(fields);
    return answer === null || reference === undefined || more.length > 0 ? null : measure.detail(answer, reference);
  };
  return {
    score: (input) => {
      const own = detail(input);
      return own && measure.combine([own], null);
    },
    together: { detail, combine: (details, times) => (details.length === 0 ? null : measure.combine(details, times)) },
  };
}

/** By itself, a sample is a hit or a miss. */
function overClasses(
  combine: (pairs: readonly ClassPair[], times: ArrayLike<number> | null) => number | null,
): Pick<Metric, "score" | "together"> {
  return {
    score: (input) => {
      const pair = classPair(input);
      return pair && Number(pair[0] === pair[1]);
    },
    together: { detail: classPair, combine: (details, times) => combine(details as readonly ClassPair[], times) },
  };
}

function similarityUnit(report: "right" | "more_right" | "difference"): Pick<Metric, "unit" | "lowerIsBetter"> {
  return report === "more_right" ? proportion : { unit: "points", lowerIsBetter: false };
}

/** Compiles a metric of a protocol. @throws InputError where an `ignore` pattern is no regular expression */
export function compileMetric(spec: MetricSpec): Metric {
  return { id: spec.id ?? spec.metric, ...definitionOf(spec) };
}

function definitionOf(spec: MetricSpec): Omit<Metric, "id"> {
  switch (spec.metric) {
    case "exact_match":
      return { ...proportion, score: overText(exactMatch(spec, (pattern) => pythonRegex(pattern))) };
    case "numeric_match":
      return { ...proportion, score: overText(numericMatch(spec.digits)) };
    case "math_match":
      return { ...proportion, score: overText(mathMatch(spec)) };
    case "squad_match":
      return { ...proportion, score: overText(squadMatch) };
    case "token_f1":
      return { ...proportion, score: overText(tokenF1) };
    case "drop_em":
      return { ...proportion, score: overText(dropMetric("match", spec.separator)) };
    case "drop_f1":
      return { ...proportion, score: overText(dropMetric("f1", spec.separator)) };
    case "similarity":
      return { ...similarityUnit(spec.report), score: similarity(spec) };
    case "ifeval":
      return {
        ...proportion,
        score: ifeval(spec),
        ...(spec.level === "instruction" ? { weight: instructionCount } : {}),
      };
    case "acc":
      return { ...proportion, score: overChoices(choice.acc) };
    case "acc_norm":
      return { ...proportion, score: overChoices(choice.accNorm) };
    case "acc_bytes":
      return { ...proportion, score: overChoices(choice.accBytes) };
    case "acc_tokens":
      return { ...proportion, score: overChoices(choice.accTokens) };
    case "acc_mutual_info":
      return { ...proportion, score: overChoices(choice.accMutualInfo) };
    case "mc2":
      return { ...proportion, score: overChoices(choice.mc2) };
    case "greedy_match":
      return { ...proportion, score: overChoices(choice.greedyMatch) };
    case "brier":
      return { unit: "points", lowerIsBetter: true, score: overChoices(choice.brier) };
    case "corpus_similarity":
      return { unit: "points", lowerIsBetter: false, ...overCorpus(spec.measure === "bleu" ? corpusBleu : corpusChrf) };
    case "class_f1":
      return { ...proportion, ...overClasses(classF1(spec.average)) };
    case "mcc":
      return { unit: "points", lowerIsBetter: false, ...overClasses(matthews) };
    case "perplexity":
      return {
        unit: "perplexity",
        lowerIsBetter: true,
        score: overChoices(({ likelihoods }) => likelihoods[0]?.logprob ?? null),
        transform: (mean) => Math.exp(-mean),
      };
    case "word_perplexity":
      return { ...rolling, unit: "perplexity", ...unitsOf("words"), transform: (mean) => Math.exp(-mean) };
    case "byte_perplexity":
      return { ...rolling, unit: "perplexity", ...unitsOf("bytes"), transform: (mean) => Math.exp(-mean) };
    case "bits_per_byte":
      return { ...rolling, unit: "bits", ...unitsOf("bytes"), transform: (mean) => -mean / Math.LN2 };
    case "reported":
      return { unit: "points", lowerIsBetter: false, score: () => refuseReported(spec.by) };
    case "pass":
      return { ...proportion, score: (input) => passed(input, spec.verdict), k: spec.k };
  }
}

function refuseReported(by: string): never {
  throw new InputError({
    code: "METRIC_REPORTED",
    what: `A score that ${by} reported can't be computed again here.`,
    fix: "Name one of our metrics: --set metrics=…",
  });
}

function passed({ grading }: ScoreInput, verdict: string): number | null {
  if (!grading)
    throw new InputError({
      code: "GRADING_MISSING",
      what: "A program was scored that was never run.",
      fix: "Add `execution` to the protocol.",
    });
  const value = grading[verdict];
  return typeof value === "boolean" ? Number(value) : null;
}
