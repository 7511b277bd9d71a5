import { assertLevel } from "./binomial-intervals.ts";
import type { PairwiseTests } from "./pairwise-tests.ts";
import { tiersOf } from "./tiers.ts";

/** The ranks that the data leave open for one model. 1 is best. */
export interface RankSet {
  /** Place by the mean alone; equal means share the better place. `null` for a model without rows. */
  rank: number | null;
  /** Holds all models' true ranks at once with the stated confidence. */
  simultaneous: RankRange;
  /** Holds this one model's true rank with the stated confidence; never wider. */
  marginal: RankRange;
  /** Models this one beats, and is beaten by, in the simultaneous family. */
  wins: number;
  losses: number;
  /** 1 for the leader and every next model that the leader does not beat; then the same from the next on. */
  tier: number;
}

/** Both ends included. */
export interface RankRange {
  low: number;
  high: number;
}

/** Rank sets of all models, and how well the benchmark tells them apart. */
export interface Ranking {
  sets: RankSet[];
  level: number;
  /** Share of pairs told apart in the simultaneous family; `null` below two models. */
  separated: number | null;
  method: string;
}

/**
 * A rank set for every model from tests of all pairs: its range starts after the models that beat it and ends before
 * those that it beats. Pairs are judged with Holm's correction over all pairs (simultaneous) or over a model's own
 * pairs (marginal).
 *
 * @default level 0.95
 * @see Mogstad, Romano, Shaikh & Wilhelm 2024, Review of Economic Studies 91:476, for rank sets from pairwise tests.
 */
export function rankSets(tests: PairwiseTests, level = 0.95): Ranking {
  assertLevel(level);
  const { count, pValues } = tests;
  const alpha = 1 - level;
  const cut = holmCut(pValues, alpha);
  const family = countVerdicts(tests, new Float64Array(count).fill(cut));
  const alone = countVerdicts(
    tests,
    Float64Array.from(ownPValues(tests), (own) => holmCut(own, alpha)),
  );
  const ranks = ranksByMean(tests.means);
  const tiers = tiersOf(tests, cut);
  const sets = ranks.map((rank, model): RankSet => {
    const [wins, losses] = [family.wins[model]!, family.losses[model]!];
    return {
      rank,
      simultaneous: { low: 1 + losses, high: count - wins },
      marginal: { low: 1 + alone.losses[model]!, high: count - alone.wins[model]! },
      wins,
      losses,
      tier: tiers[model]!,
    };
  });
  const decided = family.wins.reduce((sum, wins) => sum + wins, 0);
  return {
    sets,
    level,
    separated: pValues.length === 0 ? null : decided / pValues.length,
    method: `holm-${tests.method}`,
  };
}

/**
 * A p-value up to which Holm's procedure rejects, and above which it does not; −1 when it rejects none.
 * Only what lies between the first and the last threshold has to be sorted.
 */
function holmCut(pValues: Float64Array, alpha: number): number {
  const family = pValues.length;
  const open: number[] = [];
  let rejected = 0;
  for (let pair = 0; pair < family; pair++) {
    const p = pValues[pair]!;
    if (p <= alpha / family) rejected++;
    else if (p <= alpha) open.push(p);
  }
  let cut = rejected === 0 ? -1 : alpha / family;
  for (const p of Float64Array.from(open).sort()) {
    if (p > alpha / (family - rejected)) break;
    cut = p;
    rejected++;
  }
  return cut;
}

/** Wins and losses of each model, where a pair counts for a model when its p-value is within that model's cut. */
function countVerdicts(tests: PairwiseTests, cuts: Float64Array): { wins: Uint32Array; losses: Uint32Array } {
  const { count, differences, pValues } = tests;
  const wins = new Uint32Array(count);
  const losses = new Uint32Array(count);
  let pair = 0;
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++, pair++) {
      const difference = differences[pair]!;
      if (difference === 0 || Number.isNaN(difference)) continue;
      const [firstCounts, secondCounts] = difference > 0 ? [wins, losses] : [losses, wins];
      if (pValues[pair]! <= cuts[i]!) firstCounts[i]!++;
      if (pValues[pair]! <= cuts[j]!) secondCounts[j]!++;
    }
  }
  return { wins, losses };
}

function ownPValues({ count, pValues }: PairwiseTests): Float64Array[] {
  const own = Array.from({ length: count }, () => new Float64Array(Math.max(0, count - 1)));
  let pair = 0;
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++, pair++) {
      own[i]![j - 1] = pValues[pair]!;
      own[j]![i] = pValues[pair]!;
    }
  }
  return own;
}

function ranksByMean(means: Float64Array): (number | null)[] {
  const descending = means
    .filter((mean) => !Number.isNaN(mean))
    .sort()
    .reverse();
  const places = new Map<number, number>();
  for (let place = 0; place < descending.length; place++) {
    if (!places.has(descending[place]!)) places.set(descending[place]!, place + 1);
  }
  return Array.from(means, (mean) => places.get(mean) ?? null);
}
