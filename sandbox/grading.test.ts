import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Job, openSandbox, type Sandbox, UnsupportedJob } from "./index.ts";
import { engineProblem } from "./testing/engine-for-tests.ts";

const python = (code: string, tests: Job["tests"], more: Partial<Job> = {}): Job => ({
  language: "python",
  code,
  tests,
  ...more,
});
const asserts = (...lines: string[]): Job["tests"] => ({ kind: "asserts", asserts: lines });

describe.skipIf(engineProblem !== undefined)("a sandbox", () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await openSandbox();
  });
  afterAll(() => sandbox.close());
  const status = async (job: Job) => (await sandbox.grade(job)).status;

  it("passes its self-test and describes itself for the run record", () => {
    expect(sandbox.identity).toMatchObject({
      image: { id: expect.stringMatching(/^sha256:/) },
      python: expect.stringMatching(/^3\.(1[2-9]|[2-9]\d)/),
      seccompHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      boxSourcesHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      innerFilter: true,
    });
  });

  it("judges functions by a check function that gets them, with helpers from the setup and never from the candidate", async () => {
    const source = "def check(candidate):\n    for n in range(5):\n        assert candidate(helper(n)) == n\n";
    const tests = { kind: "check", source, entryPoint: "halve", setup: "def helper(n):\n    return 2 * n\n" } as const;
    expect(await status(python("def halve(n):\n    return n // 2\n", tests))).toBe("passed");
    expect(await status(python("def halve(n):\n    return 0\ndef helper(n):\n    return 0\n", tests))).toBe("failed");
  });

  it("judges statements, also where the function under test has the name of a builtin", async () => {
    expect(await status(python("def sum(a, b):\n    return a * b\n", asserts("assert sum(10, 15) == 150")))).toBe(
      "passed",
    );
    expect(await status(python("def f(x):\n    return [x]\n", asserts("assert sum(f(3)) == 3")))).toBe("passed");
  });

  it("lets tests use classes of the candidate without ever comparing by them", async () => {
    const code =
      "class Node:\n    def __init__(self, v):\n        self.v = v\n        self.left = None\ndef depth(n):\n    return 0 if n is None else 1 + depth(n.left)\n";
    const setup = "root = Node(1)\nroot.left = Node(2)\n";
    const tests = { kind: "asserts", setup, asserts: ["assert depth(root) == 2", "assert root.left.v == 2"] } as const;
    expect(await status(python(code, tests))).toBe("passed");
    expect(await status(python(code, asserts("assert Node(1) == Node(1)")))).toBe("failed");
  });

  it("carries values of many kinds both ways unchanged", async () => {
    const values = [
      "None",
      "True",
      "-0.0",
      "float('inf')",
      "2 ** 300",
      "-(7 ** 400)",
      "'\\ud800 é \\x00'",
      "b'\\x00\\xff'",
      "bytearray(b'x')",
      "(1, (2, [3, {4}]))",
      "{'a': {(1, 2): frozenset([3])}}",
      "1 + 2j",
      "range(5, 0, -2)",
      "...",
      "{}",
      "set()",
      "int",
      "collections.deque([1, 2])",
      "decimal.Decimal('1.10')",
      "fractions.Fraction(1, 3)",
      "datetime.datetime(2024, 2, 29, 1, 2, 3)",
      "datetime.timedelta(days=-1, microseconds=5)",
    ];
    const lines = values.map((value) => `v = ${value}\nw = echo(v)\nassert w == v and type(w) is type(v), w`);
    const setup = "import collections, datetime, decimal, fractions";
    const job = python("def echo(x):\n    return x\n", { kind: "asserts", setup, asserts: lines });
    expect(await sandbox.grade(job)).toMatchObject({ status: "passed", calls: values.length });
  });

  it("raises the candidate's exceptions in the tests, by the nearest builtin name", async () => {
    const code = "class Mine(ValueError):\n    pass\ndef f(x):\n    raise Mine(x)\n";
    const test =
      "try:\n    f('why')\n    assert False\nexcept ValueError as problem:\n    assert str(problem) == 'why'";
    expect(await status(python(code, asserts(test)))).toBe("passed");
  });

  it("judges whole programs by what they print, case by case", async () => {
    const code = "a, b = map(int, input().split())\nprint(a + b)\n";
    const cases = [
      { stdin: "1 2\n", stdout: "3" },
      { stdin: "20 22", stdout: "42  \n\n" },
    ];
    expect(await sandbox.grade(python(code, { kind: "stdio", cases }))).toMatchObject({
      status: "passed",
      grading: "stdio",
    });
    const wrong = [...cases, { stdin: "1 1", stdout: "3" }];
    expect(await sandbox.grade(python(code, { kind: "stdio", cases: wrong }))).toMatchObject({
      status: "failed",
      detail: "case 3: wrong output",
    });
  });

  it("judges programs that only have to run", async () => {
    expect(await status(python("assert 1 + 1 == 2\n", { kind: "exec" }))).toBe("passed");
    expect(await sandbox.grade(python("import sys\nsys.exit(3)\n", { kind: "exec" }))).toMatchObject({
      status: "failed",
      exitCode: 3,
    });
  });

  it("grades in one process only where that is asked for, and labels it", async () => {
    const job = python("def f():\n    return 1\n", asserts("assert f() == 1"), { grading: "in_process" });
    expect(await sandbox.grade(job)).toMatchObject({ status: "passed", grading: "in_process" });
    const leaves = python("import os\nos._exit(0)\n", asserts("assert f() == 1"), { grading: "in_process" });
    expect(await status(leaves)).toBe("failed");
  });

  it("captures output, cuts it and says so", async () => {
    const code = "def f():\n    print('é' * 1000)\n    return 1\n";
    const verdict = await sandbox.grade(python(code, asserts("assert f() == 1"), { limits: { outputBytes: 100 } }));
    expect(verdict).toMatchObject({ status: "passed", stdout: { text: "é".repeat(50), bytes: 2001, truncated: true } });
  });

  it("decides by CPU time before wall time", async () => {
    const job = python("def f():\n    while True:\n        pass\n", asserts("f()"), {
      limits: { cpuSeconds: 1, wallSeconds: 20 },
    });
    const verdict = await sandbox.grade(job);
    expect(verdict).toMatchObject({ status: "timeout", detail: "used more than 1 s of CPU" });
    expect(verdict.cpuSeconds).toBeLessThan(3.2);
  });

  it("does not count against a program that a busy machine lets it wait for a core", async () => {
    const busy = Array.from({ length: 4 * availableParallelism() }, () =>
      spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }),
    );
    try {
      const code = "import time\ndef f():\n    while time.process_time() < 1.2:\n        pass\n    return 1\n";
      const limits = { cpuSeconds: 2, wallSeconds: 1.5 };
      const verdict = await sandbox.grade(python(code, asserts("assert f() == 1"), { limits }));
      expect({ status: verdict.status, detail: verdict.detail }).toEqual({ status: "passed", detail: "" });
      const sleeps = python("import time\ndef f():\n    time.sleep(60)\n", asserts("f()"), { limits });
      expect(await sandbox.grade(sleeps)).toMatchObject({ status: "timeout", detail: "ran longer than 1.5 s" });
    } finally {
      for (const process of busy) process.kill("SIGKILL");
    }
  });

  it("calls tests that do not compile an error of the benchmark, not of the program", async () => {
    expect(await sandbox.grade(python("def f():\n    return 1\n", asserts("assert f( == 1")))).toMatchObject({
      status: "sandbox_error",
      retried: false,
    });
  });

  it("says when a test cannot be graded in two processes", async () => {
    const verdict = await sandbox.grade(python("def f(g):\n    return g(1)\n", asserts("assert f(lambda x: x) == 1")));
    expect(verdict).toMatchObject({ status: "failed", detail: expect.stringContaining("two processes") });
  });

  it("judges JavaScript and TypeScript in two isolates", async () => {
    const tests = {
      kind: "script",
      source: "const a = require('node:assert'); a.deepEqual(f([3, 1]), [1, 3]);",
      names: ["f"],
    } as const;
    const javascript = { language: "javascript", code: "const f = (x) => x.sort();", tests } as const;
    expect(await sandbox.grade(javascript)).toMatchObject({ status: "passed", calls: 1, grading: "split" });
    const code = "enum Way { Up }\nfunction f(x: number[]): number[] { return [...x].sort((a, b) => a - b + Way.Up); }";
    expect(await status({ language: "typescript", code, tests })).toBe("passed");
    expect(await sandbox.grade({ language: "typescript", code: "function f(: {", tests })).toMatchObject({
      status: "failed",
      stage: "load",
    });
    expect(await status({ language: "javascript", code: "function f() { return [3, 1]; }", tests })).toBe("failed");
  });

  it("refuses jobs that make no sense before any box sees them", async () => {
    const tests = { kind: "script", source: "", names: ["f"] } as const;
    await expect(sandbox.grade(python("", tests))).rejects.toThrow(UnsupportedJob);
    await expect(
      sandbox.grade({ language: "javascript", code: "", tests: { ...tests, names: ["f;g"] } }),
    ).rejects.toThrow(UnsupportedJob);
  });

  it("gives the same verdicts for the same programs again", async () => {
    const codes = [
      "return 1",
      "return 2",
      "return hash('a') % 7 - hash('a') % 7 + 1",
      "import random\n    return random.choice([1, 1])",
      "raise KeyError",
    ];
    const once = () =>
      Promise.all(codes.map((body) => status(python(`def f():\n    ${body}\n`, asserts("assert f() == 1")))));
    expect(await once()).toEqual(["passed", "failed", "passed", "passed", "failed"]);
    expect(await once()).toEqual(await once());
  });
});
