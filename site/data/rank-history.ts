import { pastSnapshots } from "./past-snapshots.ts";
import type { Column } from "./schemas.ts";
import type { SiteData } from "./site-data.ts";
import { type SnapshotScore, snapshotScores } from "./snapshot-scores.ts";

interface Range {
  low: number;
  high: number;
}

/** A state of the site with the scores that it showed. */
export interface DatedScores {
  snapshot: string;
  updated: string | null;
  scores: readonly SnapshotScore[];
}

/** The latest superseded states whose scores were kept, at most this many; the oldest first. */
export function datedScores(
  site: Pick<SiteData, "earlier" | "snapshot" | "info" | "store">,
  most: number,
): DatedScores[] {
  return pastSnapshots(site)
    .filter(({ next }) => next !== null)
    .slice(-most)
    .flatMap(({ snapshot, updated, scoresFile }) => {
      const scores = scoresFile === null ? null : snapshotScores(site.store.read(scoresFile));
      return scores === null ? [] : [{ snapshot, updated, scores }];
    });
}

/** How the ranks of a column's models changed from snapshot to snapshot. */
export interface RankHistory {
  /** The oldest first, the present one last. */
  snapshots: { snapshot: string; updated: string | null }[];
  /** In the present order; `null`: not ranked then. */
  models: { model: string; ranks: (Range | null)[] }[];
}

/**
 * Ranks among the scores of a column's own setup only: those of another setup answered another question.
 *
 * @param past the oldest first
 * @returns `null` where no earlier snapshot ranked any of the models
 */
export function rankHistory(
  column: Pick<Column, "setup" | "cells">,
  past: readonly DatedScores[],
  { snapshot, updated, models: most }: { snapshot: string; updated: string | null; models: number },
): RankHistory | null {
  const earlier = past
    .map((state) => ({ ...state, ranks: ranksIn(state.scores, column.setup) }))
    .filter(({ ranks }) => ranks.size > 0);
  const now = new Map(
    column.cells.flatMap(({ model, rank }) => (rank === null ? [] : [[model, rank] as const])).reverse(),
  );
  const models = [...new Set(column.cells.map(({ model }) => model))].slice(0, most);
  const rows = models.map((model) => ({
    model,
    ranks: [...earlier.map(({ ranks }) => ranks.get(model) ?? null), now.get(model) ?? null],
  }));
  if (rows.every(({ ranks }) => ranks.slice(0, -1).every((rank) => rank === null))) return null;
  const names = earlier.map((state) => ({ snapshot: state.snapshot, updated: state.updated }));
  return { snapshots: [...names, { snapshot, updated }], models: rows };
}

/** Of several runs of a model the best, as scores come best first. */
function ranksIn(scores: readonly SnapshotScore[], setup: string): Map<string, Range> {
  const ranked = scores.flatMap((score) =>
    score.setup === setup && score.rank !== null ? [[score.model, score.rank] as const] : [],
  );
  return new Map(ranked.reverse());
}
