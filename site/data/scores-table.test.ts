import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { parquetReadObjects } from "hyparquet";
import { expect, test } from "vitest";
import { makeResults, smallWorld } from "../testing/make-results.ts";
import { scratch } from "../testing/scratch.ts";
import { readResults } from "./read-results.ts";
import { makeSiteData } from "./site-data.ts";
import { readSiteFiles } from "./site-files.ts";
import { DataStore } from "./store.ts";

test("scores can be taken as CSV and as Parquet, and both say the same", async () => {
  const results = scratch("scores-table");
  await makeResults(results, { ...smallWorld, tasks: smallWorld.tasks.slice(1), shots: [0, 5] });
  const store = new DataStore(join(results, "data"));
  const { runs } = await makeSiteData(readResults(results), readSiteFiles(results), { store, generator: "test" });
  const read = (name: string) => readFileSync(join(results, "data", store.file(name).path));
  const lines = parse(read("scores.csv"), { columns: true }) as Record<string, string>[];
  const file = Uint8Array.from(read("scores.parquet")).buffer;
  const rows = await parquetReadObjects({ file });
  expect(rows).toHaveLength(2 * 2 * 6);
  expect(
    rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, String(value ?? "")]))),
  ).toEqual(lines);
  const [row] = rows;
  const record = runs.get(row?.run as string)?.record;
  expect(row).toMatchObject({ value: record?.scores[0]?.value, n: record?.scores[0]?.n, shots: 0, temperature: 0 });
  expect(rows.some((entry) => entry.overrides === "shots.count=5" && entry.shots === 5)).toBe(true);
});
