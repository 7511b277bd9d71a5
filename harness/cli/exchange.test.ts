import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { scratch, writeToyTask } from "../run/testing/toy-task.ts";
import { main } from "./main.ts";
import { Terminal } from "./terminal.ts";

async function assay(...argv: string[]) {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const env = { ...process.env, NO_COLOR: "1" };
  const code = await main(argv, new Terminal(out, err as unknown as NodeJS.WriteStream, env));
  return { code, out: String(out.read() ?? ""), err: String(err.read() ?? "") };
}

async function toyRun(): Promise<{ results: string; runId: string }> {
  const results = scratch("results");
  await assay("run", "toy", "--model", "baseline/random", "--tasks", writeToyTask(), "--results", results);
  return { results, runId: readdirSync(join(results, "runs"))[0] ?? "" };
}

test("a run exported for lm-eval and imported elsewhere keeps its scores", async () => {
  const { results, runId } = await toyRun();
  const out = scratch("exports");
  const exported = await assay("export", runId, "--format", "lm-eval", "--results", results, "--out", out);
  expect(exported.code).toBe(0);
  const files = exported.out.trim().split("\n");
  expect(files.every((file) => existsSync(file))).toBe(true);
  expect(exported.err).toContain("What it doesn't hold");
  const elsewhere = scratch("results");
  const imported = JSON.parse((await assay("import", out, "--results", elsewhere, "--json")).out);
  const original = JSON.parse(
    (await assay("run", "toy", "--model", "baseline/random", "--tasks", writeToyTask(), "--results", results, "--json"))
      .out,
  );
  const values = (runs: { scores: { metric: string; filter: string; group: string; value: number }[] }[]) =>
    runs[0]?.scores.filter(({ group }) => group === "all").map(({ metric, filter, value }) => [metric, filter, value]);
  expect(values(imported.runs)).toEqual(values(original.runs));
  expect(imported.runs[0]).toMatchObject({
    source: { kind: "import" },
    notRecorded: expect.arrayContaining(["versions"]),
  });
  const again = await assay("score", imported.runs[0].runId, "--results", elsewhere);
  expect([again.code, again.err]).toEqual([2, expect.stringContaining("RUN_IMPORTED")]);
});

test("--json lists files and losses", async () => {
  const { results, runId } = await toyRun();
  const { out } = await assay(
    "export",
    runId,
    "--format",
    "csv",
    "--results",
    results,
    "--out",
    scratch("exports"),
    "--json",
  );
  const json = JSON.parse(out);
  expect(json).toMatchObject({ format: "csv", exports: [{ run: runId }] });
  expect(json.exports[0].files).toHaveLength(2);
  expect(json.exports[0].losses.length).toBeGreaterThan(2);
});

test.each([
  [["export", "nothing", "--format", "csv"], "RUN_UNKNOWN"],
  [["export", "nothing"], "EXPORT_FORMAT_MISSING"],
  [["export", "nothing", "--format", "xml"], "FLAG_INVALID"],
  [["import", "/nowhere"], "IMPORT_MISSING"],
])("%j: %s", async (argv, code) => {
  const result = await assay(...argv, "--results", scratch("results"));
  expect([result.code, result.err]).toEqual([2, expect.stringContaining(code)]);
});

test("what can't be imported doesn't keep out the rest; every problem is told", async () => {
  const { results, runId } = await toyRun();
  const out = scratch("exports");
  await assay("export", runId, "--format", "lm-eval", "--results", results, "--out", out);
  const {
    code,
    out: table,
    err,
  } = await assay("import", scratch("a"), out, scratch("b"), "--results", scratch("results"));
  expect(code).toBe(2);
  expect(table).toContain("toy@imported");
  expect(err.match(/IMPORT_NOTHING/g)).toHaveLength(2);
});
