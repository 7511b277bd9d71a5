import type { MetricSpec, ScoringFields } from "../../contracts/index.ts";
import { targetTexts } from "../text-metrics.ts";
import { equalAnswers } from "./equal-answers.ts";
import { hendrycksEqual } from "./hendrycks-string.ts";
import { judgeExpressions } from "./judge-expressions.ts";
import { minervaString } from "./minerva-string.ts";

type MathMatch = Extract<MetricSpec, { metric: "math_match" }>;

const rules: Record<MathMatch["rule"], (given: string, target: string) => boolean | Promise<boolean>> = {
  value: (given, target) => equalAnswers(given, target, judgeExpressions),
  hendrycks: hendrycksEqual,
  minerva: async (given, target) => {
    const [left, right] = [minervaString(given), minervaString(target)];
    return (left !== "" && left === right) || judgeExpressions({ kind: "expressions", a: left, b: right });
  },
};

/** Whether an answer to a mathematical question is one of the right ones, by the rule of the protocol. */
export function mathMatch({ rule }: MathMatch): (answer: string, fields: ScoringFields) => Promise<number> {
  return async (answer, fields) => {
    for (const target of targetTexts(fields)) if (await rules[rule](answer, target)) return 1;
    return 0;
  };
}
