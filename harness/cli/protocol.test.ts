import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeToyTask } from "../run/testing/toy-task.ts";
import { assay } from "./testing/command.ts";

/** The toy task with one more protocol. */
function tasksWith(fields: string): string {
  const root = writeToyTask();
  const path = join(root, "toy", "protocols", "tried.yaml");
  writeFileSync(path, `id: tried\nextends: chat\ntitle: tried\naverage: micro\n${fields}\n`);
  return root;
}

const told = 'question: "What is {{ a }} + {{ b }}? End with: The answer is"';
const lint = (tasks: string, ...names: string[]) => assay("protocol", "lint", ...names, "--tasks", tasks);

test("a protocol without findings ends with 0", async () => {
  const { code, out, err } = await lint(tasksWith(told), "toy@tried");
  expect([code, out]).toEqual([0, "✓ toy@tried\n"]);
  expect(err).toContain("1 protocols, 0 findings");
});

test("findings end with 1, unless a defect that the protocol declares names their rule", async () => {
  const found = await lint(tasksWith(`${told}\nepochs: 3`), "toy@tried");
  expect(found.code).toBe(1);
  expect(found.out).toMatch(/✗ toy@tried\n +greedy-repeats +3 samples an item at temperature 0/);
  const kept = (rule: string) =>
    lint(tasksWith(`${told}\nepochs: 3\ndefects: [{ what: kept as the source has it, rule: ${rule} }]`), "toy@tried");
  const declared = await kept("greedy-repeats");
  expect(declared.code).toBe(0);
  expect(declared.out).toMatch(/! toy@tried\n.*the same \(a declared defect\)/);
  expect(declared.err).toContain("1 findings, 0 of them undeclared");
  expect((await kept("sampled-once")).code).toBe(1);
});

test("a rule that no lint has is refused, with the nearest one's name", async () => {
  const { code, err } = await lint(tasksWith("defects: [{ what: kept, rule: greedy-repeat }]"), "toy@tried");
  expect(code).toBe(2);
  expect(err).toContain("greedy-repeats");
});

test("a task's name stands for all of its protocols; --json is for scripts", async () => {
  const { out } = await lint(tasksWith(told), "toy", "--json");
  const { protocols } = JSON.parse(out);
  expect(protocols.map(({ protocol }: { protocol: string }) => protocol)).toEqual(["chat", "letters", "tried"]);
  expect(protocols[0].findings.map(({ rule }: { rule: string }) => rule)).toEqual(["format-untold", "average-unset"]);
});

test("another verb is refused", async () => {
  expect(await assay("protocol", "polish")).toMatchObject({ code: 2, err: expect.stringContaining("protocol lint") });
});
