import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunRecord } from "@assay/harness/contracts";
import { hashSetup, runIdOf } from "@assay/harness/record";
import { describe, expect, test } from "vitest";
import { type MadeWorld, makeResults, smallWorld } from "../testing/make-results.ts";
import { scratch } from "../testing/scratch.ts";
import { frontierOf } from "./frontier.ts";
import { readResults } from "./read-results.ts";
import { makeSiteData, type SiteData } from "./site-data.ts";
import { readSiteFiles } from "./site-files.ts";
import { DataStore } from "./store.ts";

async function siteOf(results: string): Promise<SiteData> {
  const files = readSiteFiles(results);
  const store = new DataStore(
    join(results, "data"),
    files.site.samples.storage === "external" ? join(results, "elsewhere") : null,
  );
  return makeSiteData(readResults(results), files, { store, generator: "test" });
}

const world: MadeWorld = { ...smallWorld, shots: [0] };

async function made(changed: Partial<MadeWorld> = {}): Promise<string> {
  const results = scratch("boards");
  await makeResults(results, { ...world, ...changed });
  return results;
}

function takeAway(results: string, part: string, model: string): void {
  const [name = ""] = readdirSync(join(results, "runs")).filter((run) => run.includes(part) && run.includes(model));
  mkdirSync(join(results, "away"), { recursive: true });
  renameSync(join(results, "runs", name), join(results, "away", name));
}

describe("a board", () => {
  test("gives a mean over the tasks that all have, beside the mean over all, where a model lacks one", async () => {
    const results = await made();
    takeAway(results, "recipes", "granule-3b");
    const [board] = (await siteOf(results)).boards;
    expect(board?.common?.map((place) => board.columns[place]?.task)).toEqual(["planets", "timetables"]);
    const lacking = board?.rows.find((row) => row.model.includes("granule-3b"));
    expect(lacking?.mean).toBeNull();
    expect(lacking?.common?.tasks).toBe(2);
    expect(lacking?.common?.rank).toEqual({ low: 6, high: 6 });
    for (const row of board?.rows ?? []) {
      const [planets, , timetables] = row.cells.map((cell) => cell.value ?? 0);
      expect(row.common?.value).toBeCloseTo(((planets ?? 0) + (timetables ?? 0)) / 2, 12);
    }
  });

  test("needs no such mean where every model has every task", async () => {
    const [board] = (await siteOf(await made())).boards;
    expect(board?.common).toBeNull();
    expect(board?.rows.every((row) => row.mean !== null && row.common === null)).toBe(true);
  });

  test("leaves saturated tasks out of its mean and ranks, unless boards.yaml asks for them", async () => {
    const results = await made({ card: { labelErrors: { rate: 0.08, source: "made up" } } });
    takeAway(results, "timetables", "granule-3b");
    const [board] = (await siteOf(results)).boards;
    expect(board?.averaged.map((place) => board.columns[place]?.task)).toEqual(["planets", "recipes"]);
    expect(board?.columns).toHaveLength(3);
    for (const row of board?.rows ?? []) {
      const [planets, recipes] = row.cells.map((cell) => cell.value ?? 0);
      expect(row.mean?.value).toBeCloseTo(((planets ?? 0) + (recipes ?? 0)) / 2, 12);
      expect(row.mean?.rank).not.toBeNull();
    }
    const tasks = "[{ task: planets }, { task: recipes }, { task: timetables }]";
    writeFileSync(
      join(results, "boards.yaml"),
      `boards:\n  - { id: main, title: Main, tasks: ${tasks}, aggregate: mean }\n`,
    );
    const [declared] = (await siteOf(results)).boards;
    expect(declared?.averaged).toEqual([0, 1, 2]);
    expect(declared?.rows.map((row) => row.mean?.tasks ?? null)).toEqual([3, 3, 3, 3, 3, null]);
  });

  test("knows how many neighbours are nearer to each other than what could be told apart", async () => {
    for (const { cells, detectable, undecided } of (await siteOf(await made())).columns.values()) {
      const values = cells.map(({ value }) => value ?? Number.NaN);
      const near = values.filter((value, place) => place > 0 && (values[place - 1] ?? 0) - value < (detectable ?? 0));
      expect(undecided).toBe(near.length);
      expect(undecided).toBeGreaterThan(0);
    }
  });

  test("has no mean where saturation leaves fewer than two tasks", async () => {
    const [board] = (await siteOf(await made({ card: { labelErrors: { rate: 0.9, source: "made up" } } }))).boards;
    expect(board).toMatchObject({ aggregate: "none", averaged: [] });
    expect(board?.rows.every((row) => row.mean === null)).toBe(true);
  });

  test("shows the tasks, setups and models that boards.yaml declares", async () => {
    const results = await made({ shots: [0, 5] });
    const { setups } = await siteOf(results);
    const five = setups.find((setup) => setup.task === "planets" && setup.overrides.length > 0)?.hash ?? "";
    const file = [
      "boards:",
      `  - { id: five, title: Five shots, tasks: [{ task: planets, setup: ${five.slice(0, 12)} }] }`,
      "  - { id: small, title: Small, tasks: [{ task: recipes }], models: [openai/acme/atlas-8b, openai/quarry/granule-3b] }",
    ];
    writeFileSync(join(results, "boards.yaml"), file.join("\n"));
    const { boards } = await siteOf(results);
    expect(
      boards.map((board) => [board.id, board.columns.map((column) => column.overrides.join()), board.rows.length]),
    ).toEqual([
      ["five", ["shots.count=5"], 6],
      ["small", [""], 2],
    ]);
  });
});

test("of several runs of a model in one setup the earliest is shown, not the best, and how many there are", async () => {
  const results = await made({ tasks: world.tasks.slice(2), models: world.models.slice(0, 1) });
  const [name = ""] = readdirSync(join(results, "runs"));
  const from = join(results, "runs", name);
  const original = JSON.parse(readFileSync(join(from, "run.json"), "utf8")) as RunRecord;
  const sampled = (seed: number, startedAt: string) => {
    const { comparabilityHash, identityHash, ...setup } = structuredClone(original.setup);
    Object.assign(setup.protocol.generate, { temperature: 0.7, seed });
    const hashed = hashSetup(setup);
    const record = { ...original, setup: hashed, runId: runIdOf(hashed), startedAt };
    const folder = join(results, "runs", record.runId);
    cpSync(from, folder, { recursive: true });
    writeFileSync(join(folder, "run.json"), JSON.stringify(record));
    return record.runId;
  };
  sampled(1, "2026-03-09T09:00:00.000Z");
  const earliest = sampled(2, "2026-03-01T09:00:00.000Z");
  sampled(3, "2026-03-05T09:00:00.000Z");
  rmSync(from, { recursive: true });
  const [board] = (await siteOf(results)).boards;
  expect(board?.rows).toHaveLength(1);
  const value = original.scores[0]?.value;
  expect(board?.rows[0]?.cells[0]).toMatchObject({
    run: earliest,
    value,
    variants: { runs: 3, best: value, median: value },
  });
});

describe("samples", () => {
  test("of a data set that allows no texts are hashed, and still compared", async () => {
    const results = await made({
      card: { publishSamples: "hashed", canary: "canary GUID 7" },
      change: (sample) => ({ ...sample, cluster: `A passage on cobalt, ${sample.row % 30}` }),
    });
    const { runs, store } = await siteOf(results);
    const [entry] = runs.values();
    const index = JSON.parse(readFileSync(join(results, "data", entry?.samples.index ?? ""), "utf8"));
    expect(index.policy).toBe("hashed");
    expect(index.values).toHaveLength(240);
    expect(index.clusters[31]).toBe(index.clusters[1]);
    expect(index.clusters.join()).not.toContain("cobalt");
    expect([index.licence, index.canary]).toEqual(["CC0-1.0", "canary GUID 7"]);
    const { gunzipSync } = await import("node:zlib");
    const texts = store
      .manifest("test")
      .files.filter((file) => file.role === "samples")
      .map((file) => gunzipSync(readFileSync(join(results, "data", file.path))).toString("utf8"))
      .join("");
    expect(texts).not.toMatch(/which stone|is named first|cobalt/);
    expect(texts).toMatch(/sha256:[0-9a-f]{64}/);
    // 240, 150 and 60 prompts: the mark stands beside each.
    expect(texts.match(/"canary":"canary GUID 7"/g)).toHaveLength(450);
  });

  test("of a data set that allows nothing are left out", async () => {
    const results = await made({ card: { publishSamples: "none" } });
    const { runs, store } = await siteOf(results);
    expect([...runs.values()].map((entry) => entry.samples.index)).toEqual(Array.from({ length: 18 }, () => null));
    expect(store.manifest("test").files.some((file) => file.role === "samples")).toBe(false);
    expect([...runs.values()].every((entry) => entry.samples.scores !== null)).toBe(true);
  });

  test("can be stored elsewhere, or withheld with the reason", async () => {
    const results = await made();
    writeFileSync(join(results, "site.yaml"), "samples: { storage: external, baseUrl: https://samples.example/x }\n");
    const external = await siteOf(results);
    const shards = external.store.manifest("test").files.filter((file) => file.role === "samples");
    expect(shards.every((file) => file.external)).toBe(true);
    for (const shard of shards) readFileSync(join(results, "elsewhere", shard.path));
    writeFileSync(join(results, "site.yaml"), "samples: { storage: withheld, reason: under review }\n");
    const withheld = await siteOf(results);
    expect(withheld.info.samples).toEqual({ storage: "withheld", baseUrl: null, reason: "under review" });
    expect([...withheld.runs.values()].every((entry) => entry.samples.index === null)).toBe(true);
  });
});

test("the frontier keeps what nothing beats in both", () => {
  const points = [
    { x: 1, y: 50 },
    { x: 2, y: 40 },
    { x: 3, y: 70 },
    { x: 3, y: 60 },
    { x: 3, y: 70 },
  ];
  expect([...frontierOf(points)]).toEqual([0, 2, 4]);
});
