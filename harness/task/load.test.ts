import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ProblemsError } from "../contracts/index.ts";
import { resolve } from "./index.ts";

const task = `
id: own
title: Own
summary: A task of the test.
dataset: { path: { test: test.jsonl } }
defaultProtocol: base
card: { purpose: tests, licence: CC0-1.0 }
`;

const base = `
id: base
title: base
source: { project: Elsewhere, version: "9", file: tasks/own.yaml }
defects: [{ what: It stops early., fixedIn: child }]
method: generate
layout: text
question: "{{ q }}"
answer: "{{ a }}"
generate: { maxTokens: 10, stop: ["x"] }
metrics: [{ metric: exact_match }]
primary: { metric: exact_match }
`;

function resolveWith(child: string) {
  const root = mkdtempSync(join(tmpdir(), "assay-load-"));
  mkdirSync(join(root, "own/protocols"), { recursive: true });
  writeFileSync(join(root, "own/task.yaml"), task);
  writeFileSync(join(root, "own/protocols/base.yaml"), base);
  writeFileSync(join(root, "own/protocols/child.yaml"), child);
  return resolve("own@child", { roots: [root] }).protocol;
}

function problemsOf(child: string): string[] {
  try {
    resolveWith(child);
    return [];
  } catch (error) {
    if (error instanceof ProblemsError) return error.problems.map(({ what, fix }) => `${what} ${fix}`);
    throw error;
  }
}

describe("a protocol that extends another", () => {
  test("takes over its fields, parts of maps too", () => {
    const protocol = resolveWith("id: child\nextends: base\ngenerate: { maxTokens: 20 }\n");
    expect(protocol.generate).toMatchObject({ maxTokens: 20, stop: ["x"] });
    expect(protocol.question).toBe("{{ q }}");
  });

  test("takes over its source whole or names its own whole, and never its defects", () => {
    const kept = resolveWith("id: child\nextends: base\n");
    expect(kept.source).toEqual({ project: "Elsewhere", version: "9", file: "tasks/own.yaml" });
    expect(kept.defects).toEqual([]);
    const own = resolveWith('id: child\nextends: base\nsource: { project: Assay, version: "1" }\n');
    expect(own.source).toEqual({ project: "Assay", version: "1" });
  });

  test("may not have keys that no protocol has; the nearest is named", () => {
    const [problem] = problemsOf("id: child\nextends: base\nshotz: { count: 1 }\n");
    expect(problem).toMatch(/child\.yaml:3:1: shotz: there is no such key\. Did you mean "shots"\?/);
  });

  test("is checked once merged, with the place in its own file", () => {
    const problems = problemsOf("id: child\nextends: base\ngenerate:\n  maxTokens: -1\n  stops: []\n");
    expect(problems).toHaveLength(2);
    expect(problems[0]).toMatch(/child\.yaml:4:3: generate\.maxTokens/);
    expect(problems[1]).toMatch(/child\.yaml:5:3: generate\.stops: there is no such key\. Did you mean "stop"\?/);
  });
});
