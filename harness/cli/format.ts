import type { Cost, OutcomeCounts, RunRecord, Score } from "../contracts/index.ts";
import { decimalsFor } from "../stats/index.ts";

/** A score for reading: percent for proportions, as many decimals as its standard error supports. */
export function formatValue(score: Score): string {
  if (score.value === null) return "n/a (0 scored)";
  const scale = score.unit === "proportion" ? 100 : 1;
  const decimals = score.stderr === null ? 2 : Math.min(4, Math.max(1, decimalsFor(score.stderr * scale)));
  return `${(score.value * scale).toFixed(decimals)}${score.unit === "proportion" ? " %" : ""}`;
}

/** `[70.0, 74.7] wilson 95 %`, or what stands for it. */
export function formatInterval({ ci, unit, stderr }: Score): string {
  if (!ci) return "no interval";
  const scale = unit === "proportion" ? 100 : 1;
  const decimals = stderr === null ? 2 : Math.min(4, Math.max(1, decimalsFor(stderr * scale)));
  return `[${(ci.low * scale).toFixed(decimals)}, ${(ci.high * scale).toFixed(decimals)}] ${ci.method} ${Math.round(ci.level * 100)} %`;
}

/** Every outcome count, the empty ones too: that nothing errored is worth saying. */
export function formatAllCounts(counts: OutcomeCounts): string {
  return Object.entries(counts)
    .map(([kind, count]) => `${count.toLocaleString("en")} ${kind}`)
    .join(", ");
}

/** `1 request`, `1,319 requests`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** Outcome counts that aren't zero. */
export function formatCounts(counts: OutcomeCounts): string {
  return Object.entries(counts)
    .filter(([kind, count]) => count > 0 || kind === "scored")
    .map(([kind, count]) => `${count.toLocaleString("en")} ${kind}`)
    .join(", ");
}

/** Dollars, or that they are not known. */
export function formatCost(cost: Cost): string {
  if (cost.value === null) return `cost unknown (${cost.basis})`;
  return cost.value === 0 ? "no cost" : `$${cost.value.toFixed(cost.value < 1 ? 4 : 2)} (${cost.basis})`;
}

/** `1 h 3 min`, `42 s`, `0.8 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}

/** Tokens as the server told them. */
export function formatTokens({ input, output, reasoning, cacheRead, cacheWrite }: RunRecord["usage"]): string {
  if (input === null && output === null) return "tokens not reported";
  const count = (value: number | null) => (value ?? 0).toLocaleString("en");
  const parts = [`${count(input)} in`];
  if (cacheRead) parts.push(`${count(cacheRead)} read from the server's cache`);
  if (cacheWrite) parts.push(`${count(cacheWrite)} written to it`);
  parts.push(`${count(output)} out`);
  if (reasoning) parts.push(`${count(reasoning)} of it reasoning`);
  return `tokens ${parts.join(", ")}`;
}

/** `12 of 500 (2 %)`. */
export function formatShare(part: number, whole: number): string {
  const percent = whole === 0 ? 0 : (100 * part) / whole;
  return `${part.toLocaleString("en")} of ${whole.toLocaleString("en")} (${percent.toFixed(percent > 0 && percent < 10 ? 1 : 0)} %)`;
}

/** Whether a run's leading score reaches `--gate`, which is in the score's own unit. */
export function gateText(record: RunRecord, gate: number): string {
  const score = primaryScore(record);
  const name = `${record.task}@${record.protocol} ${record.model}`;
  if (!score || score.value === null) return `! gate ${gate}: ${name} has no score`;
  const isReached = score.value >= gate;
  const unit = score.unit === "proportion" ? " (0.5 stands for 50 %)" : "";
  const value = `${score.metric} ${Number(score.value.toFixed(4))}`;
  return `${isReached ? "✓" : "✗"} gate ${gate}${isReached ? "" : unit}: ${name} has ${value}`;
}

/** The score that a leaderboard shows: the primary metric under the primary filter, averaged as the protocol says. */
export function primaryScore(record: RunRecord): Score | undefined {
  return record.scores[0];
}
