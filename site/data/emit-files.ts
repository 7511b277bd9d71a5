import { z } from "zod";
import { dataSchemas } from "./data-schemas.ts";
import { primaryScore } from "./primary-score.ts";
import type { CatalogueEntry } from "./sample-catalogue.ts";
import type { Distributions } from "./schemas.ts";
import { asParquet, asText, scoresTable } from "./scores-table.ts";
import type { SiteData } from "./site-data.ts";
import { toCsv } from "./text-table.ts";

/** Writes everything that the pages show as data files, the same as a table, and the schemas of all of them. */
export async function emitFiles(data: Omit<SiteData, "snapshot" | "earlier">): Promise<void> {
  const { store } = data;
  for (const column of data.columns.values()) store.json(`columns/${column.id}`, "column", column);
  for (const pairs of data.pairs.values()) store.json(`pairs/${pairs.column}`, "pairs", pairs);
  for (const items of data.items.values()) store.json(`items/${items.column}`, "items", items);
  for (const board of data.boards) store.json(`boards/${board.id}`, "board", board);
  for (const task of data.tasks) store.json(`tasks/${task.id}`, "task", task);
  for (const setup of data.setups) store.json(`setups/${setup.hash.slice(0, 12)}`, "setup", setup);
  for (const [setup, entries] of distributionsOf(data)) store.json(`distributions/${setup}`, "distributions", entries);
  for (const entry of data.claims) store.json(`claims/${entry.claim.id}`, "claim", entry);
  for (const entry of data.studies) store.json(`studies/${entry.study.id}`, "study", entry);
  store.json("catalogue", "catalogue", catalogueOf(data));
  store.json("models", "models", data.models);
  store.json("equivalences", "equivalences", data.equivalences);
  store.json("changes", "changes", data.changes);
  store.json("site", "site", data.info);
  const scores = scoresTable(data);
  store.bytes({ name: "scores.csv", role: "download", content: toCsv(asText(scores)) });
  store.bytes({ name: "scores.parquet", role: "download", content: await asParquet(scores, data.info.generator) });
  for (const [role, schema] of Object.entries(dataSchemas)) {
    store.json(`schema/${role.replaceAll(" ", "-")}`, "schema", z.toJSONSchema(schema, { io: "input" }));
  }
}

/** By setup: a file a run would be ten thousand small files. */
function distributionsOf({ runs }: Pick<SiteData, "runs">): Map<string, Distributions[]> {
  const entries = [...runs.values()].flatMap(({ record, samples: { latency, tokens, calibration } }) =>
    latency || tokens || calibration
      ? [{ setup: record.setup.comparabilityHash.slice(0, 12), run: record.runId, latency, tokens, calibration }]
      : [],
  );
  const groups = Map.groupBy(entries, (entry) => entry.setup);
  return new Map([...groups].map(([setup, members]) => [setup, members.map(({ setup: _, ...entry }) => entry)]));
}

function catalogueOf({
  runs,
  store,
  columnIds,
  places,
}: Pick<SiteData, "runs" | "store" | "columnIds" | "places">): CatalogueEntry[] {
  return [...runs.values()].map(({ record, samples, file }) => ({
    run: record.runId,
    model: record.model,
    task: record.task,
    protocol: record.protocol,
    setup: record.setup.comparabilityHash,
    column: columnIds.get(record.runId) ?? "",
    equivalent: places.get(record.setup.comparabilityHash)?.by ?? [],
    partial: record.partial,
    unit: primaryScore(record)?.unit ?? null,
    lowerIsBetter: primaryScore(record)?.lowerIsBetter ?? false,
    index: samples.index,
    record: file,
    setupFile: store.file(`setups/${record.setup.comparabilityHash.slice(0, 12)}.json`).path,
  }));
}
