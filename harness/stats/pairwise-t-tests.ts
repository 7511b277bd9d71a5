import { type ClusterId, clusterTotals } from "./clusters.ts";
import { tTwoSided } from "./distributions.ts";
import { type PairSums, pairSums, type Units, unitScores } from "./pair-sums.ts";
import type { PairwiseTests } from "./pairwise-tests.ts";

/**
 * Paired t tests of every pair, cluster-robust (CR1) with clusters.
 *
 * @param scores one list a model over the same rows; NaN is missing
 */
export function pairwiseTTests(
  scores: readonly ArrayLike<number>[],
  clusters: readonly ClusterId[] | undefined,
): PairwiseTests {
  const rows = scores[0]?.length ?? 0;
  const units = unitsOf(rows, clusters);
  const models = scores.map((list) => unitScores(list, units));
  const count = models.length;
  const differences = new Float64Array((count * (count - 1)) / 2);
  const pValues = new Float64Array(differences.length);
  let pair = 0;
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++, pair++) {
      const sums = pairSums(models[i]!, models[j]!, units);
      differences[pair] = sums.total / sums.rows;
      pValues[pair] = pairP(sums);
    }
  }
  const method = clusters === undefined ? "paired-t" : "paired-cluster-t";
  const means = Float64Array.from(models, (model) => model.total / model.rows);
  return { count, means, differences, pValues, method };
}

function unitsOf(rows: number, clusters: readonly ClusterId[] | undefined): Units {
  const { indexes, sizes } = clusterTotals(new Float64Array(rows), clusters);
  return { indexes, sizes, sizeSquares: sizes.reduce((total, size) => total + size ** 2, 0) };
}

/**
 * The p-value from sums alone: Σ (D_g − n_g·mean)² = Σ D_g² − 2·mean·Σ n_g·D_g + mean²·Σ n_g².
 */
function pairP(sums: PairSums): number {
  const { rows, units } = sums;
  if (units < 2) return 1;
  const center = sums.total / rows;
  const residuals = sums.squares - 2 * center * sums.weighted + center ** 2 * sums.sizeSquares;
  // What is left after cancelling is rounding, not spread. Then a t test would be certain; the sign test isn't.
  if (residuals <= sums.squares * 1e-12) return center === 0 ? 1 : 2 * 0.5 ** units;
  const stderr = Math.sqrt((residuals * units) / (units - 1)) / rows;
  return tTwoSided(center / stderr, units - 1);
}
