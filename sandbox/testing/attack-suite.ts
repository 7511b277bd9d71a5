import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Job, openSandbox, type Sandbox } from "../index.ts";
import { engineProblem } from "./engine-for-tests.ts";
import { readSuite, type SuiteProgram } from "./programs.ts";

const limits = { cpuSeconds: 1, wallSeconds: 4 };
const UNKNOWABLE = { first: 271_828_182, second: 314_159_265 };

/** Passes only in a box that shows no trace of the program before. */
const NOSY_CANARY: Job = {
  language: "python",
  code: `import os
def look():
    mine = [p for p in os.listdir("/proc") if p.isdigit() and os.stat("/proc/" + p).st_uid == os.getuid()]
    return [os.listdir("/tmp"), len(mine), os.getpriority(0, 0), os.statvfs("/tmp").f_files - os.statvfs("/tmp").f_ffree]
`,
  tests: { kind: "asserts", asserts: ["assert look() == [[], 1, 0, 1], look()"] },
};

type Language = "python" | "javascript";

function attackJob(language: Language, code: string): Job {
  if (language === "python") {
    const source = `def check(candidate):\n    assert candidate(6, 7) == ${UNKNOWABLE.first}\n    assert candidate(1, 1) == ${UNKNOWABLE.second}\n`;
    return { language, code, tests: { kind: "check", source, entryPoint: "solve" }, limits };
  }
  const source = `assert.strictEqual(solve(6, 7), ${UNKNOWABLE.first}); console.assert(solve(1, 1) === ${UNKNOWABLE.second});`;
  return { language, code, tests: { kind: "script", source, names: ["solve"] }, limits };
}

function honestJob(language: Language, code: string): Job {
  if (language === "python")
    return { language, code, tests: { kind: "asserts", asserts: ["assert solve() == 42"] }, limits };
  return {
    language,
    code,
    tests: { kind: "script", source: "assert.deepStrictEqual(solve(), 42)", names: ["solve"] },
    limits,
  };
}

/** Every program in the one box of its sandbox, and an inquisitive honest program in the same box after it. */
function suite(sandbox: () => Sandbox, programs: SuiteProgram[], job: (code: string) => Job) {
  for (const { name, allowed, code } of programs) {
    it(`gives "${name}" the verdict ${allowed.join(" or ")}, and the next program an untouched box`, async () => {
      const verdict = await sandbox().grade(job(code));
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
    suite(
      () => sandbox,
      readSuite(file),
      (code) => job(language, code),
    );
    it("loses no box to any of them", () => {
      expect(sandbox.statistics()).toEqual({ started: 1, lost: 0 });
    });
  });
}
