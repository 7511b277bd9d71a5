import type { MetricSpec } from "../contracts/index.ts";
import { goldIndices } from "./likelihood-metrics.ts";
import type { ScoreInput } from "./metric.ts";

type Average = Extract<MetricSpec, { metric: "class_f1" }>["average"];

/** Right class and predicted class of a sample, by position among its choices; −1 where the right one is none of them. */
export type ClassPair = readonly [right: number, predicted: number];

/** The likeliest choice as a prediction. `null` without likelihoods, and where several choices are right. */
export function classPair({ likelihoods, fields }: ScoreInput): ClassPair | null {
  const gold = goldIndices(fields);
  if (!likelihoods || likelihoods.length === 0 || gold.length !== 1) return null;
  let best = 0;
  for (let index = 1; index < likelihoods.length; index += 1)
    if ((likelihoods[index]?.logprob ?? 0) > (likelihoods[best]?.logprob ?? 0)) best = index;
  const right = gold[0] ?? -1;
  return [right < likelihoods.length ? right : -1, best];
}

interface ClassCounts {
  hits: number;
  /** Times the class was right. */
  right: number;
  /** Times it was predicted. */
  predicted: number;
}

function countsByClass(pairs: readonly ClassPair[], times: ArrayLike<number> | null): Map<number, ClassCounts> {
  const classes = new Map<number, ClassCounts>();
  const of = (label: number) => {
    const known = classes.get(label) ?? { hits: 0, right: 0, predicted: 0 };
    classes.set(label, known);
    return known;
  };
  pairs.forEach(([right, predicted], index) => {
    const count = times?.[index] ?? 1;
    if (count === 0) return;
    of(right).right += count;
    of(predicted).predicted += count;
    if (right === predicted) of(right).hits += count;
  });
  return classes;
}

/**
 * F1 over all samples together, as scikit-learn's `f1_score`: of class 1 (`binary`), the mean over classes (`macro`), over
 * classes by how often they are right (`weighted`), or over all decisions (`micro`). A class without any counts is 0.
 *
 * @param times - how often each pair counts; `null`: once
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.f1_score.html
 */
export function classF1(
  average: Average,
): (pairs: readonly ClassPair[], times: ArrayLike<number> | null) => number | null {
  return (pairs, times) => {
    const classes = countsByClass(pairs, times);
    const f1 = ({ hits, right, predicted }: ClassCounts) =>
      right + predicted === 0 ? 0 : (2 * hits) / (right + predicted);
    if (average === "binary") {
      if ([...classes.keys()].some((label) => label !== 0 && label !== 1)) return null;
      return f1(classes.get(1) ?? { hits: 0, right: 0, predicted: 0 });
    }
    const list = [...classes.values()];
    const total = list.reduce((sum, { right }) => sum + right, 0);
    if (total === 0) return null;
    if (average === "micro") return list.reduce((sum, { hits }) => sum + hits, 0) / total;
    if (average === "macro") return list.reduce((sum, counts) => sum + f1(counts), 0) / list.length;
    return list.reduce((sum, counts) => sum + f1(counts) * counts.right, 0) / total;
  };
}

/**
 * Matthews correlation of right and predicted class over all samples together, for any number of classes; 0 where one side
 * never varies.
 *
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.matthews_corrcoef.html
 */
export function matthews(pairs: readonly ClassPair[], times: ArrayLike<number> | null): number | null {
  const list = [...countsByClass(pairs, times).values()];
  const samples = list.reduce((sum, { right }) => sum + right, 0);
  if (samples === 0) return null;
  const hits = list.reduce((sum, counts) => sum + counts.hits, 0);
  const sumOf = (product: (counts: ClassCounts) => number) => list.reduce((sum, counts) => sum + product(counts), 0);
  const covariance = hits * samples - sumOf(({ right, predicted }) => right * predicted);
  const ofRight = samples ** 2 - sumOf(({ right }) => right ** 2);
  const ofPredicted = samples ** 2 - sumOf(({ predicted }) => predicted ** 2);
  return ofRight * ofPredicted === 0 ? 0 : covariance / Math.sqrt(ofRight * ofPredicted);
}
