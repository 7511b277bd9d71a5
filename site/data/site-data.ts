import type { RunRecord } from "@assay/harness/contracts";
import { columnIdOf, columnsOf } from "./columns.ts";
import type { FoundRun } from "./read-results.ts";
import type { Column, SiteInfo } from "./schemas.ts";
import type { DataStore } from "./store.ts";

/** A run as its page shows it. */
export interface RunEntry {
  record: RunRecord;
  /** Column that its score stands in; `null`: it is not ranked. */
  column: string | null;
  /** Path of its record from the site's root. */
  file: string;
}

/** Everything that the pages show, computed once. */
export interface SiteData {
  info: SiteInfo;
  snapshot: string;
  runs: RunEntry[];
  columns: Column[];
}

/** Computes what the pages show and writes it as data files. */
export function makeSiteData(found: readonly FoundRun[], store: DataStore, generator: string): SiteData {
  const records = found.map((run) => run.record);
  const columns = columnsOf(records);
  for (const column of columns) store.json(`columns/${column.id}`, "column", column);
  const runs = found.map(({ record, bytes }) => ({
    record,
    column: record.partial ? null : columnIdOf(record),
    file: store.bytes({ name: `runs/${record.runId}.json`, role: "run record", content: bytes }),
  }));
  const info = infoOf(records, generator);
  store.json("site", "site", info);
  return { info, snapshot: store.manifest(generator).snapshot, runs, columns };
}

function infoOf(records: readonly RunRecord[], generator: string): SiteInfo {
  const distinct = (pick: (record: RunRecord) => string) => new Set(records.map(pick)).size;
  return {
    format: "assay-site-1",
    title: "Assay leaderboard",
    generator,
    totals: {
      runs: records.length,
      partial: records.filter((record) => record.partial).length,
      tasks: distinct((record) => record.task),
      models: distinct((record) => record.model),
      setups: distinct((record) => record.setup.comparabilityHash),
      samples: records.reduce((sum, record) => sum + record.samples.reduce((of, shard) => of + shard.samples, 0), 0),
    },
  };
}
