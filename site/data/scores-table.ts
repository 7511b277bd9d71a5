import { outcomeKinds, type RunRecord } from "@assay/harness/contracts";
import { type ParquetColumn, ParquetTable } from "@assay/harness/record";
import type { SiteData } from "./site-data.ts";
import type { TextTable } from "./text-table.ts";

type Cell = string | number | null;

/** A table whose cells keep their types. */
export interface ScoresTable {
  columns: ParquetColumn[];
  rows: Cell[][];
}

const named = (type: ParquetColumn["type"], names: string) => names.split(" ").map((name) => ({ name, type }));
const columns: ParquetColumn[] = [
  ...named("text", "run task protocol comparability_hash model partial"),
  ...named("text", "dataset revision split method layout overrides"),
  ...named("whole", "shots max_tokens epochs"),
  ...named("number", "temperature"),
  ...named("text", "metric pipeline group"),
  ...named("number", "value"),
  ...named("text", "unit lower_is_better"),
  ...named("whole", "n items no_answer"),
  ...named("number", "stderr low high level"),
  ...named("text", "interval_method"),
  ...named("whole", "rank_low rank_high"),
  ...named("number", "cost_usd"),
  ...named("text", "cost_basis"),
  ...named("number", "median_latency_ms"),
  ...named("whole", outcomeKinds.join(" ")),
  ...named("text", "source finished"),
];

/** Every score of every run that isn't of a category, a line each, with what it needs to be read alone. */
export function scoresTable({ runs, columns: ranked }: Pick<SiteData, "runs" | "columns">): ScoresTable {
  const rows = [...runs.values()].flatMap(({ record, column }) => {
    const own = column === null ? undefined : ranked.get(column);
    const rank = own?.cells.find((cell) => cell.run === record.runId)?.rank;
    return record.scores
      .filter((score) => !score.group.includes("="))
      .map((score): Cell[] => {
        const isRanked = score.metric === own?.metric && score.filter === own.filter && score.group === own.group;
        const cells: Cell[][] = [
          setupCells(record),
          [score.metric, score.filter, score.group, score.value, score.unit, String(score.lowerIsBetter)],
          [score.n, score.items, score.unparsed, score.stderr],
          [score.ci?.low ?? null, score.ci?.high ?? null, score.ci?.level ?? null, score.ci?.method ?? null],
          isRanked ? [rank?.low ?? null, rank?.high ?? null] : [null, null],
          [record.cost.value, record.cost.basis, record.latency.total?.p50 ?? null],
          outcomeKinds.map((kind) => record.counts[kind]),
          [record.source.kind, record.finishedAt],
        ];
        return cells.flat();
      });
  });
  return { columns, rows };
}

/** Who was asked what; a field that wasn't recorded, or isn't a number, is empty. */
function setupCells(record: RunRecord): Cell[] {
  const { setup } = record;
  const { dataset, protocol } = setup;
  const overrides = setup.overrides.map(({ path, to }) => `${path}=${JSON.stringify(to)}`);
  const { shots, epochs, generate } = protocol;
  const numbers = [shots.count, generate.maxTokens, epochs, generate.temperature];
  const cells: Cell[][] = [
    [record.runId, record.task, record.protocol, setup.comparabilityHash, record.model, String(record.partial)],
    [dataset.repo, dataset.revision, dataset.split, protocol.method, protocol.layout, overrides.join("; ")],
    numbers.map((value) => (typeof value === "number" ? value : null)),
  ];
  return cells.flat();
}

/** The table for {@link toCsv}. */
export function asText({ columns: heads, rows }: ScoresTable): TextTable {
  return { head: heads.map((head) => head.name), rows: rows.map((row) => row.map((cell) => String(cell ?? ""))) };
}

/** The table as a Parquet file, for programs: text stands as it is, without the guard against formulas. */
export async function asParquet({ columns: heads, rows }: ScoresTable, createdBy: string): Promise<Uint8Array> {
  const table = new ParquetTable(heads, { notes: [], createdBy });
  for (const row of rows) await table.add(row);
  return table.finish();
}
