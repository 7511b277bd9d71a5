import { z } from "zod";
import { jsonObjectSchema } from "./json.ts";

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
  z.strictObject({
    metric: z.literal("numeric_match").describe("equal as numbers; $ , and a trailing . ignored"),
    id,
    digits: z.number().int().positive().max(15).optional().describe("only so many significant digits are compared"),
  }),
  z.strictObject({
    metric: z.literal("math_match").describe("the same answer to a mathematical question"),
    id,
    rule: z
      .enum(["value", "hendrycks", "minerva"])
      .default("value")
      .describe(
        "value: ours, by text, number, structure or value; hendrycks, minerva: the strings those sources compare",
      ),
  }),
  z.strictObject({
    metric: z.literal("squad_match").describe("SQuAD's exact match: articles, punctuation and case ignored"),
    id,
  }),
  z.strictObject({ metric: z.literal("token_f1").describe("SQuAD's F1 over words"), id }),
  z.strictObject({
    metric: z
      .literal("drop_em")
      .describe("DROP's exact match over spans; `target` lists the right answers, each a list of spans"),
    id,
    separator: z.string().optional().describe("what parts the spans of a response; without it a response is one span"),
  }),
  z.strictObject({
    metric: z.literal("drop_f1").describe("DROP's F1 over bags of words of aligned spans"),
    id,
    separator: z.string().optional(),
  }),
  z.strictObject({
    metric: z
      .literal("similarity")
      .describe("overlap of a response with reference texts, from 0 to 100; the best of them counts"),
    id,
    measure: z.enum(["bleu", "chrf", "rouge1", "rouge2", "rougeL", "rougeLsum"]),
    report: z
      .enum(["right", "more_right", "difference"])
      .default("right")
      .describe(
        "similarity to the right answers; 1 where that is above the one to the wrong answers; their difference",
      ),
    wrong: z.string().optional().describe("column with the wrong answers, for `more_right` and `difference`"),
  }),
  z.strictObject({
    metric: z
      .literal("corpus_similarity")
      .describe("BLEU or chrF of all responses together against one right text each, from 0 to 100"),
    id,
    measure: z.enum(["bleu", "chrf"]),
  }),
  z.strictObject({
    metric: z
      .literal("ifeval")
      .describe("IFEval: verifiable instructions followed; reads the columns instruction_id_list, kwargs, prompt"),
    id,
    level: z
      .enum(["prompt", "instruction"])
      .describe("prompt: all of an item's instructions; instruction: each counts"),
    loose: z.boolean().default(false).describe("without asterisks, first or last line also counts"),
  }),
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
  z.strictObject({
    metric: z.literal("class_f1").describe("F1 of the likeliest choice as a class, over all samples together"),
    id,
    average: z.enum(["binary", "macro", "micro", "weighted"]).describe("as scikit-learn's f1_score"),
  }),
  z.strictObject({
    metric: z.literal("mcc").describe("Matthews correlation of right and likeliest choice, over all samples together"),
    id,
  }),
  z.strictObject({ metric: z.literal("perplexity").describe("exp of minus the mean log-likelihood of an item"), id }),
  z.strictObject({
    metric: z.literal("word_perplexity").describe("of a whole text: exp of minus the log-likelihood per word"),
    id,
  }),
  z.strictObject({ metric: z.literal("byte_perplexity"), id }),
  z.strictObject({ metric: z.literal("bits_per_byte"), id }),
  z.strictObject({
    metric: z.literal("reported").describe("imported runs: computed by another program; can't be scored again"),
    id,
    by: z.string(),
    options: jsonObjectSchema.default({}).describe("as that program recorded them"),
  }),
  z.strictObject({
    metric: z.literal("pass").describe("the program passed its tests; pass@k and pass^k from epochs"),
    id,
    k: z.array(z.number().int().positive()).default([1]),
    verdict: z
      .string()
      .default("passed")
      .describe("field of the verdict that counts, e.g. `strict` for the stricter rule of repository tasks"),
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
  /** What the sample weighs in the mean, where not every sample weighs the same (words of a text, instructions of a prompt). */
  weight?: number | undefined;
  /** What a metric over all samples together keeps of this one (right and predicted class). */
  detail?: number[] | undefined;
}
