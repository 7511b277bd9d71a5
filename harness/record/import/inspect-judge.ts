import { hashOf } from "../hash.ts";
import type { InspectLog } from "./inspect-schema.ts";

/** Scorers of Inspect that ask a model whether an answer is right. */
const grading = /(^|\/)model_graded/;

/**
 * The model that judged the answers, as far as a log tells: an option that wasn't given stands for a default that the log
 * doesn't name, so it is `null`, not recorded.
 *
 * @returns `null` where no scorer asks a model
 */
export function inspectJudge({ results }: Pick<InspectLog, "results">): object | null {
  const scorer = results?.scores.find(({ name, scorer: by }) => grading.test(by ?? name));
  if (!scorer) return null;
  const { model, template, instructions, grade_pattern, ...options } = scorer.params ?? {};
  const hashed = (value: unknown) => (value == null ? null : hashOf(value));
  return {
    scorer: scorer.scorer ?? scorer.name,
    model: typeof model === "string" ? model : null,
    templateSha256: hashed(template),
    instructionsSha256: hashed(instructions),
    gradePattern: grade_pattern ?? null,
    options,
  };
}
