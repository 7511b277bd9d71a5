import { z } from "zod";

const textOptions = {
  ignoreCase: z.boolean().default(false),
  ignorePunctuation: z.boolean().default(false).describe("ASCII punctuation, as Python's string.punctuation"),
  ignoreNumbers: z.boolean().default(false),
  ignore: z.array(z.string()).default([]).describe("Python regular expressions removed from both sides, in order"),
};

const id = z.string().optional();

/**
 * A metric and its options; `id` renames it in records. Metrics over likelihoods follow lm-evaluation-harness:
 * `acc_norm` divides by code points of the choice, `acc_bytes` by UTF-8 bytes, `acc_tokens` by the model's tokens.
 */
export const metricSchema = z.discriminatedUnion("metric", [
  z.strictObject({ metric: z.literal("exact_match"), id, ...textOptions }),
  z.strictObject({ metric: z.literal("numeric_match").describe("equal as numbers; $ , and a trailing . ignored"), id }),
  z.strictObject({
    metric: z.literal("squad_match").describe("SQuAD's exact match: articles, punctuation and case ignored"),
    id,
  }),
  z.strictObject({ metric: z.literal("token_f1").describe("SQuAD's F1 over words"), id }),
  z.strictObject({ metric: z.literal("acc").describe("the right choice is the likeliest"), id }),
  z.strictObject({ metric: z.literal("acc_norm"), id }),
  z.strictObject({ metric: z.literal("acc_bytes"), id }),
  z.strictObject({ metric: z.literal("acc_tokens"), id }),
  z.strictObject({ metric: z.literal("acc_mutual_info").describe("needs `unconditional`"), id }),
  z.strictObject({ metric: z.literal("brier"), id }),
  z.strictObject({ metric: z.literal("mc2").describe("probability mass on the right choices (TruthfulQA)"), id }),
  z.strictObject({
    metric: z.literal("greedy_match").describe("every token of the right continuation is the model's first choice"),
    id,
  }),
  z.strictObject({ metric: z.literal("perplexity").describe("exp of minus the mean log-likelihood of an item"), id }),
  z.strictObject({
    metric: z.literal("pass").describe("the program passed its tests; pass@k from epochs"),
    id,
    k: z.array(z.number().int().positive()).default([1]),
  }),
]);

export type MetricSpec = z.infer<typeof metricSchema>;
export type MetricName = MetricSpec["metric"];

/** The value of one metric for one sample under one pipeline. */
export interface MetricValue {
  metric: string;
  filter: string;
  /** `null`: not in the denominator (see the protocol's denominator policy). */
  value: number | null;
}
