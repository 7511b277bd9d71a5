import type { RunRecord } from "@assay/harness/contracts";
import type { Place } from "./equivalences.ts";
import { primaryScore } from "./primary-score.ts";
import type { Cell, Column } from "./schemas.ts";
import { notScored } from "./table-values.ts";

/** Groups complete runs by setup and metric: only those share a column, and those that are declared equivalent. */
export function columnsOf(records: readonly RunRecord[], places: ReadonlyMap<string, Place> = new Map()): Column[] {
  const complete = records.filter((record) => !record.partial);
  const ids = columnIds(records, places);
  const groups = Map.groupBy(complete, (record) => ids.get(record.runId) ?? "");
  return [...groups].map(([id, members]) => columnOf(id, members, places)).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** By run: the column that its score stands in, or would if it weren't partial. */
export function columnIds(
  records: readonly RunRecord[],
  places: ReadonlyMap<string, Place>,
): ReadonlyMap<string, string> {
  const complete = records.filter((record) => !record.partial);
  const first = new Map(complete.map((record) => [record.setup.comparabilityHash, record]));
  return new Map(
    records.map((record) => {
      const place = places.get(record.setup.comparabilityHash);
      return [record.runId, columnIdOf(record, place && first.get(place.setup))];
    }),
  );
}

/**
 * `<task>.<protocol>.<first 10 of the comparability hash>.<metric>`; runs with one id are comparable.
 *
 * @param chief a run of the setup whose column it is, where that is another's
 */
function columnIdOf(record: RunRecord, chief: RunRecord = record): string {
  const score = primaryScore(record);
  const metric = score ? [score.metric, score.filter, score.group] : ["unscored"];
  const name = metric.filter((part) => part !== "all" && part !== "none").join("-");
  return [record.task, chief.protocol, chief.setup.comparabilityHash.slice(0, 10), name]
    .join(".")
    .replace(/[^A-Za-z0-9._-]+/g, "-");
}

function columnOf(id: string, members: readonly RunRecord[], places: ReadonlyMap<string, Place>): Column {
  const placeOf = (record: RunRecord) => places.get(record.setup.comparabilityHash);
  const first = members.find((record) => (placeOf(record)?.by.length ?? 0) === 0) ?? members[0];
  if (!first) throw new Error(`column ${id} is empty`);
  const score = primaryScore(first);
  const cells = members.map((record) => cellOf(record, placeOf(record)?.by ?? []));
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
    undecided: null,
    cells: cells.sort((a, b) => better(a, b) || (a.model < b.model ? -1 : 1)),
  };
}

function cellOf(record: RunRecord, equivalent: string[]): Cell {
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
    equivalent,
  };
}
