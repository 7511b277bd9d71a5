import type { RunRecord, Score } from "../../contracts/index.ts";
import { lmEvalGroupStderr } from "../../stats/index.ts";
import type { LmEvalGroup } from "./select.ts";
import { taskId } from "./translate.ts";

/** A group's score as lm-evaluation-harness prints it; its names, not ours: it is no score of a setup. */
export interface GroupScore {
  group: string;
  metric: string;
  filter: string;
  value: number;
  /** lm-eval's formula for the kind of mean; `null`: a task has none. */
  stderr: number | null;
  /** Documents of the tasks that have the metric. */
  n: number;
  tasks: number;
  /** Tasks of the group that don't report the metric, or aren't complete: left out of the mean, as lm-eval does. */
  missing: number;
  /** `documents`: every document weighs the same; `tasks`: every task does. */
  mean: "documents" | "tasks";
}

/**
 * Aggregates of a group over all its leaf tasks (not over the means of groups within it), from runs of one model.
 *
 * @see https://github.com/EleutherAI/lm-evaluation-harness/blob/v0.4.13/lm_eval/api/group.py
 */
export function lmEvalGroupScores(group: LmEvalGroup, records: readonly RunRecord[]): GroupScore[] {
  const byTask = new Map(records.map((record) => [record.task, record]));
  const leaves = group.tasks.map((name) => byTask.get(taskId(name)));
  return group.aggregates.flatMap(({ metric, filters, weighted }) => {
    const scores = leaves.map((record) =>
      (record?.scores ?? []).filter((one) => one.metric === metric && one.group === "all"),
    );
    const wanted = filters ?? [...new Set(scores.flat().map((score) => score.filter))].sort();
    return wanted.flatMap((filter) => {
      const found = scores.flatMap(
        (list) => list.find((score) => score.filter === filter && score.value !== null) ?? [],
      );
      if (found.length === 0) return [];
      return [
        {
          group: group.name,
          metric,
          filter,
          value: weighted
            ? weightedMean(found)
            : found.reduce((sum, score) => sum + (score.value ?? 0), 0) / found.length,
          stderr: weighted ? pooledError(found) : errorOfMean(found),
          n: found.reduce((sum, score) => sum + score.n, 0),
          tasks: found.length,
          missing: leaves.length - found.length,
          mean: weighted ? ("documents" as const) : ("tasks" as const),
        },
      ];
    });
  });
}

function weightedMean(scores: readonly Score[]): number {
  const documents = scores.reduce((sum, score) => sum + score.n, 0);
  return scores.reduce((sum, score) => sum + (score.value ?? 0) * score.n, 0) / documents;
}

function pooledError(scores: readonly Score[]): number | null {
  const members = scores.flatMap(({ stderr, n }) => (stderr === null ? [] : [{ stderr, n }]));
  return members.length === scores.length ? lmEvalGroupStderr(members) : null;
}

/** √(Σ s²) / k: of the plain mean of k independent means. */
function errorOfMean(scores: readonly Score[]): number | null {
  const squares = scores.map(({ stderr }) => (stderr === null ? Number.NaN : stderr ** 2));
  const total = squares.reduce((sum, square) => sum + square, 0);
  return Number.isNaN(total) ? null : Math.sqrt(total) / scores.length;
}
