import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Job, openSandbox, type Sandbox, type Verdict } from "./index.ts";
import { engineProblem } from "./testing/engine-for-tests.ts";
import { readSuite } from "./testing/programs.ts";

const honest: Job = {
  language: "python",
  code: "def solve(n):\n    return sum(i * i for i in range(n))\n",
  tests: { kind: "asserts", asserts: ["assert solve(1000) == 332833500"] },
};
/** Bytes that this process can't let go of. */
function held(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const bombs = readSuite("attacks.py.txt").filter(({ name }) => /^(bomb|daemon)\//.test(name));

describe.skipIf(engineProblem !== undefined)("a box beside one in which a bomb goes off", () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await openSandbox({ boxes: 2, selfTest: false });
  });
  afterAll(() => sandbox.close());

  it("judges every honest program, and the harness does not grow", { timeout: 600_000 }, async () => {
    const memory = held();
    const verdicts: Verdict[] = [];
    for (const { code } of bombs) {
      const tests = {
        kind: "check",
        source: "def check(f):\n    assert f(6, 7) == 271828182\n",
        entryPoint: "solve",
      } as const;
      let going = true;
      const bomb = sandbox.grade({ language: "python", code, tests, limits: { cpuSeconds: 1, wallSeconds: 3 } });
      const over = () => {
        going = false;
      };
      bomb.then(over, over);
      while (going) verdicts.push(await sandbox.grade(honest));
      expect((await bomb).status).not.toBe("passed");
    }
    expect(verdicts.length).toBeGreaterThan(bombs.length);
    expect(verdicts.filter(({ status, retried }) => status !== "passed" || retried)).toEqual([]);
    expect(held() - memory).toBeLessThan(32 * 2 ** 20);
  });
});
