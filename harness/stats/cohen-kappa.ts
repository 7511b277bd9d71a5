/** Agreement of two raters. */
export interface Agreement {
  /** Share of things that both label the same. */
  observed: number;
  /** What two raters with these label frequencies would agree on by chance. */
  expected: number;
  /** (observed − expected)/(1 − expected); `null` where both use one and the same label only. */
  kappa: number | null;
}

/**
 * Cohen's κ of two raters' labels on the same things.
 *
 * @returns `null` without anything rated
 * @throws RangeError on unequal lengths
 * @see Cohen 1960.
 */
export function cohenKappa<Label>(first: readonly Label[], second: readonly Label[]): Agreement | null {
  if (first.length !== second.length) {
    throw new RangeError(`Two raters rate the same things, but there are ${first.length} and ${second.length} labels.`);
  }
  const n = first.length;
  if (n === 0) return null;
  const [countsFirst, countsSecond] = [countLabels(first), countLabels(second)];
  const same = first.filter((label, index) => label === second[index]).length;
  let chance = 0;
  for (const [label, count] of countsFirst) chance += count * (countsSecond.get(label) ?? 0);
  const [observed, expected] = [same / n, chance / n ** 2];
  return { observed, expected, kappa: chance === n ** 2 ? null : (observed - expected) / (1 - expected) };
}

function countLabels<Label>(labels: readonly Label[]): Map<Label, number> {
  const counts = new Map<Label, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}
