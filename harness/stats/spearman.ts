import { assertFinite } from "./mean.ts";

/**
 * Spearman's ρ: Pearson's correlation of the ranks, where equal values share their mean rank.
 *
 * @returns `null` where one of the lists is all ties, or there are fewer than two values
 * @throws RangeError on unequal lengths or values that are no finite numbers
 */
export function spearman(first: ArrayLike<number>, second: ArrayLike<number>): number | null {
  if (first.length !== second.length) {
    throw new RangeError(`Two rankings rank the same things, but there are ${first.length} and ${second.length}.`);
  }
  assertFinite(first, "Ranked values");
  assertFinite(second, "Ranked values");
  const [a, b] = [meanRanks(first), meanRanks(second)];
  const center = (first.length + 1) / 2;
  let [both, squaresA, squaresB] = [0, 0, 0];
  for (let index = 0; index < a.length; index++) {
    const [left, right] = [a[index]! - center, b[index]! - center];
    both += left * right;
    squaresA += left * left;
    squaresB += right * right;
  }
  const scale = Math.sqrt(squaresA * squaresB);
  return scale === 0 ? null : both / scale;
}

function meanRanks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, index) => index).sort(
    (left, right) => values[left]! - values[right]!,
  );
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let at = start; at < end; at++) ranks[order[at]!] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}
