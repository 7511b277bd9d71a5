import { z } from "zod";

const textOptions = {
  ignoreCase: z.boolean().default(false),
  ignorePunctuation: z.boolean().default(false).describe("ASCII punctuation, as Python's string.punctuation"),
  ignoreNumbers: z.boolean().default(false),
  ignore: z.array(z.string()).default([]).describe("Python regular expressions removed from both sides, in order"),
};

/**
 * A metric and its options; `id` renames it in records. Metrics over likelihoods follow lm-evaluation-harness:
 * `acc_norm` divides by code points of the choice, `acc_bytes` by UTF-8 bytes, `acc_tokens` by the model's tokens.
 */
export const metricSchema = z.discriminatedUnion("metric", [
  z.strictObject({ metric: z.literal("exact_match"), id: z.string().optional(), ...textOptions }),
  z.strictObject({
    metric: z.literal("numeric_match").describe("equal as numbers; $ , and a trailing . ignored"),
    id: z.string().optional(),
  }),
  z.strictObject({ metric: z.literal("math_match").describe("mathematically equivalent"), id: z.string().optional() }),
  z.strictObject({
    metric: z.literal("token_f1").describe("SQuAD/DROP bag-of-words F1"),
    id: z.string().optional(),
    kind: z.enum(["squad", "drop"]).default("squad"),
  }),
  z.strictObject({
    metric: z.literal("squad_match"),
    id: z.string().optional(),
    kind: z.enum(["squad", "drop"]).default("squad"),
  }),
  z.strictObject({
    metric: z.literal("ifeval"),
    id: z.string().optional(),
    level: z.enum(["prompt", "instruction"]),
    mode: z.enum(["strict", "loose"]),
  }),
  z.strictObject({ metric: z.literal("bleu"), id: z.string().optional() }),
  z.strictObject({ metric: z.literal("chrf"), id: z.string().optional() }),
  z.strictObject({
    metric: z.literal("rouge"),
    id: z.string().optional(),
    kind: z.enum(["rouge1", "rouge2", "rougeL"]).default("rougeL"),
  }),
  z.strictObject({ metric: z.literal("acc"), id: z.string().optional() }),
  z.strictObject({ metric: z.literal("acc_norm"), id: z.string().optional() }),
  z.strictObject({ metric: z.literal("acc_bytes"), id: z.string().optional() }),
  z.strictObject({ metric: z.literal("acc_tokens"), id: z.string().optional() }),
  z.strictObject({ metric: z.literal("acc_mutual_info"), id: z.string().optional() }),
  z.strictObject({ metric: z.literal("brier"), id: z.string().optional() }),
  z.strictObject({ metric: z.literal("mc1"), id: z.string().optional() }),
  z.strictObject({ metric: z.literal("mc2"), id: z.string().optional() }),
  z.strictObject({
    metric: z.literal("greedy_match").describe("every token of the continuation is the model's first choice"),
    id: z.string().optional(),
  }),
  z.strictObject({
    metric: z.literal("perplexity"),
    id: z.string().optional(),
    per: z.enum(["item", "token", "word", "byte"]).default("item"),
  }),
  z.strictObject({ metric: z.literal("bits_per_byte"), id: z.string().optional() }),
  z.strictObject({
    metric: z.literal("pass").describe("the program passed its tests; pass@k comes from epochs"),
    id: z.string().optional(),
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
