import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { readResults } from "../data/read-results.ts";
import { makeSiteData } from "../data/site-data.ts";
import { readSiteFiles } from "../data/site-files.ts";
import { DataStore } from "../data/store.ts";
import { makeResults, smallWorld } from "../testing/make-results.ts";
import { scratch } from "../testing/scratch.ts";
import { publishSite } from "./publish-site.ts";

const results = scratch("registry");
const target = join(scratch("registry-public"), "site");
const hub = { endpoint: "http://127.0.0.1:9", token: null };

/** A site without pages: what is published is decided by its data files. */
async function siteOf(): Promise<string> {
  const out = scratch("registry-out");
  const store = new DataStore(out);
  await makeSiteData(readResults(results), readSiteFiles(results), { store, generator: "test" });
  store.close(store.manifest("test"));
  writeFileSync(join(out, "index.html"), "<!doctype html><title>x</title>");
  return out;
}

const publish = async () => publishSite({ out: await siteOf(), to: "dir", target, hub });

beforeAll(async () => {
  await makeResults(results, { ...smallWorld, tasks: smallWorld.tasks.slice(2), shots: [0] });
  await publish();
});

test("a result that was published is not taken back without a reason", async () => {
  const [run = ""] = readdirSync(join(results, "runs"));
  rmSync(join(results, "runs", run), { recursive: true });
  await expect(publish()).rejects.toMatchObject({
    code: "PUBLISH_UNEXPLAINED",
    details: { changes: [`${run} was published and is gone`] },
  });
  const change = `{ date: 2026-04-01, kind: removed, run: ${run}, what: ${run}, reason: wrong endpoint }`;
  writeFileSync(join(results, "changes.yaml"), `changes:\n  - ${change}\n`);
  await publish();
  expect(readFileSync(join(target, "d/manifest.json"), "utf8")).not.toContain(`runs/${run}.json`);
});

test("a result that stays as it was needs no reason", async () => {
  expect((await publish()).removed).toBe(0);
});
