import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeResults, smallWorld } from "../testing/make-results.ts";
import { scratch } from "../testing/scratch.ts";
import { areComparable, rulesBetween } from "./comparable.ts";
import { readResults } from "./read-results.ts";
import type { CatalogueEntry } from "./sample-catalogue.ts";
import { makeSiteData, type SiteData } from "./site-data.ts";
import { readSiteFiles } from "./site-files.ts";
import { DataStore } from "./store.ts";

const results = scratch("equivalences");
await makeResults(results, { ...smallWorld, tasks: smallWorld.tasks.slice(1), models: smallWorld.models.slice(0, 3) });
// Two further models were asked with one example only.
await makeResults(results, {
  ...smallWorld,
  tasks: smallWorld.tasks.slice(1),
  models: smallWorld.models.slice(3, 5),
  shots: [1],
});

async function siteOf(equivalences: string | null, boards: string | null = null): Promise<SiteData> {
  for (const [name, text] of [
    ["equivalences.yaml", equivalences],
    ["boards.yaml", boards],
  ] as const)
    writeFileSync(join(results, name), text ?? (name === "boards.yaml" ? allBoard : "equivalences: []"));
  const store = new DataStore(join(scratch("equivalences-data"), "d"));
  return makeSiteData(readResults(results), readSiteFiles(results), { store, generator: "test" });
}

const allBoard = "boards:\n  - { id: main, title: Main, tasks: [{ task: recipes, protocol: chat }] }\n";
const oneOrNone = (more: string) =>
  `equivalences:\n  - { id: an-example, reason: One example changes nothing here., ${more} }\n`;
const oneOrNoExample = oneOrNone("field: protocol.shots.count, values: [0, 1]");
const summary = ({ columns }: SiteData) =>
  [...columns.values()].map(({ task, overrides, cells }) => [
    task,
    overrides.join(),
    cells.length,
    cells.flatMap((cell) => cell.equivalent).join(),
  ]);

test("without a declaration every setup has a column of its own", async () => {
  expect(summary(await siteOf(null, allBoard.replace(", protocol: chat", "")))).toEqual(
    expect.arrayContaining([
      ["recipes", "", 3, ""],
      ["recipes", "shots.count=1", 2, ""],
      ["recipes", "shots.count=5", 3, ""],
    ]),
  );
});

test("values that are declared equivalent share the column of the commoner setup, each marked with the rule", async () => {
  const data = await siteOf(oneOrNoExample);
  const found = summary(data);
  expect(found).toContainEqual(["recipes", "", 5, "an-example,an-example"]);
  expect(found).toContainEqual(["recipes", "shots.count=5", 3, ""]);
  expect(found).toHaveLength(4);
  const [board] = data.boards;
  expect(
    board?.rows
      .filter((row) => row.cells[0]?.equivalent.length === 1)
      .map((row) => row.model)
      .sort(),
  ).toEqual(["openai/borealis/north-1-mini", "openai/quarry/granule-3b"]);
  expect(board?.rows.every((row) => row.cells[0]?.rank !== null)).toBe(true);
  expect(new Set(board?.others.map(({ details }) => details.join()))).toEqual(new Set(["protocol.shots.count"]));
  for (const { record, column } of data.runs.values()) {
    const cells = data.columns.get(column ?? "")?.cells ?? [];
    expect(cells.map((cell) => cell.run)).toContain(record.runId);
  }
});

test("runs may be compared exactly where their scores share a column, or they are of one setup", async () => {
  const { store, runs } = await siteOf(oneOrNoExample);
  const catalogue: CatalogueEntry[] = JSON.parse(store.read(store.file("catalogue.json").path));
  const pairs = catalogue.flatMap((a) => catalogue.map((b) => [a, b] as const));
  for (const [a, b] of pairs) {
    expect(areComparable(a, b)).toBe(runs.get(a.run)?.column === runs.get(b.run)?.column);
    const byRule = areComparable(a, b) && a.setup !== b.setup;
    expect(rulesBetween(a, b)).toEqual(byRule ? ["an-example"] : []);
  }
  expect(pairs.filter(([a, b]) => areComparable(a, b) && a.setup !== b.setup)).not.toEqual([]);
});

test("a declaration can be kept to some tasks, or be of whole setups", async () => {
  const one = await siteOf(oneOrNone("field: protocol.shots.count, values: [0, 1], tasks: [timetables]"));
  expect(summary(one)).toHaveLength(5);
  const hashes = one.setups
    .filter(({ task, overrides }) => task === "recipes" && overrides.join() !== "shots.count=5")
    .map(({ hash }) => `"${hash.slice(0, 12)}"`);
  expect(hashes).toHaveLength(2);
  const whole = await siteOf(
    oneOrNone(`setups: [${hashes.join()}]`),
    allBoard.replace("protocol: chat", `setup: ${hashes[1]}`),
  );
  expect(summary(whole)).toContainEqual(["recipes", "", 5, "an-example,an-example"]);
  expect(whole.boards[0]?.rows).toHaveLength(5);
});

test("a field without values is ignored whatever it holds", async () => {
  expect(summary(await siteOf(oneOrNone("field: protocol.shots.count")))).toContainEqual([
    "recipes",
    "",
    8,
    "an-example,an-example,an-example,an-example,an-example",
  ]);
});

test("a declaration that nothing fits is a mistake, not a declaration", async () => {
  await expect(siteOf(oneOrNone("field: protocol.shot.count"))).rejects.toMatchObject({
    code: "EQUIVALENCE_UNKNOWN",
    fix: 'Did you mean "protocol.shots.count"?',
  });
  await expect(siteOf(oneOrNone("setups: [abcdefabc, fedcbafed]"))).rejects.toMatchObject({
    code: "EQUIVALENCE_UNKNOWN",
  });
  await expect(siteOf(oneOrNone("tasks: [recipes]"))).rejects.toMatchObject({ code: "PROBLEMS" });
});
