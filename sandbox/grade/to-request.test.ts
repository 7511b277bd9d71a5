import { describe, expect, it } from "vitest";
import { type Job, resolveLimits } from "../job.ts";
import { recipeFor } from "./languages.ts";
import { sameOutput } from "./same-output.ts";
import { checkJob, toRequests } from "./to-request.ts";
import { UnsupportedJob } from "./unsupported-job.ts";

const python = (tests: Job["tests"], more: Partial<Job> = {}): Job => ({
  language: "python",
  code: "c",
  tests,
  ...more,
});

describe("requests of a job", () => {
  it("carry tests only to the grader under split grading", () => {
    const [request, ...more] = toRequests(python({ kind: "asserts", asserts: ["assert f() == 271"] }));
    expect(more).toEqual([]);
    expect(request).toMatchObject({ mode: "split", task: { kind: "asserts", tests: "assert f() == 271" } });
    expect({ ...request, task: undefined }).not.toContain("271");
  });

  it("name equal tests alike, so that a box compiles them once", () => {
    const tests = { kind: "check", source: "def check(c): pass", entryPoint: "f" } as const;
    const [one] = toRequests(python(tests));
    const [two] = toRequests(python(tests, { code: "other" }));
    const [three] = toRequests(python({ ...tests, entryPoint: "g" }));
    expect(two?.key).toBe(one?.key);
    expect(three?.key).not.toBe(one?.key);
  });

  it("are one per stdin/stdout case, and never hold what is expected", () => {
    const cases = [
      { stdin: "1", stdout: "271" },
      { stdin: "2", stdout: "828" },
    ];
    const requests = toRequests(python({ kind: "stdio", cases }));
    expect(requests.map(({ stdin }) => stdin)).toEqual(["1", "2"]);
    expect(JSON.stringify(requests)).not.toMatch(/271|828/);
  });

  it("build a compiled language once and run it without its source", () => {
    const cases = [
      { stdin: "1", stdout: "1" },
      { stdin: "2", stdout: "2" },
    ];
    const requests = toRequests({ language: "cpp", code: "int main() {}", tests: { kind: "stdio", cases } });
    expect(requests.map(({ mode }) => mode)).toEqual(["build", "program", "program"]);
    expect(requests.slice(1).map(({ code }) => code)).toEqual(["", ""]);
    expect(new Set(requests.map(({ key }) => key)).size).toBe(1);
  });

  it("are refused where tests and language do not fit, or a name is none", () => {
    const script = { kind: "script", source: "", names: ["f"] } as const;
    expect(() => checkJob(python(script))).toThrow(UnsupportedJob);
    expect(() => checkJob({ ...python(script), language: "rust" })).toThrow(UnsupportedJob);
    expect(() => checkJob({ ...python({ ...script, names: ["f; exit 0"] }), language: "bash" })).toThrow(
      UnsupportedJob,
    );
    expect(() => checkJob({ ...python({ ...script, names: ["f()"] }), language: "javascript" })).toThrow(
      UnsupportedJob,
    );
    expect(() => checkJob({ ...python(script), language: "bash" })).not.toThrow();
  });
});

describe("limits", () => {
  it("are filled in, whole seconds of CPU at least", () => {
    expect(resolveLimits()).toEqual({
      cpuSeconds: 3,
      wallSeconds: 8,
      outputBytes: 65_536,
      addressSpaceMiB: 2048,
      processes: 32,
    });
    expect(resolveLimits({ cpuSeconds: 0.2 }).cpuSeconds).toBe(1);
  });

  it("never go beyond what a box can stand, whatever a task says", () => {
    const many = { cpuSeconds: 1e9, wallSeconds: 1e9, outputBytes: 1e9, addressSpaceMiB: 1e9, processes: 1e9 };
    expect(resolveLimits(many)).toEqual({
      cpuSeconds: 600,
      wallSeconds: 3600,
      outputBytes: 4_194_304,
      addressSpaceMiB: 65_536,
      processes: 40,
    });
  });
});

describe("a Java program", () => {
  it.each([
    ["public class Solver { public static void main(String[] a) {} }", "Solver"],
    ["class Helper {}\nclass Problem { public static void main(String[] a) {} }", "Problem"],
    ["class Empty {}", "Main"],
  ])("%s runs as %s", (code, name) => {
    expect(recipeFor("java", code)).toMatchObject({ file: `/tmp/${name}.java` });
    expect(recipeFor("java", code).run.at(-1)).toBe(name);
  });
});

describe("output", () => {
  it.each([
    ["1 2\n", "1 2", true],
    ["1 2  \n3\n\n", "1 2\n3", true],
    ["1  2", "1 2", false],
    [" 1", "1", false],
    ["", "", true],
    ["1\n\n2", "1\n2", false],
  ])("%j against %j is the same: %s", (text, expected, same) => {
    expect(sameOutput({ text, bytes: Buffer.byteLength(text) }, expected)).toBe(same);
  });

  it("that was cut is never the expected one", () => {
    expect(sameOutput({ text: "1", bytes: 2 }, "1")).toBe(false);
  });
});
