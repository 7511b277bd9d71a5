import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeResults, smallWorld } from "../testing/make-results.ts";
import { scratch } from "../testing/scratch.ts";
import { buildSite } from "./build-site.ts";
import { checkSite } from "./check-site.ts";

/** Builds a site of two small tasks in two setups. @returns text of a page */
async function builtWith(publishSamples: "full" | "none"): Promise<{ out: string; page: (path: string) => string }> {
  const root = scratch("items");
  const world = {
    ...smallWorld,
    models: smallWorld.models.slice(0, 3),
    tasks: smallWorld.tasks.slice(2),
    card: { publishSamples },
  };
  await makeResults(join(root, "results"), world);
  const out = join(root, "site");
  await buildSite({ results: join(root, "results"), out });
  return { out, page: (path) => readFileSync(join(out, path, "index.html"), "utf8") };
}

test("items lead to their samples, and never carry their texts", async () => {
  const { out, page } = await builtWith("full");
  const items = page("tasks/timetables/items/");
  expect(items.match(/href="\/samples\/\?run=[^"]+&(amp;|#38;)item=test%2F\d+"/g)).toHaveLength(60);
  expect(items).not.toContain("which stone is named");
  const other = /href="(\/tasks\/timetables\/items\/[0-9a-f]{12}\/)"/.exec(items)?.[1] ?? "";
  expect(existsSync(join(out, other, "index.html"))).toBe(true);
  expect(await checkSite(out)).toEqual([]);
});

test("items of a data set whose samples may not be shown lead nowhere", async () => {
  const { out, page } = await builtWith("none");
  const items = page("tasks/timetables/items/");
  expect(items).toContain("test/0");
  expect(items).not.toContain("samples/?run=");
  expect(items).toContain("aren't shown here");
  expect(await checkSite(out)).toEqual([]);
});
