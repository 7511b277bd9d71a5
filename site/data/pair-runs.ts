import {
  type McNemar,
  mcnemar,
  type PairedDifference,
  pairedDifference,
  type TwoByTwo,
  twoByTwo,
} from "@assay/harness/stats";
import type { SampleIndex } from "../samples/schemas.ts";

/** Two runs on the items that both answered. */
export interface PairedRuns {
  items: string[];
  first: number[];
  second: number[];
  clusters: string[] | null;
  /** Items that only one of the two has a value for. */
  left: number;
}

/** Brings two runs of one setup together item by item: epochs are averaged first. */
export function pairRuns(a: SampleIndex, b: SampleIndex): PairedRuns {
  const [mine, theirs] = [meansOf(a), meansOf(b)];
  const paired: PairedRuns = { items: [], first: [], second: [], clusters: a.clusters ? [] : null, left: 0 };
  for (const [item, { mean, cluster }] of mine) {
    const other = theirs.get(item);
    if (!other) continue;
    paired.items.push(item);
    paired.first.push(mean);
    paired.second.push(other.mean);
    paired.clusters?.push(cluster);
  }
  paired.left = mine.size + theirs.size - 2 * paired.items.length;
  return paired;
}

function meansOf(index: SampleIndex): Map<string, { mean: number; cluster: string }> {
  const sums = new Map<string, { sum: number; count: number; cluster: string }>();
  index.items.forEach((item, at) => {
    const value = index.values[at];
    if (value == null) return;
    const entry = sums.get(item) ?? { sum: 0, count: 0, cluster: index.clusters?.[at] ?? item };
    entry.sum += value;
    entry.count += 1;
    sums.set(item, entry);
  });
  return new Map([...sums].map(([item, { sum, count, cluster }]) => [item, { mean: sum / count, cluster }]));
}

/** What the common items say about two runs. */
export interface PairVerdict {
  difference: PairedDifference | null;
  /** For right-or-wrong scores only. */
  table: TwoByTwo | null;
  test: McNemar | null;
}

/** The paired difference, and McNemar's test where every score is 0 or 1. */
export function judgePair({ first, second, clusters }: PairedRuns, level: number): PairVerdict {
  const difference = pairedDifference(first, second, { level, ...(clusters ? { clusters } : {}) });
  const binary = first.length > 0 && [...first, ...second].every((value) => value === 0 || value === 1);
  const table = binary ? twoByTwo(first, second) : null;
  return { difference, table, test: table && mcnemar(table) };
}
