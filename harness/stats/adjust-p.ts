/**
 * Holm's step-down adjustment: the chance that any true null hypothesis of the family is rejected stays below the level.
 * For statements such as "A beats B" on a published board.
 *
 * @returns adjusted p-values in the order given
 * @see Holm 1979, Scandinavian Journal of Statistics 6:65.
 */
export function holm(pValues: ArrayLike<number>): Float64Array {
  const order = ascendingOrder(pValues);
  const adjusted = new Float64Array(pValues.length);
  let running = 0;
  for (let rank = 0; rank < order.length; rank++) {
    const position = order[rank]!;
    running = Math.max(running, Math.min(1, (order.length - rank) * pValues[position]!));
    adjusted[position] = running;
  }
  return adjusted;
}

/**
 * Benjamini and Hochberg's step-up adjustment: bounds the expected share of false findings. For exploratory screens.
 *
 * @returns adjusted p-values in the order given
 * @see Benjamini & Hochberg 1995, JRSS-B 57:289.
 */
export function benjaminiHochberg(pValues: ArrayLike<number>): Float64Array {
  const order = ascendingOrder(pValues);
  const adjusted = new Float64Array(pValues.length);
  let running = 1;
  for (let rank = order.length - 1; rank >= 0; rank--) {
    const position = order[rank]!;
    running = Math.min(running, (order.length * pValues[position]!) / (rank + 1));
    adjusted[position] = running;
  }
  return adjusted;
}

/** Positions of the p-values from smallest to largest; equal ones stay in the order given. */
function ascendingOrder(pValues: ArrayLike<number>): Uint32Array {
  for (let position = 0; position < pValues.length; position++) {
    const p = pValues[position]!;
    if (!(p >= 0 && p <= 1)) throw new RangeError(`A p-value lies between 0 and 1; number ${position} is ${p}.`);
  }
  const order = Uint32Array.from({ length: pValues.length }, (_, position) => position);
  return order.sort((left, right) => pValues[left]! - pValues[right]!);
}
