import type { OutcomeCounts } from "@assay/harness/contracts";

/** Samples that did not end in a scored answer. */
export function notScored(counts: OutcomeCounts): number {
  return Object.entries(counts).reduce((sum, [kind, count]) => sum + (kind === "scored" ? 0 : count), 0);
}

/** US dollars with the digits that matter. */
export function formatCost(value: number): string {
  return value === 0 ? "0" : value >= 100 ? value.toFixed(0) : value.toPrecision(2).replace(/^(\d+)$/, "$1");
}

/** Milliseconds or seconds, two or three digits. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds >= 10_000) return `${(milliseconds / 1000).toFixed(0)} s`;
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return milliseconds >= 10 ? `${milliseconds.toFixed(0)} ms` : `${milliseconds.toPrecision(1)} ms`;
}
