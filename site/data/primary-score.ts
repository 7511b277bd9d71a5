import type { RunRecord, Score } from "@assay/harness/contracts";

/** The score that a leaderboard shows, as the protocol names it; `undefined` where nothing was scored under it. */
export function primaryScore(record: RunRecord): Score | undefined {
  const { primary, average } = record.setup.protocol;
  const candidates = record.scores.filter(
    (score) => score.metric === primary.metric && (primary.filter === undefined || score.filter === primary.filter),
  );
  const macro = candidates.find((score) => score.group.startsWith("macro:"));
  return average === "macro" && macro ? macro : candidates.find((score) => score.group === "all");
}
