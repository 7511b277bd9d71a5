import { InputError, type Json, type MetricSpec } from "../../contracts/index.ts";
import type { ScoreInput } from "../metric.ts";
import { targetTexts } from "../text-metrics.ts";
import { bleu } from "./bleu.ts";
import { chrf } from "./chrf.ts";
import { rouge } from "./rouge.ts";

type SimilaritySpec = Extract<MetricSpec, { metric: "similarity" }>;

/**
 * Similarity of an answer to reference texts, from 0 to 100. TruthfulQA compares the likeness to the right answers with
 * that to the wrong ones.
 *
 * @throws InputError `METRIC_INCOMPLETE` where these are asked for and not named
 * @see https://github.com/EleutherAI/lm-evaluation-harness/blob/v0.4.13/lm_eval/tasks/truthfulqa/utils.py
 */
export function similarity(spec: SimilaritySpec): (input: ScoreInput) => number | null {
  if (spec.report !== "right" && spec.wrong === undefined)
    throw new InputError({
      code: "METRIC_INCOMPLETE",
      what: `Metric similarity with \`report: ${spec.report}\` needs to know the wrong answers.`,
      fix: "Name their column in `wrong`.",
    });
  const likeness = measures[spec.measure];
  const best = (answer: string, references: string[]) =>
    Math.max(...references.map((reference) => likeness(answer, reference)));
  return ({ answer, fields }) => {
    if (answer === null) return null;
    const right = best(answer, targetTexts(fields));
    if (spec.report === "right") return right;
    const wrong = best(answer, wrongTexts(fields.extra[spec.wrong ?? ""]));
    return spec.report === "difference" ? right - wrong : Number(right > wrong);
  };
}

function wrongTexts(column: Json | undefined): string[] {
  return Array.isArray(column) ? column.map(String) : [];
}

/** One line a sentence, as the T5 code that TruthfulQA took over prepares texts for rougeLsum. */
const oneSentenceALine = (text: string) => text.replaceAll(" . ", ".\n");

const viaRouge = (type: "rouge1" | "rouge2" | "rougeL" | "rougeLsum") => (answer: string, reference: string) =>
  100 * rouge(type, oneSentenceALine(answer), oneSentenceALine(reference));

const measures: Record<SimilaritySpec["measure"], (answer: string, reference: string) => number> = {
  bleu,
  chrf,
  rouge1: viaRouge("rouge1"),
  rouge2: viaRouge("rouge2"),
  rougeL: viaRouge("rougeL"),
  rougeLsum: viaRouge("rougeLsum"),
};
