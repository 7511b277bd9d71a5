import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { InputError, ProblemsError } from "../contracts/index.ts";
import { parseSet, resolve, taskRoots } from "./index.ts";

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

function folderWith(files: { task?: string; child?: string }): string {
  const root = mkdtempSync(join(tmpdir(), "assay-load-"));
  mkdirSync(join(root, "own/protocols"), { recursive: true });
  writeFileSync(join(root, "own/task.yaml"), files.task ?? task);
  writeFileSync(join(root, "own/protocols/base.yaml"), base);
  writeFileSync(join(root, "own/protocols/child.yaml"), files.child ?? "id: child\nextends: base\n");
  return root;
}

function resolveWith(child: string) {
  return resolve("own@child", { roots: [folderWith({ child })] }).protocol;
}

function problemsOf(child: string): string[] {
  return problemsIn(() => resolveWith(child));
}

function problemsIn(act: () => unknown): string[] {
  try {
    act();
    return [];
  } catch (error) {
    if (error instanceof ProblemsError) return error.problems.map(({ what, fix }) => `${what} ${fix}`);
    if (error instanceof InputError) return [`${error.what} ${error.fix}`];
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

describe("what the command line changes", () => {
  const changed = (...flags: string[]) =>
    resolve("own@base", { roots: [folderWith({})], flags: flags.map(parseSet) }).protocol;

  test("may be an entry of a list", () => {
    expect(changed("generate.stop.0=y").generate.stop).toEqual(["y"]);
    expect(changed("metrics.0.ignoreCase=true").metrics).toMatchObject([{ metric: "exact_match", ignoreCase: true }]);
  });

  test("may not be an entry that the list doesn't have", () => {
    for (const path of ["metrics.1.ignoreCase", "metrics.first.ignoreCase", "metrics.-1.ignoreCase"])
      expect(problemsIn(() => changed(`${path}=true`))).toEqual([
        expect.stringMatching(/^--set metrics\..+=true: the list metrics has no entry ".+"\. Name one of them/),
      ]);
  });

  test("may not reach behind the keys of a protocol", () => {
    for (const path of ["__proto__.x", "constructor.prototype.x", "generate.__proto__.x"])
      expect(problemsIn(() => changed(`${path}=1`))).toEqual([expect.stringMatching(/there is no such key/)]);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  test("may not be a secret, which every record would hold", () => {
    for (const name of ["api_key", "apiKey", "Authorization", "access_token", "password"]) {
      const [problem] = problemsIn(() => changed(`generate.extra.${name}=hush-hush`));
      expect(problem).toMatch(/looks like a key or a password/);
      expect(problem).not.toContain("hush");
      expect(problemsOf(`id: child\nextends: base\ngenerate: { extra: { ${name}: x } }\n`)).toEqual([
        expect.stringMatching(/generate\.extra: a key or password would be written into every record/),
      ]);
    }
    expect(changed("generate.extra.max_tokens_per_key=1").generate.extra).toEqual({ max_tokens_per_key: 1 });
  });

  test("may not hold itself", () => {
    expect(problemsIn(() => changed("system=&a [*a, *a]"))).toEqual([expect.stringMatching(/isn't YAML/)]);
  });
});

describe("a task folder", () => {
  test("has the task's name, and holds what it must", () => {
    const named = folderWith({ task: task.replace("id: own", "id: other") });
    expect(problemsIn(() => resolve("own@base", { roots: [named] }))).toEqual([
      expect.stringMatching(/task\.yaml calls itself "other"\. Its id must be the name of its folder: "own"\./),
    ]);
    const untitled = folderWith({ task: task.replace("title: Own\n", "") });
    expect(problemsIn(() => resolve("own@base", { roots: [untitled] }))).toEqual([
      expect.stringMatching(/task\.yaml:\d+:\d+: title is missing \(string\)\. Add it/),
    ]);
  });

  test("may not swell by aliases, nor hold itself", () => {
    const swelling = Array.from(
      { length: 9 },
      (_, n) =>
        `x${n}: &x${n} [${Array(9)
          .fill(n ? `*x${n - 1}` : "x")
          .join(", ")}]`,
    );
    for (const more of [swelling.join("\n"), "x: &x [*x]"])
      expect(problemsIn(() => resolve("own@base", { roots: [folderWith({ task: `${task}${more}\n` })] }))).toEqual([
        expect.stringMatching(/task\.yaml: its aliases \(\*name\) can't be written out/),
      ]);
  });

  test("holds files that can be read, as YAML", () => {
    const unreadable = folderWith({});
    rmSync(join(unreadable, "own/task.yaml"));
    mkdirSync(join(unreadable, "own/task.yaml"));
    expect(problemsIn(() => resolve("own@base", { roots: [unreadable] }))).toEqual([
      expect.stringMatching(/task\.yaml can't be read\./),
    ]);
    const broken = folderWith({ task: "id: own\n  bad: [\n" });
    expect(problemsIn(() => resolve("own@base", { roots: [broken] }))).toEqual([
      expect.stringMatching(/task\.yaml:1:5: Nested mappings are not allowed in compact mappings\. Correct the line/),
    ]);
  });

  test("is named with one protocol at most, and must be there", () => {
    expect(problemsIn(() => resolve("own@base@child", { roots: [folderWith({})] }))).toEqual([
      expect.stringMatching(/^"own@base@child" names no task/),
    ]);
    expect(problemsIn(() => taskRoots(["/nowhere/tasks"]))).toEqual([expect.stringMatching(/no folder \/nowhere/)]);
  });
});
