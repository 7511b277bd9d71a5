import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engineProblem } from "../../sandbox/testing/engine-for-tests.ts";
import type { JsonObject } from "../contracts/index.ts";
import { bundledTasks, resolve } from "../task/index.ts";
import { type Grader, openGrader } from "./open-grader.ts";
import type { Planned } from "./plan.ts";
import { prepare } from "./prepare.ts";
import type { Grade } from "./score-sample.ts";
import { describeOverMirror } from "./testing/mirror.ts";
import { scoreAnswers } from "./testing/score-answers.ts";

/** Protocol, split where it isn't the protocol's, official number of items, and reference solutions that are wrong themselves. */
const published: [reference: string, split: string | null, items: number, wrong: string[]][] = [
  ["humaneval@lm-eval", null, 164, []],
  ["humaneval@evalplus", null, 164, []],
  // The data set's own test raises a TypeError.
  ["humaneval_plus@evalplus", null, 164, ["HumanEval/32"]],
  ["mbpp@lm-eval", "all", 974, []],
  ["mbpp@evalplus", null, 500, []],
  // Two are wrong, which the source doesn't notice; one needs a package from npm.
  ["humaneval_x@js", null, 164, ["JavaScript/112", "JavaScript/155", "JavaScript/162"]],
  ["humaneval_x@python-chat", null, 164, []],
];

describe.skipIf(engineProblem !== undefined)("in the sandbox", () => {
  describeOverMirror("published reference solutions", () => {
    let grader: Grader;
    beforeAll(async () => {
      grader = await openGrader(published.map(([reference]) => resolve(reference, { roots: [bundledTasks] }).protocol));
    });
    afterAll(async () => {
      await grader?.close();
    });

    test.each(published)("%s %s", { timeout: 600_000 }, async (reference, split, items, wrong) => {
      const flags = split === null ? [] : [{ path: ["evaluate"], value: split, by: `--set evaluate=${split}` }];
      const resolved = resolve(reference, { roots: [bundledTasks], flags });
      const noModel = { provider: "none", name: "none", baseUrl: null, options: {} };
      const prepared = await prepare(resolved, noModel);
      expect(prepared.setup.dataset.differs).toEqual([]);
      const verdicts: JsonObject[] = [];
      const failed: string[] = [];
      const grade: Grade = async (code, subject) => {
        const verdict = await (grader.gradeFor(resolved.protocol) as Grade)(code, subject);
        verdicts.push(verdict);
        if (verdict.passed !== true) failed.push(subject.document.task_id as string);
        return verdict;
      };
      const gold = ({ scoring, hints }: Planned) => (hints.specimen ? hints.specimen(scoring.answer) : scoring.answer);
      const result = await scoreAnswers(prepared, gold, grade);
      expect(verdicts).toHaveLength(items);
      expect(failed).toEqual(wrong);
      expect(result.outcomes).toEqual({ scored: items });
      expect([...new Set(verdicts.map(({ grading }) => grading))]).toEqual(["split"]);
    });
  });
});
