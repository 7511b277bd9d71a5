import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { ModelResponse } from "../contracts/index.ts";
import { scratch } from "../run/testing/toy-task.ts";
import { defaultCachePath, openCache } from "./cache.ts";
import { responseOf } from "./response.ts";

const newPath = () => join(scratch("cache"), "deep", "responses.sqlite");
const response = (text: string): ModelResponse => responseOf({ text, latency: { firstByteMs: 1, totalMs: 2 } });

test("gives back what was put, marked as cached, also awkward text and after opening again", () => {
  const path = newPath();
  const cache = openCache(path);
  expect(cache.get("k")).toBeUndefined();
  cache.put("k", "openai/m", response("NUL \u0000 lone \ud800 🗻"));
  expect(cache.has("k")).toBe(true);
  cache.close();
  const again = openCache(path);
  again.put("long", "openai/m", response("é".repeat(100_000)));
  again.list();
  expect(again.get("long")?.text).toBe("é".repeat(100_000));
  expect(again.get("k")).toEqual({ ...response("NUL \u0000 lone \ud800 🗻"), cached: true });
  again.close();
});

test("lists by model, and prunes by model, by age or all of it", () => {
  const cache = openCache(newPath());
  cache.put("a", "openai/m", response("1"));
  cache.put("b", "openai/m", response("2"));
  cache.put("c", "openai/n", response("3"));
  expect(cache.list()).toMatchObject([
    { model: "openai/m", responses: 2 },
    { model: "openai/n", responses: 1 },
  ]);
  expect(cache.prune({ olderThanDays: 1 })).toBe(0);
  expect(cache.prune({ model: "openai/n" })).toBe(1);
  expect(cache.prune({})).toBe(2);
  expect(cache.list()).toEqual([]);
});

test("two processes write and read one cache at the same time, and nothing is lost", async () => {
  const path = newPath();
  const module = fileURLToPath(new URL("./cache.ts", import.meta.url));
  const writer = (name: string) =>
    new Promise((resolve) => {
      const script = `
        import { openCache } from ${JSON.stringify(module)};
        const cache = openCache(${JSON.stringify(path)});
        for (let count = 0; count < 300; count += 1) {
          cache.put("${name}" + count, "openai/${name}", { text: "x".repeat(500) + count });
          if (cache.get("${name}" + count).text !== "x".repeat(500) + count) process.exit(3);
        }
        cache.close();`;
      spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "inherit" }).once("close", resolve);
    });
  expect(await Promise.all([writer("a"), writer("b")])).toEqual([0, 0]);
  const cache = openCache(path);
  expect(cache.list().map(({ responses }) => responses)).toEqual([300, 300]);
});

test("a cache that another process is just making is waited for", async () => {
  const path = newPath();
  mkdirSync(dirname(path), { recursive: true });
  const script = `
    import { DatabaseSync } from "node:sqlite";
    const database = new DatabaseSync(${JSON.stringify(path)});
    database.exec("BEGIN IMMEDIATE; CREATE TABLE other (a)");
    console.log("held");
    setTimeout(() => { database.exec("COMMIT"); database.close(); }, 300);`;
  const maker = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise((resolve) => maker.stdout.once("data", resolve));
  const cache = openCache(path);
  cache.put("k", "openai/m", response("kept"));
  expect(cache.get("k")).toMatchObject({ text: "kept" });
  cache.close();
});

test("a response is there for others soon after it was put, also while the cache stays open", async () => {
  const path = newPath();
  const [one, other] = [openCache(path), openCache(path)];
  one.put("k", "openai/m", response("1"));
  expect(one.get("k")?.text).toBe("1");
  while (!other.has("k")) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(other.get("k")?.text).toBe("1");
  one.close();
  other.close();
});

test("a write that fails is told by the next put, and what was kept before stays", () => {
  const path = newPath();
  const cache = openCache(path);
  cache.put("a", "openai/m", response("1"));
  cache.list();
  const full = new DatabaseSync(path);
  full.exec("CREATE TRIGGER full BEFORE INSERT ON responses BEGIN SELECT RAISE(ABORT, 'disk is full'); END");
  cache.put("b", "openai/m", response("2"));
  cache.list();
  expect(() => cache.put("c", "openai/m", response("3"))).toThrow("disk is full");
  expect(cache.get("a")?.text).toBe("1");
  expect(cache.get("b")).toBeUndefined();
  cache.close();
  full.close();
});

test("a file that is no cache is named, with what to do", () => {
  const path = join(scratch("cache"), "responses.sqlite");
  writeFileSync(path, "not a database, but long enough to look like one".repeat(30));
  expect(() => openCache(path)).toThrow(
    expect.objectContaining({ code: "CACHE_UNUSABLE", fix: expect.stringContaining("--no-cache") }),
  );
});

test("stands where the user's caches are", () => {
  expect(defaultCachePath({ XDG_CACHE_HOME: "/c" })).toBe("/c/assay/responses.sqlite");
});

test("one that is damaged after it was opened is named too", () => {
  const path = newPath();
  const cache = openCache(path);
  const other = new DatabaseSync(path);
  other.exec("DROP TABLE responses");
  other.close();
  expect(() => cache.list()).toThrow(expect.objectContaining({ code: "CACHE_UNUSABLE" }));
  expect(() => cache.prune({})).toThrow(expect.objectContaining({ code: "CACHE_UNUSABLE" }));
  cache.close();
});
