import type { Interval, RunRecord, Sample } from "../../contracts/index.ts";
import { bootstrapReplicates, mean, percentileInterval, scoreInterval } from "../../stats/index.ts";
import type { Scan } from "./scan-corpus.ts";

/** What a run's score is with and without the items that were found. */
export interface Impact {
  runId: string;
  model: string;
  metric: string;
  filter: string;
  /** Items long enough to be looked for. */
  tested: ScoredItems;
  /** Of these, the ones whose question wasn't found. */
  notFound: ScoredItems;
  found: ScoredItems;
  /** `tested` − `notFound`: what the found items add to the score. */
  difference: { value: number; ci: Interval | null } | null;
}

interface ScoredItems {
  items: number;
  value: number | null;
  ci: Interval | null;
}

const replicates = 10_000;

/**
 * The primary score of a finished run over all tested items, and over those of which no question was found. Which items count as
 * found is fixed before scores are looked at: those whose question stands in the corpus word for word.
 * The interval of the difference is a percentile bootstrap over clusters of items (passages, or items by themselves).
 *
 * @returns `null` where none of the run's items was tested and scored
 */
export async function impactOn(
  scan: Pick<Scan, "findings" | "notTestable">,
  run: { record: RunRecord; samples: AsyncIterable<Sample> },
  seed: number,
): Promise<Impact | null> {
  const { record } = run;
  const primary = record.scores[0];
  if (!primary) return null;
  const { metric, filter } = primary;
  const found = new Set(scan.findings.filter(({ level }) => level !== "near-duplicate").map(({ item }) => item));
  const notTestable = new Set(scan.notTestable);
  const items = new Map<string, { values: number[]; cluster: string }>();
  for await (const { item, cluster, values } of run.samples) {
    const value = values.find((entry) => entry.metric === metric && entry.filter === filter)?.value;
    if (notTestable.has(item) || value === null || value === undefined) continue;
    const known = items.get(item);
    if (known) known.values.push(value);
    else items.set(item, { values: [value], cluster: cluster ?? item });
  }
  if (items.size === 0) return null;
  const all = [...items].map(([item, { values, cluster }]) => ({
    value: mean(values) ?? 0,
    cluster,
    isFound: found.has(item),
  }));
  return {
    runId: record.runId,
    model: `${record.setup.model.provider}/${record.setup.model.name}`,
    metric,
    filter,
    tested: scored(all),
    notFound: scored(all.filter(({ isFound }) => !isFound)),
    found: scored(all.filter(({ isFound }) => isFound)),
    difference: differenceOf(all, seed),
  };
}

interface ItemScore {
  value: number;
  cluster: string;
  isFound: boolean;
}

function scored(items: readonly ItemScore[]): ScoredItems {
  const score = scoreInterval(
    items.map(({ value }) => value),
    { clusters: items.map(({ cluster }) => cluster) },
  );
  return { items: items.length, value: score?.value ?? null, ci: score?.ci ?? null };
}

function differenceOf(items: readonly ItemScore[], seed: number): Impact["difference"] {
  const units = new Map<string, ItemScore[]>();
  for (const item of items) {
    const unit = units.get(item.cluster);
    if (unit) unit.push(item);
    else units.set(item.cluster, [item]);
  }
  const sums = [...units.values()].map((unit) => {
    const rest = unit.filter(({ isFound }) => !isFound);
    return { all: total(unit), count: unit.length, rest: total(rest), restCount: rest.length };
  });
  const statistic = (counts: ArrayLike<number>) => {
    let [all, count, rest, restCount] = [0, 0, 0, 0];
    for (const [unit, sum] of sums.entries()) {
      all += counts[unit]! * sum.all;
      count += counts[unit]! * sum.count;
      rest += counts[unit]! * sum.rest;
      restCount += counts[unit]! * sum.restCount;
    }
    return restCount === 0 ? Number.NaN : all / count - rest / restCount;
  };
  const value = statistic(new Uint32Array(sums.length).fill(1));
  if (Number.isNaN(value) || items.every(({ isFound }) => !isFound)) return null;
  if (sums.length < 2) return { value, ci: null };
  const drawn = bootstrapReplicates(sums.length, statistic, { seed, replicates }).filter((one) => !Number.isNaN(one));
  return { value, ci: percentileInterval(drawn) };
}

function total(items: readonly ItemScore[]): number {
  return items.reduce((sum, { value }) => sum + value, 0);
}
