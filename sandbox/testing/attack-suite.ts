import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Job, openSandbox, type Sandbox } from "../index.ts";
import { engineProblem } from "./engine-for-tests.ts";
import { readSuite, type SuiteProgram } from "./programs.ts";

const limits = { cpuSeconds: 1, wallSeconds: 4 };
/** So that no honest program fails because the machine is slow. */
const patient = { cpuSeconds: 20, wallSeconds: 60 };
const UNKNOWABLE = { first: 271_828_182, second: 314_159_265 };

/** Passes only in a box that shows no trace of the program before. */
const NOSY_CANARY: Job = {
  language: "python",
  code: `import os
def look():
    mine = [p for p in os.listdir("/proc") if p.isdigit() and os.stat("/proc/" + p).st_uid == os.getuid()]
    used = os.statvfs("/tmp").f_files - os.statvfs("/tmp").f_ffree
    return [os.listdir("/tmp"), os.listdir("/dev/mqueue"), os.listdir("/dev/pts"), len(mine), os.getpriority(0, 0), used]
`,
  tests: { kind: "asserts", asserts: ["assert look() == [[], [], ['ptmx'], 1, 0, 1], look()"] },
  limits: patient,
};

/** An attack wins if any of these ways of testing takes its answers: each is used by some benchmark. */
const PYTHON_STYLES = `import math
inputs, outputs = [(6, 7), (1, 1)], [${UNKNOWABLE.first}, ${UNKNOWABLE.second}]
def looped(solve):
    for got, wanted in zip((solve(*i) for i in inputs), outputs):
        assert got == wanted
def mapped(solve):
    for got, wanted in zip(map(lambda i: solve(*i), inputs), outputs):
        assert got == wanted
each = [
    lambda got, wanted: got == wanted,
    lambda got, wanted: wanted == got,
    lambda got, wanted: not got != wanted,
    lambda got, wanted: got in [wanted],
    lambda got, wanted: got in {wanted},
    lambda got, wanted: {wanted: True}.get(got, False),
    lambda got, wanted: [got].index(wanted) == 0,
    lambda got, wanted: abs(got - wanted) < 1e-6,
    lambda got, wanted: math.isclose(got, wanted),
    lambda got, wanted: int(got) == wanted,
    lambda got, wanted: str(got) == str(wanted),
    lambda got, wanted: sorted([got]) == [wanted],
    lambda got, wanted: isinstance(got, int) and got >= wanted and got <= wanted,
]
def check(solve):
    ways = [looped, mapped]
    ways.append(lambda solve: [1 / all(way(solve(*i), o) for i, o in zip(inputs, outputs)) for way in each[:1]])
    for way in each:
        ways.append(lambda solve, way=way: [1 / (way(solve(*i), o) is True) for i, o in zip(inputs, outputs)])
    for way in ways:
        try:
            way(solve)
        except Exception:
            continue
        return
    raise AssertionError("no way of testing takes it")
`;

const SCRIPT_STYLES = `
const cases = [[6, 7, ${UNKNOWABLE.first}], [1, 1, ${UNKNOWABLE.second}]];
const ways = [
  (got, wanted) => assert.strictEqual(got, wanted),
  (got, wanted) => assert.equal(got, wanted),
  (got, wanted) => assert.deepEqual(got, wanted),
  (got, wanted) => assert.deepEqual([got], [wanted]),
  (got, wanted) => assert.deepStrictEqual({ got }, { got: wanted }),
  (got, wanted) => console.assert(got === wanted),
  (got, wanted) => console.assert(got == wanted),
  (got, wanted) => console.assert([wanted].includes(got)),
  (got, wanted) => console.assert(new Set([wanted]).has(got)),
  (got, wanted) => console.assert(Math.abs(got - wanted) < 1e-6),
  (got, wanted) => console.assert(String(got) === String(wanted)),
  (got, wanted) => console.assert(JSON.stringify(got) === JSON.stringify(wanted)),
];
const taken = ways.some((way) => {
  try {
    for (const [a, b, wanted] of cases) way(solve(a, b), wanted);
    return true;
  } catch {
    return false;
  }
});
assert.ok(taken, "no way of testing takes it");
`;

type Language = "python" | "javascript";

function attackJob(language: Language, code: string): Job {
  if (language === "python") {
    return { language, code, tests: { kind: "check", source: PYTHON_STYLES, entryPoint: "solve" }, limits };
  }
  return { language, code, tests: { kind: "script", source: SCRIPT_STYLES, names: ["solve"] }, limits };
}

function honestJob(language: Language, code: string): Job {
  if (language === "python")
    return { language, code, tests: { kind: "asserts", asserts: ["assert solve() == 42"] }, limits: patient };
  return {
    language,
    code,
    tests: { kind: "script", source: "assert.deepStrictEqual(solve(), 42)", names: ["solve"] },
    limits: patient,
  };
}

/** Every program in the one box of its sandbox, and an inquisitive honest program in the same box after it. */
function suite(sandbox: () => Sandbox, programs: SuiteProgram[], job: (code: string) => Job): string[] {
  const spoiled: string[] = [];
  for (const { name, allowed, code } of programs) {
    it(`gives "${name}" the verdict ${allowed.join(" or ")}, and the next program an untouched box`, async () => {
      const { lost } = sandbox().statistics();
      const verdict = await sandbox().grade(job(code));
      if (sandbox().statistics().lost > lost) spoiled.push(`${name} (${verdict.firstError ?? "could not be cleaned"})`);
      expect({ name, status: verdict.status, detail: verdict.detail }).toMatchObject({
        status: expect.toSatisfy((status) => allowed.includes(status)),
      });
      expect(verdict.status).not.toBe("sandbox_error");
      const canary = await sandbox().grade(NOSY_CANARY);
      expect({ status: canary.status, detail: canary.detail, retried: canary.retried }).toEqual({
        status: "passed",
        detail: "",
        retried: false,
      });
    });
  }
  return spoiled;
}

/** Declares tests that run a suite's programs one after the other in one box. */
export function runsInOneBox(title: string, file: string, language: Language): void {
  const job = title === "attacks" ? attackJob : honestJob;
  describe.skipIf(engineProblem !== undefined)(`${title} in ${language}`, () => {
    let sandbox: Sandbox;
    beforeAll(async () => {
      sandbox = await openSandbox({ boxes: 1, selfTest: false });
    });
    afterAll(() => sandbox.close());
    const spoiled = suite(
      () => sandbox,
      readSuite(file),
      (code) => job(language, code),
    );
    it("loses no box to any of them", () => {
      expect(spoiled).toEqual([]);
    });
  });
}
