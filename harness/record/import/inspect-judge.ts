import type { JsonObject } from "../../contracts/index.ts";
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
export function inspectJudge({ results }: Pick<InspectLog, "results">): JsonObject | null {
  const scorer = results?.scores.find(({ name, scorer: by }) => grading.test(by ?? name));
  if (!scorer) return null;
  const { model, template, instructions, grade_pattern, ...options } = scorer.params ?? {};
  const said = (value: unknown) => (value === undefined || value === null ? null : hashOf(value as JsonObject));
  return JSON.parse(
    JSON.stringify({
      scorer: scorer.scorer ?? scorer.name,
      model: typeof model === "string" ? model : null,
      templateSha256: said(template),
      instructionsSha256: said(instructions),
      gradePattern: grade_pattern ?? null,
      options,
    }),
  ) as JsonObject;
}
