import { writeFileSync } from "node:fs";
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
    expect(JSON.parse(out).errors).toEqual([expect.objectContaining({ code: "COMMAND_INVALID" })]);
    expect(err).toMatch(/^error: /);
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

test("the k of the score that leads stays among those asked for", () => {
  const resolved = resolve("starter-code", { roots: [bundledTasks] });
  const asked = { ...resolved, protocol: { ...resolved.protocol, epochs: 5 } };
  expect(withK(asked, [5], "starter-code").protocol.metrics).toMatchObject([{ metric: "pass", k: [1, 5] }]);
  expect(withK(asked, [2, 1], "starter-code").protocol.metrics).toMatchObject([{ metric: "pass", k: [2, 1] }]);
});
