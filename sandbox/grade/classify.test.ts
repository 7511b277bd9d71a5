import { describe, expect, it } from "vitest";
import { type BoxFacts, boxFacts } from "../box/facts.ts";
import type { Job } from "../job.ts";
import { classify } from "./classify.ts";

const job: Job = {
  language: "python",
  code: "",
  tests: { kind: "asserts", asserts: [] },
  limits: { cpuSeconds: 2, wallSeconds: 6 },
};
const passed = { status: "passed", detail: "", stage: "tests", calls: 3 } as const;
const gone = { status: "gone", detail: "the program ended before its tests did", stage: "tests", calls: 1 } as const;

/** Facts of a program that passed, but for what is given. */
function facts(given: Partial<BoxFacts>): BoxFacts {
  return boxFacts.parse({
    id: 1,
    exit: 0,
    cpu: 0.01,
    wall: 0.02,
    timedOut: false,
    grader: passed,
    clean: true,
    left: 0,
    memoryKills: 0,
    ...given,
  });
}
const verdict = (given: Partial<BoxFacts>, more: Partial<Job> = {}) =>
  classify({ ...job, ...more }, facts(given), "box");

describe("a verdict of split grading", () => {
  it("is passed when the tests finished, also if the supervisor ended the program afterwards", () => {
    expect(verdict({ exit: -9, killed: true })).toMatchObject({ status: "passed", signal: null, calls: 3 });
  });

  it("is timeout when a program passed after its CPU time was over", () => {
    expect(verdict({ cpu: 2.5 })).toMatchObject({ status: "timeout", detail: "used more than 2 s of CPU" });
  });

  it("puts memory before time, and time before the way the program ended", () => {
    expect(verdict({ grader: gone, memoryKills: 1, timedOut: true }).status).toBe("oom");
    expect(verdict({ grader: gone, timedOut: true, exit: -9, killed: true }).status).toBe("timeout");
  });

  it("says which of the two limits was met", () => {
    expect(verdict({ grader: null, timedOut: true, cpu: 2 }).detail).toBe("used more than 2 s of CPU");
    expect(verdict({ grader: null, timedOut: true, cpu: 0.1 }).detail).toBe("ran longer than 6 s");
  });

  it.each([
    [-31, 0.01, "forbidden"],
    [-24, 2.0, "timeout"],
    [-24, 0.01, "crashed"],
    [-9, 2.9, "timeout"],
    [-9, 0.01, "crashed"],
    [-11, 0.01, "crashed"],
    [-6, 0.01, "crashed"],
    [0, 0.01, "failed"],
    [3, 0.01, "failed"],
    [71, 0.01, "failed"],
  ])("of a program that ended with %i after %f s of CPU is %s", (exit, cpu, status) => {
    expect(verdict({ grader: gone, exit, cpu }).status).toBe(status);
  });

  it("is failed, not crashed, when the supervisor ended a program that hung up", () => {
    expect(verdict({ grader: gone, exit: -9, killed: true })).toMatchObject({ status: "failed", signal: null });
  });

  it("is no statement about the program when the grader ended or the tests do not compile", () => {
    expect(verdict({ grader: null, graderLost: true }).status).toBe("sandbox_error");
    expect(verdict({ grader: { ...gone, status: "failed", stage: "task" } }).status).toBe("sandbox_error");
  });

  it("cuts long details", () => {
    expect(verdict({ grader: { ...gone, status: "failed", detail: "x".repeat(1000) } }).detail).toHaveLength(300);
  });
});

describe("a verdict of whole programs", () => {
  const exec = { tests: { kind: "exec" } } as const;
  const inProcess = { grading: "in_process" } as const;

  it("needs exit code 0, or in one process the proof that the end was reached", () => {
    expect(verdict({ grader: null }, exec).status).toBe("passed");
    expect(verdict({ grader: null, exit: 1 }, exec).status).toBe("failed");
    expect(verdict({ grader: null, exit: 0, proved: false }, inProcess).status).toBe("failed");
    expect(verdict({ grader: null, exit: -9, killed: true, proved: true }, inProcess).status).toBe("passed");
  });

  it("is failed when it wrote too much, whatever its exit code", () => {
    expect(verdict({ grader: null, flood: true }, exec)).toMatchObject({ status: "failed", stage: "run" });
  });

  it("of a build quotes the compiler", () => {
    const stderr = { text: "note\na.cpp:1: error: no\n", bytes: 24 };
    const built = { grader: null, built: 0, exit: 1, stderr };
    expect(verdict(built, { language: "cpp", ...exec })).toMatchObject({
      status: "failed",
      stage: "load",
      detail: "a.cpp:1: error: no",
    });
    expect(verdict({ grader: null, built: 9 }, { language: "cpp", ...exec }).status).toBe("passed");
    expect(verdict({ grader: null, built: 0 }, { language: "cpp", ...exec }).status).toBe("failed");
  });
});

describe("captured output", () => {
  it("says when it is not all of it", () => {
    const limits = { outputBytes: 4 };
    expect(verdict({ stdout: { text: "abcd", bytes: 4 } }, { limits }).stdout).toEqual({
      text: "abcd",
      bytes: 4,
      truncated: false,
    });
    expect(verdict({ stdout: { text: "abcd", bytes: 9 } }, { limits }).stdout.truncated).toBe(true);
    expect(verdict({ stdout: { text: "abcdef", bytes: 6 } }, { limits }).stdout).toEqual({
      text: "abcd",
      bytes: 6,
      truncated: true,
    });
  });
});
