import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeResults, smallWorld } from "../testing/make-results.ts";
import { scratch } from "../testing/scratch.ts";
import { readResults } from "./read-results.ts";
import { makeSiteData, type SiteData } from "./site-data.ts";
import { readSiteFiles } from "./site-files.ts";
import { DataStore } from "./store.ts";

const results = scratch("contamination");
await makeResults(results, {
  ...smallWorld,
  tasks: smallWorld.tasks.slice(0, 2),
  models: smallWorld.models.slice(0, 2),
});

async function siteWith(...flags: string[]): Promise<SiteData> {
  writeFileSync(join(results, "contamination.yaml"), `flags:\n${flags.map((flag) => `  - { ${flag} }\n`).join("")}`);
  const store = new DataStore(join(scratch("contamination-data"), "d"));
  return makeSiteData(readResults(results), readSiteFiles(results), { store, generator: "test" });
}

const found = 'method: 13-gram overlap, date: "2026-11-01", evidence: "https://example.org/report"';
const flagged = ({ runs }: SiteData) =>
  [...runs.values()]
    .filter(({ warnings }) => warnings.some((words) => words.startsWith("contamination: ")))
    .map(({ record }) => `${record.task} ${record.model}`);

test("a flag of a task stands beside all its scores, one of a model beside that model's only", async () => {
  const [first] = smallWorld.models;
  const [task, other] = smallWorld.tasks.map(({ id }) => id);
  const site = await siteWith(
    `task: ${task}, level: weak, ${found}`,
    `task: ${other}, models: [openai/${first?.name}], level: strong, ${found}`,
  );
  const runsOf = (id: string) => [...site.runs.values()].filter(({ record }) => record.task === id);
  const concerned = (id: string) => flagged(site).filter((name) => name.startsWith(`${id} `));
  expect(concerned(task!)).toHaveLength(runsOf(task!).length);
  expect(new Set(concerned(other!))).toEqual(new Set([`${other} openai/${first?.name}`]));
  expect(site.tasks.find(({ id }) => id === other)?.contamination).toMatchObject([
    { level: "strong", method: "13-gram overlap", date: "2026-11-01", evidence: "https://example.org/report" },
  ]);
});

test("a flag changes no rank", async () => {
  const ranks = (site: SiteData) => [...site.columns.values()].map((column) => column.cells.map((cell) => cell.rank));
  const task = smallWorld.tasks[0]!.id;
  writeFileSync(join(results, "contamination.yaml"), "flags: []\n");
  const store = new DataStore(join(scratch("contamination-none"), "d"));
  const without = await makeSiteData(readResults(results), readSiteFiles(results), { store, generator: "test" });
  expect(flagged(without)).toEqual([]);
  expect(without.tasks.map(({ contamination }) => contamination)).toEqual([[], []]);
  expect(ranks(await siteWith(`task: ${task}, level: strong, ${found}`))).toEqual(ranks(without));
});

test("a flag of a task or model that isn't there, or without evidence, stops the build", async () => {
  const task = smallWorld.tasks[0]!.id;
  await expect(siteWith(`task: ${task}x, level: weak, ${found}`)).rejects.toMatchObject({
    code: "CONTAMINATION_UNKNOWN",
    fix: `Did you mean ${task}?`,
  });
  await expect(siteWith(`task: ${task}, models: [nobody], level: weak, ${found}`)).rejects.toThrow(/model nobody/);
  await expect(siteWith(`task: ${task}, level: weak, method: guess, date: "2026-11-01"`)).rejects.toMatchObject({
    problems: [{ what: expect.stringContaining("evidence") }],
  });
});
