import { InputError, ProblemsError, type RunRecord } from "@assay/harness/contracts";
import { checkFiles } from "../rules/check-files.ts";
import { checkRecord } from "../rules/check-record.ts";
import type { Problem } from "../rules/problem.ts";
import type { ItemScores } from "../samples/item-scores.ts";
import { boardsOf } from "./boards.ts";
import { claimsOf } from "./claims.ts";
import { columnIds, columnsOf } from "./columns.ts";
import { contaminationRemarks } from "./contamination.ts";
import type { Change, Equivalence } from "./declared-schemas.ts";
import { followPrevious, type ReadSite } from "./earlier-snapshots.ts";
import { emitFiles } from "./emit-files.ts";
import { type Place, placesOf } from "./equivalences.ts";
import { type ItemTable, itemTable } from "./item-table.ts";
import type { EarlierSnapshot } from "./manifest-schemas.ts";
import { modelsOf } from "./models.ts";
import { rankColumn } from "./rank-columns.ts";
import type { FoundRun } from "./read-results.ts";
import { type RunSamples, readSamplesOf } from "./read-samples.ts";
import type {
  Board,
  ClaimEntry,
  Column,
  ModelEntry,
  Pairs,
  SetupFile,
  SiteInfo,
  StudyEntry,
  TaskEntry,
} from "./schemas.ts";
import { setupsOf } from "./setups.ts";
import type { SiteFiles } from "./site-files.ts";
import type { DataStore } from "./store.ts";
import { studiesOf } from "./studies.ts";
import { tasksOf } from "./tasks.ts";

/** A run as its page shows it. */
export interface RunEntry {
  record: RunRecord;
  /** Column that its score stands in; `null`: it is not ranked. */
  column: string | null;
  /** Path of its record from the site's root. */
  file: string;
  samples: RunSamples;
  warnings: string[];
}

/** Everything that the pages show, computed once. */
export interface SiteData {
  info: SiteInfo;
  snapshot: string;
  /** States that the site was in before, the oldest first. */
  earlier: EarlierSnapshot[];
  runs: Map<string, RunEntry>;
  columns: Map<string, Column>;
  pairs: Map<string, Pairs>;
  /** By column: how its items divided the runs. */
  items: Map<string, ItemTable>;
  boards: Board[];
  tasks: TaskEntry[];
  models: ModelEntry[];
  setups: SetupFile[];
  equivalences: Equivalence[];
  changes: Change[];
  claims: ClaimEntry[];
  studies: StudyEntry[];
  /** By run: the column that its score stands in, or would if it weren't partial. */
  columnIds: ReadonlyMap<string, string>;
  /** By setup: the one in whose column its scores stand. */
  places: ReadonlyMap<string, Place>;
  store: DataStore;
}

/** Pairs of larger columns are in the ranks; listing them would weigh more than it tells. */
const mostRunsWithPairs = 200;

/**
 * Checks records, computes what the pages show and writes it as data files.
 *
 * @throws ProblemsError naming every rule that the records break
 */
export async function makeSiteData(
  found: readonly FoundRun[],
  files: SiteFiles,
  { store, generator, previous }: { store: DataStore; generator: string; previous?: ReadSite | undefined },
): Promise<SiteData> {
  const records = found.map((run) => run.record);
  const info = infoOf(records, files, generator);
  const allowedSecrets = new Set(files.site.allowSecrets);
  const problems = [...checkFiles(files), ...found.flatMap((run) => checkRecord(run, allowedSecrets))];
  const samples = await readSamplesOf(found, { store, samples: info.samples, allowedSecrets });
  problems.push(...samples.problems);
  problems.push(...contaminationRemarks(files.contamination, records));
  stopAtFaults(problems);

  const flags = flagsOf(problems);
  const byId = new Map(records.map((record) => [record.runId, record]));
  const scores = new Map([...samples.runs].map(([run, entry]) => [run, entry.scores]));
  const places = placesOf(records, files.equivalences);
  const columns = columnsOf(records, places);
  const columnOfRun = new Map(columns.flatMap(({ id, cells }) => cells.map((cell) => [cell.run, id] as const)));
  const pairs = rankAll(columns, scores);
  const boards = boardsOf(files.boards, { columns, records: byId, scores, flags, places });
  info.boards = boards.map(({ id, title, summary }) => ({ id, title, summary }));
  const runs = new Map(
    found.map((run) => [run.record.runId, entryOf(run, { store, samples: samples.runs, flags, columnOfRun })]),
  );
  const data: Omit<SiteData, "snapshot" | "earlier"> = {
    info,
    runs,
    columns: new Map(columns.map((column) => [column.id, column])),
    pairs,
    items: itemsOf(columns, scores),
    boards,
    tasks: tasksOf(records, columns, files.contamination),
    models: modelsOf(records, files.models),
    setups: setupsOf(records),
    equivalences: files.equivalences,
    changes: changesOf(records, files.changes),
    claims: claimsOf(files.claims, records),
    studies: studiesOf(files.studies, byId, scores),
    columnIds: columnIds(records, places),
    places,
    store,
  };
  await emitFiles(data);
  const { snapshot } = store.manifest(generator);
  const earlier = previous ? await followPrevious(previous, store, snapshot) : [];
  return { ...data, snapshot, earlier };
}

function stopAtFaults(problems: readonly Problem[]): void {
  const faults = problems.filter((problem) => problem.severity === "F");
  if (faults.length === 0) return;
  throw new ProblemsError(
    faults.map(
      ({ rule, run, message }) =>
        new InputError({
          code: `SITE_${rule}`,
          what: `${run ?? "The results"}: ${message}.`,
          fix: "Mend the record, run again, or take the run's folder out of the results.",
        }),
    ),
  );
}

function flagsOf(problems: readonly Problem[]): Map<string, string[]> {
  const flags = new Map<string, string[]>();
  for (const { run, message } of problems) if (run) flags.set(run, [...(flags.get(run) ?? []), message]);
  return flags;
}

function rankAll(columns: readonly Column[], scores: ReadonlyMap<string, ItemScores | null>): Map<string, Pairs> {
  const pairs = new Map<string, Pairs>();
  for (const column of columns) {
    const tested = rankColumn(
      column,
      column.cells.map((cell) => scores.get(cell.run) ?? null),
    );
    if (tested && tested.runs.length <= mostRunsWithPairs) pairs.set(column.id, tested);
  }
  return pairs;
}

function itemsOf(columns: readonly Column[], scores: ReadonlyMap<string, ItemScores | null>): Map<string, ItemTable> {
  const tables = columns.flatMap((column) => {
    const table = itemTable(
      column,
      column.cells.map((cell) => scores.get(cell.run) ?? null),
    );
    return table ? [[column.id, table] as const] : [];
  });
  return new Map(tables);
}

interface EntrySources {
  store: DataStore;
  samples: ReadonlyMap<string, RunSamples>;
  flags: ReadonlyMap<string, string[]>;
  columnOfRun: ReadonlyMap<string, string>;
}

function entryOf({ record, bytes }: FoundRun, { store, samples, flags, columnOfRun }: EntrySources): RunEntry {
  return {
    record,
    column: columnOfRun.get(record.runId) ?? null,
    file: store.bytes({ name: `runs/${record.runId}.json`, role: "run record", content: bytes }),
    samples: samples.get(record.runId) ?? { scores: null, index: null, latency: null, tokens: null, calibration: null },
    warnings: flags.get(record.runId) ?? [],
  };
}

function changesOf(records: readonly RunRecord[], declared: readonly Change[]): Change[] {
  const added = records.map((record) => ({
    date: (record.finishedAt ?? record.startedAt).slice(0, 10),
    kind: "added" as const,
    run: record.runId,
    what: `${record.model} on ${record.task}@${record.protocol}`,
    reason: null,
  }));
  const key = (change: Change) => `${change.date} ${change.what}`;
  return [...declared, ...added].sort((a, b) => (key(a) > key(b) ? -1 : key(a) < key(b) ? 1 : 0));
}

function infoOf(records: readonly RunRecord[], { site }: SiteFiles, generator: string): SiteInfo {
  const distinct = (pick: (record: RunRecord) => string) => new Set(records.map(pick)).size;
  return {
    format: "assay-site-1",
    title: site.title,
    summary: site.summary,
    url: site.url ?? null,
    licence: site.licence ?? null,
    citation: site.citation ?? null,
    robots: site.robots,
    generator,
    updated:
      records
        .map((record) => record.finishedAt ?? record.startedAt)
        .sort()
        .at(-1) ?? null,
    samples: {
      storage: site.samples.storage,
      baseUrl: site.samples.storage === "external" ? (site.samples.baseUrl ?? null) : null,
      reason: site.samples.reason ?? null,
    },
    boards: [],
    totals: {
      runs: records.length,
      partial: records.filter((record) => record.partial).length,
      tasks: distinct((record) => record.task),
      models: distinct((record) => record.model),
      setups: distinct((record) => record.setup.comparabilityHash),
      samples: records.reduce((sum, record) => sum + record.samples.reduce((of, shard) => of + shard.samples, 0), 0),
    },
    constants: { level: 0.95, power: 0.8, samplesPerShard: 100, preliminaryBelow: 100 },
  };
}
