import { assertFinite } from "./mean.ts";

/**
 * Kendall's τ-b of two rankings, corrected for ties: 1 the same order, −1 the reverse. In O(n log n).
 *
 * @returns `null` below two pairs, or where one of the lists is all ties
 * @throws RangeError on unequal lengths or values that are no finite numbers
 * @see Kendall 1945; Knight 1966 for the sorting method.
 */
export function kendallTauB(first: ArrayLike<number>, second: ArrayLike<number>): number | null {
  if (first.length !== second.length) {
    throw new RangeError(`Two rankings rank the same things, but there are ${first.length} and ${second.length}.`);
  }
  assertFinite(first, "Ranked values");
  assertFinite(second, "Ranked values");
  const n = first.length;
  const order = Array.from({ length: n }, (_, index) => index).sort(
    (left, right) => first[left]! - first[right]! || second[left]! - second[right]!,
  );
  const a = Float64Array.from(order, (index) => first[index]!);
  const b = Float64Array.from(order, (index) => second[index]!);
  const all = (n * (n - 1)) / 2;
  const tiesFirst = tiedPairs(n, (left, right) => a[left] === a[right]);
  const tiesBoth = tiedPairs(n, (left, right) => a[left] === a[right] && b[left] === b[right]);
  const sorted = Float64Array.from(b);
  const discordant = countInversions(sorted);
  const tiesSecond = tiedPairs(n, (left, right) => sorted[left] === sorted[right]);
  const scale = Math.sqrt((all - tiesFirst) * (all - tiesSecond));
  if (scale === 0) return null;
  return (all - tiesFirst - tiesSecond + tiesBoth - 2 * discordant) / scale;
}

/** Pairs within runs of neighbours that are the same. */
function tiedPairs(n: number, same: (left: number, right: number) => boolean): number {
  let pairs = 0;
  let run = 1;
  for (let index = 1; index < n; index++) {
    run = same(index - 1, index) ? run + 1 : 1;
    pairs += run - 1;
  }
  return pairs;
}

/** Sorts the values in place and counts the pairs that stood in the wrong order (merge sort). */
function countInversions(values: Float64Array): number {
  let inversions = 0;
  let source: Float64Array = values;
  let target: Float64Array = new Float64Array(values.length);
  for (let width = 1; width < values.length; width *= 2) {
    for (let start = 0; start < values.length; start += 2 * width) {
      inversions += mergeRuns(source, target, { start, width });
    }
    [source, target] = [target, source];
  }
  if (source !== values) values.set(source);
  return inversions;
}

/** Merges two neighbouring ascending runs; every value of the left one that waits for a smaller right one is an inversion. */
function mergeRuns(source: Float64Array, target: Float64Array, run: { start: number; width: number }): number {
  const middle = Math.min(run.start + run.width, source.length);
  const end = Math.min(run.start + 2 * run.width, source.length);
  let inversions = 0;
  let [left, right] = [run.start, middle];
  for (let at = run.start; at < end; at++) {
    if (right >= end || (left < middle && source[left]! <= source[right]!)) {
      target[at] = source[left++]!;
    } else {
      inversions += middle - left;
      target[at] = source[right++]!;
    }
  }
  return inversions;
}
