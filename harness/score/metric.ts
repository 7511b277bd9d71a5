import {
  InputError,
  type JsonObject,
  type Likelihood,
  type MetricSpec,
  type ScoringFields,
  type Unit,
} from "../contracts/index.ts";
import { pythonRegex } from "../extract/index.ts";
import * as choice from "./likelihood-metrics.ts";
import { mathMatch } from "./math/math-match.ts";
import { exactMatch, numericMatch, squadMatch, tokenF1 } from "./text-metrics.ts";

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
  /** Brings a mean of samples' values, and the ends of its interval, to the unit (perplexity: exp of minus the mean). */
  transform?: (mean: number) => number;
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

/** Compiles a metric of a protocol. @throws InputError where an `ignore` pattern is no regular expression */
export function compileMetric(spec: MetricSpec): Metric {
  return { id: spec.id ?? spec.metric, ...definitionOf(spec) };
}

function definitionOf(spec: MetricSpec): Omit<Metric, "id"> {
  switch (spec.metric) {
    case "exact_match":
      return { ...proportion, score: overText(exactMatch(spec, (pattern) => pythonRegex(pattern))) };
    case "numeric_match":
      return { ...proportion, score: overText(numericMatch) };
    case "math_match":
      return { ...proportion, score: overText(mathMatch(spec)) };
    case "squad_match":
      return { ...proportion, score: overText(squadMatch) };
    case "token_f1":
      return { ...proportion, score: overText(tokenF1) };
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
    case "perplexity":
      return {
        unit: "perplexity",
        lowerIsBetter: true,
        score: overChoices(({ likelihoods }) => likelihoods[0]?.logprob ?? null),
        transform: (mean) => Math.exp(-mean),
      };
    case "pass":
      return { ...proportion, score: (input) => passed(input, spec.verdict), k: spec.k };
  }
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
