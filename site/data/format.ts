import type { Unit } from "@assay/harness/contracts";
import { decimalsFor } from "@assay/harness/stats";

/** Shown in place of a number that isn't there. */
const missing = "–";

const suffixes: Partial<Record<Unit, string>> = { proportion: "%", percent: "%", seconds: "s", usd: "USD" };

/** What stands behind a number of this unit, or in the head of its column. */
export function unitLabel(unit: Unit): string {
  return suffixes[unit] ?? (unit === "points" || unit === "count" ? "" : unit);
}

/** A number in the unit it is shown in: proportions are shown as percent. */
export function shown(value: number, unit: Unit): number {
  return unit === "proportion" ? value * 100 : value;
}

/** What stands behind the difference of two numbers of this unit: of shares, points. */
export function differenceUnit(unit: Unit): string {
  return unit === "proportion" ? "points" : unitLabel(unit);
}

/** How far two numbers of this unit lie apart, as it is shown. */
export function formatSpread(value: number, unit: Unit): string {
  return shown(value, unit).toFixed(1);
}

/** A score with as many decimals as its standard error allows. */
export function formatScore(value: number | null, stderr: number | null, unit: Unit): string {
  if (value === null) return missing;
  const decimals = decimalsFor(stderr === null ? null : shown(stderr, unit));
  return minus(shown(value, unit).toFixed(decimals));
}

/** `[low, high]` with the decimals of the score. */
export function formatInterval(low: number | null, high: number | null, stderr: number | null, unit: Unit): string {
  if (low === null || high === null) return "uncertainty not available";
  return `[${formatScore(low, stderr, unit)}, ${formatScore(high, stderr, unit)}]`;
}

/** Digits in groups of three. */
export function formatCount(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** `1–3`, or `2` where the range is one rank. */
export function formatRange(range: { low: number; high: number } | null): string {
  if (range === null) return missing;
  return range.low === range.high ? String(range.low) : `${range.low}–${range.high}`;
}

/** A bare minus sign reads as a hyphen in a table. */
function minus(text: string): string {
  const clean = /^-0(\.0+)?$/.test(text) ? text.slice(1) : text;
  return clean.replace("-", "−");
}
