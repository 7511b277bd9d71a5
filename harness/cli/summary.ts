import type { RunRecord } from "../contracts/index.ts";
import {
  counted,
  formatAllCounts,
  formatCost,
  formatCounts,
  formatInterval,
  formatSeconds,
  formatShare,
  formatTokens,
  formatValue,
  primaryScore,
} from "./format.ts";
import { renderTable } from "./table.ts";

/** The table that ends `run`: one line a run, all conditions one step away. */
export function renderRuns(records: readonly RunRecord[]): string {
  const rows = records.map((record) => {
    const score = primaryScore(record);
    return [
      `${record.task}@${record.protocol}`,
      record.model,
      score
        ? `${score.metric}${score.filter === "none" ? "" : ` (${score.filter})`}${score.group === "all" ? "" : ` ${score.group}`}`
        : "none",
      score ? formatValue(score) : "n/a (0 scored)",
      score ? formatInterval(score) : "",
      String(score?.n ?? 0),
      `${formatCounts(record.counts)}${record.partial ? "  PARTIAL" : ""}`,
    ];
  });
  const right = { align: "right" } as const;
  return renderTable(
    [
      { title: "task@protocol" },
      { title: "model" },
      { title: "metric" },
      { title: "score", ...right },
      { title: "interval" },
      { title: "n", ...right },
      { title: "outcomes" },
    ],
    rows,
  );
}

/** What else a reader of one run should know: other averages and filters, warnings, time, tokens, cost, where it is. */
export function renderRunDetails(record: RunRecord, folder: string): string {
  const others = record.scores.slice(1).filter((score) => score.group === "all" || score.group.startsWith("macro:"));
  const lines = [`${record.task}@${record.protocol} · ${record.model}`];
  for (const score of others) {
    lines.push(
      `  ${score.metric}${score.filter === "none" ? "" : ` (${score.filter})`} ${score.group === "all" ? "micro" : score.group}: ${formatValue(score)} ${formatInterval(score)}`,
    );
  }
  lines.push(`  outcomes: ${formatAllCounts(record.counts)}`);
  for (const reason of record.partialReasons) lines.push(`  ! partial, never ranked: ${reason}`);
  for (const difference of record.setup.dataset.differs) lines.push(`  ! data differs: ${difference}`);
  const samples = Object.values(record.counts).reduce((sum, count) => sum + count, 0);
  const share = (count: number) => formatShare(count, samples);
  for (const failure of record.failures)
    lines.push(`  ! ${share(failure.samples)} errored and were not scored: ${failure.message} [${failure.code}]`);
  if (record.counts.unparsed > 0) lines.push(`  ! ${share(record.counts.unparsed)} answers could not be read`);
  if (record.truncated > 0) lines.push(`  ! ${share(record.truncated)} answers were cut off at the token limit`);
  if (record.straddled > 0)
    lines.push(
      `  ! ${counted(record.straddled, "sample has", "samples have")} a token across the border of prompt and continuation`,
    );
  lines.push(`  ${formatSeconds(record.seconds)} · ${formatTokens(record.usage)} · ${formatCost(record.cost)}`);
  const { requests, retries, cached } = record.usage;
  const traffic = [counted(requests, "request")];
  if (retries > 0) traffic.push(counted(retries, "retry", "retries"));
  if (cached > 0) traffic.push(`${cached.toLocaleString("en")} from the cache`);
  if (record.setup.model.provider !== "baseline") lines.push(`  ${traffic.join(", ")}`);
  lines.push(`  ${folder}/run.json`);
  return lines.join("\n");
}
