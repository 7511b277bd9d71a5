import type { Job } from "../job.ts";

/** An honest program: where it does not pass, the sandbox is at fault. */
export const CANARY: Job = {
  language: "python",
  code: "def add(a, b):\n    return a + b\n",
  tests: { kind: "check", source: "def check(candidate):\n    assert candidate(2, 3) == 5\n", entryPoint: "add" },
};
