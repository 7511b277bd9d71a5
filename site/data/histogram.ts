import { tickStep } from "d3-array";
import type { Histogram } from "./schemas.ts";

const wantedBins = 24;

/** Counts values in about two dozen round steps; the top hundredth goes into the last. `null` without values. */
export function histogramOf(values: readonly number[]): Histogram | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const low = sorted[0] ?? 0;
  const high = sorted[Math.ceil(0.99 * sorted.length) - 1] ?? low;
  const step = high > low ? tickStep(low, high, wantedBins) : Math.max(1e-6, Math.abs(low) / 10 || 1);
  const from = Math.floor(low / step);
  const counts = Array.from({ length: Math.max(1, Math.floor(high / step - from) + 1) }, () => 0);
  for (const value of sorted) {
    const bin = Math.min(counts.length - 1, Math.max(0, Math.floor(value / step - from)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  // Edges from whole numbers of steps: sums of a fraction would drift.
  const edges = Array.from({ length: counts.length + 1 }, (_, bin) => Number(((from + bin) * step).toPrecision(6)));
  return { edges, counts };
}
