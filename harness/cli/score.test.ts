import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rescore } from "../run/index.ts";
import { addUp } from "../run/testing/chat-server.ts";
import { assay, onlyRun, serve, setting } from "./testing/command.ts";

test("scoring again with another filter changes verdicts without the model", async () => {
  const server = await serve((question) => addUp(question).replace("The answer is", "So"));
  const { results, flags } = setting(6);
  await assay("run", "toy", "--model", "openai/m", "--base-url", server.url, ...flags);
  const { record } = await onlyRun(results);
  const { code, out } = await assay(
    "score",
    record.runId,
    "--results",
    results,
    "--set",
    "primary.filter=flexible",
    "--json",
  );
  expect(code).toBe(0);
  expect(JSON.parse(out).runs[0].scores[0]).toMatchObject({ filter: "flexible", value: 1 });
  expect(server.bodies).toHaveLength(6);
});

test("scoring again without a change keeps run and bytes; an unfinished run is not scored", async () => {
  const server = await serve(addUp);
  const { results, flags } = setting(250);
  const command = ["run", "toy", "--model", "openai/m", "--base-url", server.url, ...flags];
  await assay(...command, "--max-requests", "30");
  const { record } = await onlyRun(results);
  const refused = await assay("score", record.runId, "--results", results, "--json");
  expect(JSON.parse(refused.out).errors[0]).toMatchObject({ code: "RUN_UNFINISHED" });
  await assay(...command);
  const before = await onlyRun(results);
  const again = await assay("score", record.runId, "--results", results);
  expect(again.code).toBe(0);
  expect(again.out).toContain("exact_match (strict): 100.0 % as before");
  expect(again.out).toContain("No verdict changed.");
  const after = await onlyRun(results);
  expect(after.samples).toEqual(before.samples);
  expect(after.record).toEqual(before.record);
  expect(readdirSync(after.folder).filter((name) => name.includes("part"))).toEqual([]);
});

test("scoring again that breaks off between shards and record loses nothing: the run's command finishes it", async () => {
  const server = await serve(addUp);
  const { results, flags } = setting(120);
  const command = ["run", "toy", "--model", "openai/m", "--base-url", server.url, ...flags];
  await assay(...command);
  const before = await onlyRun(results);
  const inTheWay = join(before.folder, `run.json.${process.pid}.part`);
  mkdirSync(inTheWay);
  const broken = await assay("score", before.record.runId, "--results", results, "--json");
  expect(JSON.parse(broken.out).errors[0]).toMatchObject({ code: "RECORD_UNWRITABLE" });
  rmSync(inTheWay, { recursive: true });
  const refused = await assay("score", before.record.runId, "--results", results, "--json");
  expect(JSON.parse(refused.out).errors[0]).toMatchObject({ code: "RUN_UNFINISHED" });
  expect((await assay(...command)).code).toBe(0);
  expect(server.bodies).toHaveLength(120);
  const after = await onlyRun(results);
  expect(after.samples).toEqual(before.samples);
  expect(after.record.scores).toEqual(before.record.scores);
  expect(readdirSync(after.folder).sort()).toEqual(readdirSync(before.folder).sort());
});

test("scoring again says what changed: scores, outcomes and every verdict", async () => {
  const server = await serve((question, { index }) =>
    addUp(question).replace("The answer is", index < 2 ? "So" : "The answer is"),
  );
  const { results, flags } = setting(6);
  await assay("run", "toy", "--model", "openai/m", "--base-url", server.url, "--concurrency", "1", ...flags);
  const { record } = await onlyRun(results);
  const steps = '[{"use":"regex","pattern":"(?:So|answer is) (-?[0-9]+)"}]';
  const { out } = await assay("score", record.runId, "--results", results, "--set", `extract.0.steps=${steps}`);
  expect(out).toContain("exact_match (strict): 66.7 % → 100.0 %");
  expect(out).toContain("unparsed: 2 → 0");
  expect(out).toContain("2 verdicts changed:\n  test/0  exact_match (strict)  0 → 1");
});

test("a verdict that fails while an earlier one is awaited is told when its turn comes", async () => {
  const server = await serve(addUp);
  const { results, flags } = setting(2);
  await assay("run", "toy", "--model", "openai/m", "--base-url", server.url, ...flags);
  const { record, folder } = await onlyRun(results);
  const failed = Promise.withResolvers<void>();
  let judged = 0;
  const grade = async () => {
    judged += 1;
    if (judged > 1) {
      failed.resolve();
      throw new Error("no verdict");
    }
    await failed.promise;
    await new Promise((resolve) => setTimeout(resolve, 10));
    return { passed: true };
  };
  const { protocol } = record.setup;
  const options = { results, folder, record, protocol, overrides: [], grade, sandbox: null, command: [] };
  await expect(rescore(options)).rejects.toThrow("no verdict");
});
