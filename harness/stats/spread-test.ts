import type { Interval } from "../contracts/index.ts";
import { bootstrapReplicates } from "./bootstrap.ts";
import { percentileInterval } from "./bootstrap-interval.ts";
import { type RandomGenerator, randomStream, shuffle } from "./random.ts";
import { columnMeans, columnsOf, type ScoreTable, spreadOf } from "./variance-components.ts";

/** How draws are made. */
export interface SpreadOptions {
  seed: number;
  /** @default 2000 */
  replicates?: number;
}

/** The seen spread against the spread of labels shuffled within items. */
export interface SpreadTest {
  /** Best minus worst prompt. */
  spread: number;
  /** Mean spread when the labels mean nothing. */
  nullSpread: number;
  /** Chance of a spread at least as large by noise alone: (1 + as large)/(1 + replicates). */
  p: number;
}

/**
 * Permutation test of "all prompts are equally good": shuffles the prompts' scores within each item.
 *
 * @param table `table[item][prompt]`, complete
 * @returns `null` without items or below two prompts
 */
export function spreadTest(table: ScoreTable, options: SpreadOptions): SpreadTest | null {
  const spread = spreadOf(table);
  const prompts = columnsOf(table);
  if (spread === null || prompts < 2) return null;
  const random = randomStream(options.seed, "spread-test");
  const replicates = options.replicates ?? 2000;
  // An item on which all prompts score the same moves every prompt alike, whichever way it is shuffled.
  const moving = table.filter((row) => Array.from(row).some((value) => value !== row[0]));
  let [asLarge, total] = [0, 0];
  for (let replicate = 0; replicate < replicates; replicate++) {
    const shuffled = shuffledSpread(moving, prompts, random) / table.length;
    total += shuffled;
    if (shuffled >= spread - 1e-12) asLarge++;
  }
  return { spread, nullSpread: total / replicates, p: (1 + asLarge) / (1 + replicates) };
}

function shuffledSpread(rows: ScoreTable, prompts: number, random: RandomGenerator): number {
  const totals = new Float64Array(prompts);
  const row = new Float64Array(prompts);
  for (const values of rows) {
    row.set(values);
    shuffle(random, row);
    for (let prompt = 0; prompt < prompts; prompt++) totals[prompt]! += row[prompt]!;
  }
  return Math.max(...totals) - Math.min(...totals);
}

/** A spread free of the luck of choosing: chosen on one half of the items, measured on the other. */
export interface HonestSpread {
  /** May be below 0: then the choice did not carry over. */
  spread: number;
  /** By resampling the measured half's items. */
  ci: Interval;
  /** Positions of the prompts chosen. */
  best: number;
  worst: number;
  /** Items it was measured on. */
  items: number;
}

/**
 * Picks best and worst prompt on a seeded half of the items and measures their difference on the other half.
 *
 * @param table `table[item][prompt]`, complete
 * @returns `null` below four items or two prompts
 */
export function honestSpread(table: ScoreTable, options: SpreadOptions & { level?: number }): HonestSpread | null {
  if (table.length < 4 || columnsOf(table) < 2) return null;
  const order = Uint32Array.from({ length: table.length }, (_, item) => item);
  shuffle(randomStream(options.seed, "honest-spread"), order);
  const half = order.length >>> 1;
  const rows = (items: Uint32Array) => Array.from(items, (item) => table[item]!);
  const chosen = columnMeans(rows(order.subarray(0, half)));
  const [best, worst] = [chosen.indexOf(Math.max(...chosen)), chosen.indexOf(Math.min(...chosen))];
  const gaps = rows(order.subarray(half)).map((row) => row[best]! - row[worst]!);
  const meanGap = (counts: ArrayLike<number>) =>
    gaps.reduce((total, gap, item) => total + gap * counts[item]!, 0) / gaps.length;
  const replicates = bootstrapReplicates(gaps.length, meanGap, { ...options, replicates: options.replicates ?? 2000 });
  return {
    spread: meanGap(new Uint32Array(gaps.length).fill(1)),
    ci: percentileInterval(replicates, options.level),
    best,
    worst,
    items: gaps.length,
  };
}
