import type { RunRecord } from "../contracts/index.ts";
import { type GroupScore, type LmEvalGroup, lmEvalGroupScores } from "../task/index.ts";
import { renderTable } from "./table.ts";

/** Scores of groups, model by model. */
export type ModelGroupScore = GroupScore & { model: string };

/** What lm-evaluation-harness would print for its groups, from the runs of a command. */
export function groupScores(groups: readonly LmEvalGroup[], records: readonly RunRecord[]): ModelGroupScore[] {
  const models = [...new Set(records.map((record) => record.model))];
  return models.flatMap((model) => {
    const own = records.filter((record) => record.model === model);
    return groups.flatMap((group) => lmEvalGroupScores(group, own).map((score) => ({ ...score, model })));
  });
}

/** A table of group scores, apart from ours: they are no scores of a setup, and their error is lm-eval's formula. */
export function renderGroups(scores: readonly ModelGroupScore[]): string {
  const right = { align: "right" } as const;
  const rows = scores.map((score) => [
    score.group,
    score.model,
    `${score.metric},${score.filter}`,
    score.value.toFixed(4),
    score.stderr === null ? "N/A" : `± ${score.stderr.toFixed(4)}`,
    score.mean,
    String(score.n),
    score.missing > 0 ? `${score.tasks} (${score.missing} missing)` : String(score.tasks),
  ]);
  return renderTable(
    [
      { title: "lm-eval group" },
      { title: "model" },
      { title: "metric,filter" },
      { title: "value", ...right },
      { title: "stderr" },
      { title: "mean over" },
      { title: "n", ...right },
      { title: "tasks", ...right },
    ],
    rows,
  );
}
