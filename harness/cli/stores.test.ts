import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { commit, startLocalHub } from "../data/testing/local-hub.ts";
import { addUp } from "../run/testing/chat-server.ts";
import { scratch } from "../run/testing/toy-task.ts";
import { assay, serve, setting } from "./testing/command.ts";

/** Sets variables of the environment until the test ends. */
function setEnvironment(values: Record<string, string>): void {
  for (const [name, value] of Object.entries(values)) {
    const before = process.env[name];
    process.env[name] = value;
    onTestFinished(() => {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    });
  }
}

test("data pull fetches every split, data ls lists it, and offline it is used or named with the command that fetches it", async () => {
  const { tasks, flags } = setting(4);
  const folder = join(tasks, "toy");
  const files = Object.fromEntries(
    ["train.jsonl", "test.jsonl"].map((name) => [name, readFileSync(join(folder, name))]),
  );
  const hub = await startLocalHub({ files });
  setEnvironment({ HF_ENDPOINT: hub.endpoint, HF_HOME: scratch("hub") });
  const local = "  path: { test: test.jsonl, train: train.jsonl }";
  const onHub = `  repo: owner/set\n  revision: ${commit}\n  splits: { test: test.jsonl, train: train.jsonl }`;
  const task = readFileSync(join(folder, "task.yaml"), "utf8").replace(local, onHub);
  writeFileSync(join(folder, "task.yaml"), task);

  setEnvironment({ HF_HUB_OFFLINE: "1" });
  const missing = await assay("run", "toy", "--model", "baseline/first", ...flags);
  expect(missing.code).toBe(2);
  expect(missing.err).toContain("assay data pull toy");
  delete process.env.HF_HUB_OFFLINE;

  const pulled = await assay("data", "pull", "toy", "--tasks", tasks, "--json");
  expect(JSON.parse(pulled.out).pulled[0]).toMatchObject({ task: "toy", repo: "owner/set", revision: commit });
  expect(JSON.parse(pulled.out).pulled[0].files).toHaveLength(2);
  const listed = await assay("data", "ls", "--json");
  expect(JSON.parse(listed.out).data).toMatchObject([{ repo: "owner/set", revision: commit }]);
  expect((await assay("data", "ls")).out).toMatch(/owner\/set +[0-9a-f]{12} +2 /);

  process.env.HF_HUB_OFFLINE = "1";
  expect((await assay("run", "toy", "--model", "baseline/first", ...flags)).code).toBe(0);
});

test("cache ls shows what is kept for each model, and prune takes away what it is told", async () => {
  setEnvironment({ XDG_CACHE_HOME: scratch("xdg") });
  const server = await serve(addUp);
  const { flags } = setting(5);
  const cached = flags.filter((flag) => flag !== "--no-cache");
  await assay("run", "toy", "--model", "openai/a", "--model", "openai/b", "--base-url", server.url, ...cached);
  const models = async () => JSON.parse((await assay("cache", "ls", "--json")).out).models;
  expect(await models()).toMatchObject([
    { model: "openai/a", responses: 5 },
    { model: "openai/b", responses: 5 },
  ]);
  expect((await assay("cache", "ls")).out).toMatch(/openai\/a +5 +0\.0/);
  expect(await assay("cache", "prune")).toMatchObject({ code: 2, err: expect.stringContaining("--older-than") });
  expect(JSON.parse((await assay("cache", "prune", "--older-than", "1", "--json")).out)).toEqual({ removed: 0 });
  expect(JSON.parse((await assay("cache", "prune", "--model", "openai/a", "--json")).out)).toEqual({ removed: 5 });
  expect(await models()).toMatchObject([{ model: "openai/b", responses: 5 }]);
  expect(JSON.parse((await assay("cache", "prune", "--all", "--json")).out)).toEqual({ removed: 5 });
  expect(await models()).toEqual([]);
});
