import {
  minimumDetectableDifference,
  type PairwiseTests,
  pairIndex,
  pairwiseTests,
  rankSets,
} from "@assay/harness/stats";
import type { ItemScores } from "../samples/item-scores.ts";
import type { Column, Pairs } from "./schemas.ts";

/** Scores of a column's runs over the same items in the same order; NaN where a run has none. */
export interface AlignedScores {
  rows: Float64Array[];
  clusters: string[] | undefined;
  items: string[];
}

/** Brings runs to the items of the first; an item that a run lacks is NaN. */
export function alignScores(
  runs: readonly ItemScores[],
  valuesOf = (run: ItemScores): Float64Array => run.values,
): AlignedScores {
  const items = runs[0]?.items ?? [];
  const same = (other: ItemScores) =>
    other.items.length === items.length && other.items.every((item, index) => item === items[index]);
  const rows = runs.map((run) => {
    if (same(run)) return valuesOf(run);
    const places = new Map(run.items.map((item, index) => [item, index]));
    return Float64Array.from(items, (item) => valuesOf(run)[places.get(item) ?? -1] ?? Number.NaN);
  });
  return { rows, clusters: runs[0]?.clusters ?? undefined, items };
}

/** Fills in rank ranges from tests of all pairs, and gives the pairs. Cells are in the order of `scores`. */
export function rankColumn(column: Column, scores: readonly (ItemScores | null)[]): Pairs | null {
  const known = scores.flatMap((score, cell) => (score ? [{ score, cell }] : []));
  if (known.length === 0) return null;
  const aligned = alignScores(known.map(({ score }) => score));
  const tests = pairwiseTests(aligned.rows, aligned.clusters ? { clusters: aligned.clusters } : {});
  const ranking = rankSets(tests, column.level);
  column.rankMethod = ranking.method;
  column.separated = ranking.separated;
  ranking.sets.forEach((set, index) => {
    const cell = column.cells[known[index]?.cell ?? -1];
    if (!cell) return;
    cell.rank = set.simultaneous;
    cell.marginal = set.marginal;
    cell.tier = set.tier;
  });
  column.detectable = detectable(tests, aligned);
  column.undecided = undecided(
    known.map(({ cell }) => column.cells[cell]?.value ?? Number.NaN),
    column.detectable,
  );
  return pairsOf(
    column,
    tests,
    known.map(({ cell }) => column.cells[cell]?.run ?? ""),
  );
}

function pairsOf(column: Column, tests: PairwiseTests, runs: string[]): Pairs {
  const round = (value: number) => (Number.isNaN(value) ? null : Number(value.toPrecision(6)));
  return {
    column: column.id,
    method: tests.method,
    runs,
    differences: Array.from(tests.differences, round),
    pValues: Array.from(tests.pValues, round),
  };
}

/** Gaps between neighbours that are smaller than what could be told apart: their order is preliminary. */
function undecided(values: readonly number[], smallest: number | null): number | null {
  if (smallest === null) return null;
  return values.slice(1).filter((value, index) => Math.abs(value - (values[index] ?? Number.NaN)) < smallest).length;
}

/** Smallest difference that a test of two runs would find four times in five, from how much neighbours differ here. */
function detectable(tests: PairwiseTests, { rows }: AlignedScores): number | null {
  if (rows.length < 2) return null;
  const variances: number[] = [];
  for (let first = 0; first + 1 < rows.length; first++) {
    const [a, b] = [rows[first], rows[first + 1]];
    if (!a || !b) continue;
    const differences = Array.from(a, (value, row) => value - (b[row] ?? Number.NaN)).filter((d) => !Number.isNaN(d));
    const mean = tests.differences[pairIndex(first, first + 1, tests.count)] ?? 0;
    const squares = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    if (differences.length > 1) variances.push(squares / (differences.length - 1));
  }
  const typical = variances.sort((x, y) => x - y)[Math.floor(variances.length / 2)];
  const items = rows[0]?.length ?? 0;
  return typical && typical > 0 && items > 1 ? minimumDetectableDifference(items, { variance: typical }) : null;
}
