import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addUp } from "../run/testing/chat-server.ts";
import { scratch } from "../run/testing/toy-task.ts";
import { bundledTasks, resolve } from "../task/index.ts";
import { withK } from "./references.ts";
import { assay, serve, setting } from "./testing/command.ts";

test("a command line that can't be read gives strict JSON too, and exit code 2", async () => {
  for (const command of [["run", "toy", "--modle", "x"], ["rnu"], ["run"]]) {
    const { code, out, err } = await assay(...command, "--json");
    expect(code).toBe(2);
    const [error] = JSON.parse(out).errors;
    expect(error).toMatchObject({ code: "COMMAND_INVALID", what: expect.not.stringContaining("\n") });
    expect(err).toMatch(/^error: /);
    expect(err).toContain("`assay <command> --help` says what one takes");
  }
});

test("schemas that can't be written are no fault of Assay", async () => {
  const file = join(scratch("schemas"), "file");
  writeFileSync(file, "");
  const { code, err } = await assay("schema", file);
  expect(code).toBe(2);
  expect(err).toContain("OUT_UNWRITABLE");
});

test("a task or model that is named twice is one run", async () => {
  const server = await serve(addUp);
  const { flags } = setting(3);
  const models = ["--model", "openai/a", "--model", "openai/a", "--base-url", server.url];
  const { out } = await assay("run", "toy", "toy@chat", ...models, ...flags);
  expect(JSON.parse(out).runs).toHaveLength(1);
  expect(server.bodies).toHaveLength(3);
});

test("a dry run names each run once, counts in words that agree, and speaks of no answers where none are written", async () => {
  const { flags, tasks, results } = setting(1);
  const models = ["--model", "openai/a", "--model", "openai/a", "--base-url", "http://127.0.0.1:9"];
  const { out } = await assay("run", "toy", "toy@chat", ...models, ...flags, "--dry-run");
  expect(JSON.parse(out).plans).toHaveLength(1);
  const asked = ["--base-url", "http://127.0.0.1:9", "--tasks", tasks, "--results", results, "--no-cache", "--dry-run"];
  const chat = await assay("run", "toy", "--model", "openai/a", ...asked);
  expect(chat.out).toContain("1 item: 1 request to make, 0 samples cached, 0 finished already");
  expect(chat.out).toMatch(/tokens in, at most 50 out \(4 characters a token; output at its limit\)/);
  const likelihood = await assay("run", "toy@letters", "--model", "completions/a", ...asked);
  expect(likelihood.out).toMatch(/about \d+ tokens in \(4 characters a token\)/);
});

test("a replayed file that answers nothing of a task is refused before the run; what it lacks is said", async () => {
  const { flags, results } = setting(3);
  const file = join(scratch("answers"), "answers.jsonl");
  const replay = (...items: string[]) => {
    writeFileSync(file, items.map((item) => `${JSON.stringify({ item, response: "The answer is 3." })}\n`).join(""));
    return assay("run", "toy", "--model", `replay/${file}`, ...flags);
  };
  const none = await replay("gsm8k/0", "x");
  expect(none.code).toBe(2);
  expect(JSON.parse(none.out).errors).toMatchObject([
    { code: "REPLAY_MATCHES_NOTHING", fix: expect.stringContaining('{"item": "test/0"') },
  ]);
  expect(existsSync(join(results, "runs"))).toBe(false);
  const likelihoods = await assay("run", "toy@letters", "--model", `replay/${file}`, ...flags);
  expect(JSON.parse(likelihoods.out).errors).toMatchObject([
    { code: "CAPABILITY_MISSING", fix: expect.stringContaining("a file with log-probabilities") },
  ]);
  const some = await replay("test/0", "gsm8k/0");
  expect(some.err).toContain("! answers.jsonl has responses to 1 of the 3 samples of toy");
  expect(JSON.parse(some.out).runs).toMatchObject([{ counts: { errored: 2 } }]);
});

test("an export that can't be written is no fault of Assay", async () => {
  const { flags, results } = setting(2);
  const { out } = await assay("run", "toy", "--model", "baseline/first", ...flags);
  const file = join(scratch("exports"), "file");
  writeFileSync(file, "");
  const named = [JSON.parse(out).runs[0].runId, "--results", results, "--format", "csv", "--out", join(file, "a")];
  const { code, err } = await assay("export", ...named);
  expect(code).toBe(2);
  expect(err).toContain("OUT_UNWRITABLE");
});

test("the k of the score that leads stays among those asked for", () => {
  const resolved = resolve("starter-code", { roots: [bundledTasks] });
  const asked = { ...resolved, protocol: { ...resolved.protocol, epochs: 5 } };
  expect(withK(asked, [5], "starter-code").protocol.metrics).toMatchObject([{ metric: "pass", k: [1, 5] }]);
  expect(withK(asked, [2, 1], "starter-code").protocol.metrics).toMatchObject([{ metric: "pass", k: [2, 1] }]);
});

test("a gate is said to be reached or not, in the score's own unit", async () => {
  const { flags } = setting(4);
  const gated = (gate: string) => assay("run", "toy", "--model", "baseline/majority", "--gate", gate, ...flags);
  const low = await gated("0");
  expect(low).toMatchObject({ code: 0, err: expect.stringContaining("✓ gate 0: toy@chat baseline/majority has") });
  const high = await gated("50");
  expect(high.code).toBe(1);
  expect(high.err).toMatch(/✗ gate 50 \(0\.5 stands for 50 %\): toy@chat baseline\/majority has exact_match 0/);
});

test("what a flag made wrong is said of the flag, not of a line of the file", async () => {
  const { flags } = setting(2);
  const { code, out } = await assay(
    "run",
    "toy",
    "--model",
    "baseline/first",
    "--set",
    "generate.temprature=1",
    ...flags,
  );
  expect(code).toBe(2);
  expect(JSON.parse(out).errors).toMatchObject([
    {
      what: "--set generate.temprature=1: generate.temprature: there is no such key.",
      fix: 'Did you mean "temperature"?',
    },
  ]);
});

test("a folder without anything to import is said to be so", async () => {
  const { code, out, err } = await assay("import", scratch("nothing"), "--results", scratch("results"));
  expect(code).toBe(2);
  expect(err).toContain("holds nothing to import. [IMPORT_NOTHING]");
  expect(out).toBe("");
});

test("an item that isn't there is answered with an id that is", async () => {
  const { tasks } = setting(2);
  const { code, err } = await assay("show", "toy", "--item", "9", "--tasks", tasks);
  expect(code).toBe(2);
  expect(err).toContain('their ids look like "test/0"');
  const named = await assay("show", "starter-choice", "--item", "nope");
  expect(named.err).toMatch(/their ids look like "test\/[a-z-]+-1"/);
});

test("a site that can't be written or served is no fault of Assay", async () => {
  const { flags, results } = setting(1);
  await assay("run", "toy", "--model", "baseline/first", ...flags);
  const file = join(scratch("sites"), "file");
  writeFileSync(file, "");
  for (const out of [file, join(file, "site"), "/proc/assay/site"]) {
    const { code, err } = await assay("site", "build", "--results", results, "--out", out);
    expect(code).toBe(2);
    expect(err).toContain("OUT_UNWRITABLE");
  }
  const nowhere = await assay("site", "publish");
  expect(nowhere.err).toContain("No destination is named.");
  const site = join(scratch("sites"), "site");
  const taken = await assay("site", "dev", "--results", results, "--out", site, "--port", "70000");
  expect(taken).toMatchObject({ code: 2, err: expect.stringContaining("PORT_UNUSABLE") });
});
