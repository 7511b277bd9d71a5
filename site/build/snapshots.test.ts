import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { sha256 } from "@assay/harness/record";
import { beforeAll, describe, expect, test } from "vitest";
import { type Manifest, manifestSchema } from "../data/manifest-schemas.ts";
import { readResults } from "../data/read-results.ts";
import { makeSiteData } from "../data/site-data.ts";
import { readSiteFiles } from "../data/site-files.ts";
import { DataStore } from "../data/store.ts";
import { makeResults, smallWorld } from "../testing/make-results.ts";
import { scratch } from "../testing/scratch.ts";
import { checkSite } from "./check-site.ts";
import { previousSite } from "./read-site.ts";
import { serveSite } from "./serve-site.ts";

const results = scratch("snapshots");
const world = { ...smallWorld, tasks: smallWorld.tasks.slice(2), shots: [0] };
const home = '<!doctype html><title>x</title><a class="name" href="/">x</a>';

/** A site of its data files and a bare home page: the chain is in the former. */
async function build(out: string, previous?: string): Promise<Manifest> {
  const draft = scratch("draft");
  const store = new DataStore(draft);
  const from = previousSite(previous, out);
  await makeSiteData(readResults(results), readSiteFiles(results), { store, generator: "test", previous: from });
  store.close(store.manifest("test"));
  writeFileSync(join(draft, "index.html"), home);
  const { renameSync } = await import("node:fs");
  rmSync(out, { recursive: true, force: true });
  renameSync(draft, out);
  return manifestOf(out);
}

const bytesOf = (out: string) => readFileSync(join(out, "d/manifest.json"));
const manifestOf = (out: string) => manifestSchema.parse(JSON.parse(bytesOf(out).toString("utf8")));
const fileOf = (out: string, name: string) =>
  join(out, manifestOf(out).files.find((file) => file.name === name)?.path ?? "none");

/** Builds three states of the same results, one over the other. */
const states: Manifest[] = [];
const hashes: string[] = [];
const out = join(scratch("snapshots-out"), "site");
beforeAll(async () => {
  for (const models of [2, 3, 4]) {
    await makeResults(results, { ...world, models: world.models.slice(0, models) });
    states.push(await build(out));
    hashes.push(sha256(bytesOf(out)));
  }
});

describe("a site built over another", () => {
  test("names the manifest that it follows by its hash, and every one before it", () => {
    expect(states.map((state) => state.previous)).toEqual([null, hashes[0], hashes[1]]);
    const list = JSON.parse(readFileSync(fileOf(out, "snapshots.json"), "utf8"));
    expect(list).toMatchObject([
      { snapshot: states[0]?.snapshot, manifest: hashes[0], runs: 2 },
      { snapshot: states[1]?.snapshot, manifest: hashes[1], runs: 3 },
    ]);
  });

  test("keeps the scores of every state", () => {
    const first = states[0]?.files.find((file) => file.name === "scores.csv");
    expect(sha256(readFileSync(fileOf(out, "snapshots/0001.scores.csv")))).toBe(first?.sha256);
    expect(readFileSync(fileOf(out, "scores.csv"), "utf8").split("\n")).toHaveLength(1 + 4 + 1);
  });

  test("passes the check, and keeps its bytes when built again from the same records", async () => {
    expect(await checkSite(out)).toEqual([]);
    await build(out);
    expect(sha256(bytesOf(out))).toBe(hashes[2]);
  });

  test("can begin anew", async () => {
    const fresh = join(scratch("snapshots-fresh"), "site");
    expect((await build(fresh, "none")).previous).toBeNull();
    expect((await build(fresh)).snapshot).toBe(states[2]?.snapshot);
  });
});

test("a site can follow and be checked where it is published", async () => {
  const served = await serveSite({ out });
  expect(await checkSite(served.url)).toEqual([]);
  const elsewhere = join(scratch("snapshots-elsewhere"), "site");
  await build(elsewhere, served.url);
  expect(sha256(bytesOf(elsewhere))).toBe(hashes[2]);
  await served.close();
  await expect(checkSite(served.url)).rejects.toMatchObject({ code: "SITE_UNREACHABLE" });
  const named = build(join(scratch("snapshots-none"), "site"), scratch("snapshots-empty"));
  await expect(named).rejects.toMatchObject({ code: "SITE_ABSENT" });
});

describe("the check finds", () => {
  const tampered = async (change: (copy: string) => void) => {
    const copy = join(scratch("snapshots-tampered"), "site");
    await build(copy, out);
    change(copy);
    return checkSite(copy);
  };
  const writeManifest = (copy: string, change: (manifest: Manifest) => void) => {
    const manifest = manifestOf(copy);
    change(manifest);
    writeFileSync(join(copy, "d/manifest.json"), JSON.stringify(manifest));
  };

  test("a chain that was cut", async () => {
    const problems = await tampered((copy) =>
      writeManifest(copy, (manifest) => {
        manifest.previous = null;
      }),
    );
    expect(problems).toEqual([`the manifest follows nothing, the last earlier snapshot is ${hashes[1]}`]);
  });

  test("a past that was rewritten", async () => {
    const problems = await tampered((copy) => {
      const [name, path] = ["snapshots/0001.manifest.bin", fileOf(copy, "snapshots/0001.manifest.bin")];
      const packed = gzipSync(JSON.stringify({ ...states[0], files: [] }));
      writeFileSync(path, packed);
      writeManifest(copy, (manifest) => {
        Object.assign(manifest.files.find((file) => file.name === name) ?? {}, { sha256: sha256(packed) });
      });
    });
    expect(problems).toEqual([`earlier snapshot ${states[0]?.snapshot}: its manifest differs from its hash`]);
  });

  test("a file that was taken out of the manifest", async () => {
    const problems = await tampered((copy) =>
      writeManifest(copy, (manifest) => {
        manifest.files = manifest.files.filter((file) => file.name !== "models.json");
      }),
    );
    expect(problems).toEqual([expect.stringMatching(/calls itself snapshot \w+, but its files make \w+/)]);
  });
});

test("a site whose predecessor is damaged isn't built as if it had none", async () => {
  const copy = join(scratch("snapshots-damaged"), "site");
  await build(copy, out);
  writeFileSync(fileOf(copy, "snapshots/0001.scores.csv"), "run\r\n");
  await expect(build(copy)).rejects.toMatchObject({ code: "SITE_PREVIOUS" });
});
