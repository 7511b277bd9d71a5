import type { RunRecord } from "@assay/harness/contracts";
import { primaryScore } from "./primary-score.ts";
import type { Cell, Column } from "./schemas.ts";
import { notScored } from "./table-values.ts";

/** Groups complete runs by setup and metric: only those share a column. */
export function columnsOf(records: readonly RunRecord[]): Column[] {
  const groups = new Map<string, RunRecord[]>();
  for (const record of records) {
    if (record.partial) continue;
    const key = columnIdOf(record);
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  return [...groups].map(([id, members]) => columnOf(id, members)).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** `<task>.<protocol>.<first 10 of the comparability hash>.<metric>`; runs with one id are comparable. */
export function columnIdOf(record: RunRecord): string {
  const score = primaryScore(record);
  const metric = score ? [score.metric, score.filter, score.group] : ["unscored"];
  const name = metric.filter((part) => part !== "all" && part !== "none").join("-");
  return [record.task, record.protocol, record.setup.comparabilityHash.slice(0, 10), name]
    .join(".")
    .replace(/[^A-Za-z0-9._-]+/g, "-");
}

function columnOf(id: string, members: readonly RunRecord[]): Column {
  const [first] = members;
  if (!first) throw new Error(`column ${id} is empty`);
  const score = primaryScore(first);
  const cells = members.map(cellOf);
  const lowerIsBetter = score?.lowerIsBetter ?? false;
  const better = (a: Cell, b: Cell) => ((b.value ?? -Infinity) - (a.value ?? -Infinity)) * (lowerIsBetter ? -1 : 1);
  return {
    id,
    task: first.task,
    protocol: first.protocol,
    setup: first.setup.comparabilityHash,
    overrides: first.setup.overrides.map(({ path, to }) => `${path}=${JSON.stringify(to)}`),
    metric: score?.metric ?? first.setup.protocol.primary.metric,
    filter: score?.filter ?? "none",
    group: score?.group ?? "all",
    unit: score?.unit ?? "proportion",
    lowerIsBetter,
    level: score?.ci?.level ?? 0.95,
    rankMethod: null,
    separated: null,
    detectable: null,
    cells: cells.sort((a, b) => better(a, b) || (a.model < b.model ? -1 : 1)),
  };
}

function cellOf(record: RunRecord): Cell {
  const score = primaryScore(record);
  return {
    run: record.runId,
    model: record.model,
    value: score?.value ?? null,
    low: score?.ci?.low ?? null,
    high: score?.ci?.high ?? null,
    level: score?.ci?.level ?? null,
    method: score?.ci?.method ?? null,
    stderr: score?.stderr ?? null,
    n: score?.n ?? 0,
    items: score?.items ?? 0,
    unparsed: score?.unparsed ?? 0,
    counts: record.counts,
    notScored: notScored(record.counts),
    rank: null,
    marginal: null,
    tier: null,
  };
}
