import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engineProblem } from "../../sandbox/testing/engine-for-tests.ts";
import type { JsonObject } from "../contracts/index.ts";
import { bundledTasks, findTasks, loadTask, resolve } from "../task/index.ts";
import { type Grader, openGrader } from "./open-grader.ts";
import type { Planned } from "./plan.ts";
import { prepare } from "./prepare.ts";
import type { Grade } from "./score-sample.ts";
import { resolveFixture } from "./testing/fixture-task.ts";
import { scoreAnswers } from "./testing/score-answers.ts";

const noModel = { provider: "none", name: "none", baseUrl: null, options: {} };
const protocols = [...findTasks([bundledTasks]).keys()].flatMap((id) =>
  loadTask(join(bundledTasks, id)).protocols.map((name) => resolve(`${id}@${name}`, { roots: [bundledTasks] })),
);
const references = protocols
  .filter(({ protocol }) => protocol.execution !== undefined && protocol.execution.tests !== "repository")
  .map(({ task, protocol }) => `${task.id}@${protocol.id}`);

/** The right answer as a model would give it. MultiPL-E has no solutions: the rows of our own hold one in a further column. */
function rightAnswer({ scoring, hints, item }: Planned): string {
  const ours = item.document.our_solution;
  const isWhole = hints.specimen !== null && typeof ours === "string";
  const end = item.document.language === "sh" ? "\n}\n" : "";
  const answer =
    typeof ours === "string" ? (isWhole ? `${item.document.prompt as string}${ours}${end}` : ours) : scoring.answer;
  return hints.specimen ? hints.specimen(answer) : answer;
}

describe.skipIf(engineProblem !== undefined)("programs of bundled code tasks", () => {
  let grader: Grader;
  beforeAll(async () => {
    grader = await openGrader(
      protocols.map(({ protocol }) => protocol).filter((one) => one.execution?.tests !== "repository"),
    );
  });
  afterAll(() => grader?.close());

  test.each(references)(
    "%s passes right answers, apart from their tests, and no empty or broken ones",
    async (reference) => {
      const prepared = await prepare(resolveFixture(reference), noModel);
      const { protocol } = prepared.resolved;
      const verdicts: JsonObject[] = [];
      const grade: Grade = async (answer, subject) => {
        const verdict = await (grader.gradeFor(protocol) as Grade)(answer, subject);
        verdicts.push(verdict);
        return verdict;
      };
      const right = await scoreAnswers(prepared, rightAnswer, grade);
      expect(verdicts.filter(({ passed }) => passed !== true)).toEqual([]);
      expect(right.primary.value).toBe(1);
      expect([...new Set(verdicts.map(({ grading }) => grading))]).toEqual([
        protocol.execution?.tests === "stdio" ? "stdio" : "split",
      ]);
      const broken = (planned: Planned) => rightAnswer(planned).replace(/return|print|echo|assert f|==/g, "$&((");
      const wrong = await scoreAnswers(prepared, broken, grade);
      expect(wrong.primary.value).toBe(0);
      expect(wrong.outcomes.errored).toBeUndefined();
      const none = await scoreAnswers(prepared, () => "", grade);
      expect(none.primary.value).toBe(0);
    },
  );
});
