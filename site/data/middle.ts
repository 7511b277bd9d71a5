import { quantile } from "@assay/harness/stats";

/** The median of numbers in any order. @throws RangeError without any */
export function middle(values: readonly number[]): number {
  return quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
}
