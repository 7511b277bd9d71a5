import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startLocalHub } from "../data/testing/local-hub.ts";
import { temporaryFolder } from "../data/testing/temporary-folder.ts";
import { main } from "./main.ts";
import { Terminal } from "./terminal.ts";

const folder = fileURLToPath(new URL("../task/lm-eval/fixtures", import.meta.url));
const before = { ...process.env };

const lines = (rows: object[]) => Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
const colour = (question: string, place: string, answer: string) => ({ question, place, answer });
const files = {
  "test.jsonl": lines([
    colour("At noon? ", "Sky", "blue"),
    colour("At dusk?", "Sky", "red"),
    colour("Grass?", "Earth", "green"),
    colour("Clay?", "Earth", "red"),
    colour("Rust?", "Earth", "red"),
  ]),
  "train.jsonl": lines([colour("Leaf?", "Earth", "green"), colour("Sun at six?", "Sky", "red")]),
  "words.jsonl": lines([{ word: "house", plural: "houses" }]),
};

beforeEach(async () => {
  process.env.HF_ENDPOINT = (await startLocalHub({ files })).endpoint;
  process.env.HF_HOME = temporaryFolder();
});
afterEach(() => {
  process.env.HF_ENDPOINT = before.HF_ENDPOINT;
  process.env.HF_HOME = before.HF_HOME;
});

async function assay(...argv: string[]) {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const env = { ...process.env, NO_COLOR: "1" };
  const code = await main(argv, new Terminal(out, err as unknown as NodeJS.WriteStream, env));
  return { code, out: String(out.read() ?? ""), err: String(err.read() ?? "") };
}

test("a task of the folder is shown as lm-eval would ask it: filtered rows, filtered shots", async () => {
  const { out, code } = await assay("show", "lm-eval:colours_sky", "--lm-eval-tasks", folder, "--item", "0", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    item: "test/0",
    request: {
      prompt: "Name the colour of the Sky.\n\nSun at six?\nAnswer: red\n\nAt noon?\nAnswer:",
      continuations: [" red", " green", " blue"],
    },
    target: 2,
    shots: ["train/1"],
  });
});

test("a generating task has its written shots and its answer prefix", async () => {
  const { out } = await assay("show", "lm-eval:words_plural", "--lm-eval-tasks", folder, "--json");
  expect(JSON.parse(out)).toMatchObject({
    request: {
      prompt: "Word: cat\nPlural: cats\n\nWord: mouse\nPlural: mice\n\nhouse\nPlural:",
      stop: ["\n"],
      parameters: { maxTokens: 16, temperature: 0 },
    },
    target: "houses",
  });
});

test("a group runs its tasks and reports lm-eval's means over documents and over tasks, apart from our scores", async () => {
  const results = temporaryFolder();
  const flags = ["--lm-eval-tasks", folder, "--results", results, "--json"];
  const { out, code } = await assay("run", "lm-eval:places", "--model", "baseline/first", ...flags);
  expect(code).toBe(0);
  const json = JSON.parse(out);
  expect(json.runs.map((run: { task: string }) => run.task)).toEqual(["lm-eval.colours_sky", "lm-eval.colours_earth"]);
  expect(json.runs.map((run: { scores: { value: number }[] }) => run.scores[0]?.value)).toEqual([1 / 2, 2 / 3]);
  expect(json.lmEvalGroups).toEqual([
    expect.objectContaining({
      group: "places",
      metric: "acc",
      filter: "none",
      value: 3 / 5,
      n: 5,
      tasks: 2,
      mean: "documents",
    }),
    expect.objectContaining({ value: (1 / 2 + 2 / 3) / 2, mean: "tasks" }),
  ]);
  expect(json.lmEvalGroups[1].stderr).toBeCloseTo(Math.hypot(1 / 2, 1 / 3) / 2, 12);
});

test("the data of a task is fetched beforehand by its name", async () => {
  const { out, code } = await assay("data", "pull", "lm-eval:colours_sky", "--lm-eval-tasks", folder, "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out).pulled).toMatchObject([
    { repo: "owner/set", files: [{ path: "test.jsonl" }, { path: "train.jsonl" }] },
  ]);
});

test("without a folder, or with a task that can't be run faithfully, nothing is asked and the reason is told", async () => {
  const without = await assay("run", "lm-eval:places", "--model", "baseline/first");
  expect([without.code, without.err]).toEqual([2, expect.stringContaining("LM_EVAL_FOLDER_UNNAMED")]);
  const refused = await assay("run", "lm-eval:words_odd", "--lm-eval-tasks", folder, "--model", "baseline/first");
  expect(refused.code).toBe(2);
  expect(refused.err).toContain("LM_EVAL_TASK_REFUSED");
  expect(refused.err).toContain("doc_to_text helpers.ask");
});

test("the survey says how many run, and why each of the others doesn't", async () => {
  const { out } = await assay("tasks", "--lm-eval-tasks", folder);
  expect(out).toContain("5 tasks, 2 groups and 3 tags");
  expect(out).toContain("3 run (60.0 %)");
  expect(out).toContain("defined by a Python class");
  const { out: one } = await assay("tasks", "lm-eval:words_class", "--lm-eval-tasks", folder, "--json");
  expect(JSON.parse(one)).toMatchObject({ task: "words_class", runs: false });
  const json = JSON.parse((await assay("tasks", "--lm-eval-tasks", folder, "--json")).out);
  expect(json.refused).toHaveLength(2);
});

test("a task of one's own over files on this disk runs; one whose file isn't there, or is read otherwise, is refused", async () => {
  const own = temporaryFolder();
  writeFileSync(join(own, "rows.jsonl"), lines([{ word: "mouse", plural: "mice" }]));
  const task = (name: string, data: string) =>
    writeFileSync(
      join(own, `${name}.yaml`),
      `task: ${name}\n${data}\ntest_split: test\noutput_type: multiple_choice\ndoc_to_text: "{{word}}:"\ndoc_to_target: 0\ndoc_to_choice: "{{[plural, word]}}"\nmetric_list: [{metric: acc}]\n`,
    );
  const rows = join(own, "rows.jsonl");
  task("own", `dataset_path: json\ndataset_kwargs: {data_files: {test: ${rows}}}`);
  task("gone", `dataset_path: json\ndataset_kwargs: {data_files: {test: ${join(own, "gone.jsonl")}}}`);
  task("nested", `dataset_path: json\ndataset_kwargs: {field: data, data_files: {test: ${rows}}}`);
  const shown = await assay("show", "lm-eval:own", "--lm-eval-tasks", own, "--json");
  expect(JSON.parse(shown.out)).toMatchObject({
    item: "test/0",
    request: { prompt: "mouse:", continuations: [" mice", " mouse"] },
  });
  for (const refused of ["gone", "nested"])
    expect((await assay("show", `lm-eval:${refused}`, "--lm-eval-tasks", own)).err).toContain("LM_EVAL_TASK_REFUSED");
});
