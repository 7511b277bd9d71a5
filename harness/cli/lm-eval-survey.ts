import { InputError, nearestName } from "../contracts/index.ts";
import { type LmEvalSurvey, lmEvalPrefix, openLmEvalSource, surveyLmEval } from "../task/index.ts";
import { renderTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/** `assay tasks --lm-eval-tasks <dir>`: how many of its tasks run, and why each of the others doesn't. */
export function showLmEvalTasks(
  { folder, id, json }: { folder: string; id: string | undefined; json: boolean },
  terminal: Terminal,
): number {
  const survey = surveyLmEval(openLmEvalSource(folder));
  if (id !== undefined) return showOne(survey, { id: id.replace(lmEvalPrefix, ""), json }, terminal);
  if (json) terminal.json(survey);
  else terminal.print(renderSurvey(survey));
  return 0;
}

function renderSurvey(survey: LmEvalSurvey): string {
  const count = (value: number) => value.toLocaleString("en");
  const share = survey.tasks === 0 ? 0 : (100 * survey.runnable.length) / survey.tasks;
  const lines = [
    `${count(survey.tasks)} tasks, ${count(survey.groups)} groups and ${count(survey.tags)} tags in ${survey.root}`,
    `${count(survey.runnable.length)} run (${share.toFixed(1)} %): assay run ${lmEvalPrefix}<name> --lm-eval-tasks <dir>`,
  ];
  if (survey.refused.length > 0) {
    const right = { align: "right" } as const;
    const rows = survey.reasons.map(({ reason, tasks, onlyReason, examples }) => [
      reason,
      count(tasks),
      count(onlyReason),
      examples.join(", ").slice(0, 90),
    ]);
    lines.push(
      `${count(survey.refused.length)} don't, rather than run as something else:\n`,
      renderTable(
        [
          { title: "reason" },
          { title: "tasks", ...right },
          { title: "only reason", ...right },
          { title: "for example" },
        ],
        rows,
      ),
      "\n--json lists every task with its reasons.",
    );
  }
  if (survey.unreadable.length > 0) {
    lines.push(`\n${count(survey.unreadable.length)} files define no task (lm-eval skips such files without a word):`);
    for (const { path, why } of survey.unreadable.slice(0, 10)) lines.push(`  ${path}: ${why}`);
    if (survey.unreadable.length > 10) lines.push(`  … ${survey.unreadable.length - 10} more; --json lists them`);
  }
  return lines.join("\n");
}

function showOne(survey: LmEvalSurvey, { id, json }: { id: string; json: boolean }, terminal: Terminal): number {
  const refused = survey.refused.find(({ task }) => task === id);
  const runs = survey.runnable.includes(id);
  if (!refused && !runs) {
    const meant = nearestName(id, survey.runnable);
    throw new InputError({
      code: "LM_EVAL_TASK_UNKNOWN",
      what: `There is no task ${JSON.stringify(id)} in ${survey.root}.`,
      fix: meant === undefined ? "Leave the name out to see all of them." : `Did you mean ${meant}?`,
    });
  }
  if (json) terminal.json({ task: id, runs, reasons: refused?.reasons ?? [] });
  else if (runs)
    terminal.print(
      `${lmEvalPrefix}${id} runs. See what it asks: assay show ${lmEvalPrefix}${id} --lm-eval-tasks <dir>`,
    );
  else {
    terminal.print(`${lmEvalPrefix}${id} can't be run as lm-evaluation-harness runs it (${refused?.path}):`);
    for (const { reason, detail } of refused?.reasons ?? []) terminal.print(`  ${reason}: ${detail}`);
  }
  return 0;
}
