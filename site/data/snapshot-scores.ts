import { type Unit, unitSchema } from "@assay/harness/contracts";
import { fromCsv } from "./text-table.ts";

/** A line of a `scores.csv`, as far as its page shows it. */
export interface SnapshotScore {
  run: string;
  task: string;
  protocol: string;
  /** Comparability hash. */
  setup: string;
  model: string;
  partial: boolean;
  metric: string;
  unit: Unit;
  lowerIsBetter: boolean;
  value: number | null;
  stderr: number | null;
  low: number | null;
  high: number | null;
  n: number | null;
  rank: { low: number; high: number } | null;
}

const needed = ["run", "task", "protocol", "comparability_hash", "model", "metric", "value", "unit"];

/**
 * Reads the scores of an earlier snapshot, those that may be compared under each other and the best first.
 *
 * @returns `null` where another version wrote other columns
 */
export function snapshotScores(csv: string): SnapshotScore[] | null {
  const { head, rows } = fromCsv(csv);
  if (needed.some((name) => !head.includes(name))) return null;
  const scores = rows.map((row) => scoreOf((name) => row[head.indexOf(name)] ?? ""));
  return scores.sort((a, b) => {
    const [left, right] = [placeOf(a), placeOf(b)];
    if (left !== right) return left < right ? -1 : 1;
    return betterFirst(a, b) || (a.run < b.run ? -1 : 1);
  });
}

function scoreOf(text: (name: string) => string): SnapshotScore {
  const number = (name: string) => (text(name) === "" ? null : Number(text(name)));
  const [low, high] = [number("rank_low"), number("rank_high")];
  const parts = [text("metric"), text("pipeline"), text("group")];
  return {
    run: text("run"),
    task: text("task"),
    protocol: text("protocol"),
    setup: text("comparability_hash"),
    model: text("model"),
    partial: text("partial") === "true",
    metric: parts.filter((part) => part !== "" && part !== "none" && part !== "all").join(" "),
    unit: unitSchema.safeParse(text("unit")).data ?? "points",
    lowerIsBetter: text("lower_is_better") === "true",
    value: number("value"),
    stderr: number("stderr"),
    low: number("low"),
    high: number("high"),
    n: number("n"),
    rank: low === null || high === null ? null : { low, high },
  };
}

function placeOf({ task, protocol, setup, metric, partial }: SnapshotScore): string {
  return JSON.stringify([task, protocol, setup, metric, partial]);
}

function betterFirst(a: SnapshotScore, b: SnapshotScore): number {
  if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
  return (b.value - a.value) * (a.lowerIsBetter ? -1 : 1);
}
