import type { LogParser } from "./log-parsers.ts";

/** A repository in a container image, at the state in which a task finds it. */
export interface RepositoryInstance {
  /** Image on the engine, e.g. `swebench/sweb.eval.x86_64.…:latest`. Never pulled by us. */
  image: string;
  /** Where the repository lies in the image. @default "/testbed" */
  folder: string;
  /** Shell commands that make the environment ready, e.g. activating it; run before every command. */
  prepare: string;
}

/** A patch to judge by the tests of a repository (SWE-bench's shape). */
export interface RepositoryJob extends RepositoryInstance {
  /** The model's change as a unified diff. */
  patch: string;
  /** Commit that the test files are reset to. */
  baseCommit: string;
  /** The tests' change as a unified diff. */
  testPatch: string;
  /** Runs the tests and prints their results. */
  testCommand: string;
  logParser: LogParser;
  /** Tests that must pass now and did not before. */
  failToPass: readonly string[];
  /** Tests that passed before and still must. */
  passToPass: readonly string[];
  /** Wall seconds of the test command. */
  seconds: number;
}

/** How many of a list of tests passed, and which did not. */
export interface TestCounts {
  passed: number;
  failed: readonly string[];
}

/** What became of a patch. */
export interface RepositoryVerdict {
  /**
   * `sandbox_error` alone is no statement about the patch (no image, the engine failed, the tests' own patch does not
   * apply): it must stay out of every denominator.
   */
  status: "passed" | "failed" | "timeout" | "sandbox_error";
  /** Upstream's rule: all of both lists pass. Null where nothing was judged. */
  passed: boolean | null;
  /** As `passed`, and the patch touches nothing that decides how tests run. */
  strict: boolean | null;
  /** Files for which the strict rule turns a patch down. */
  strictFiles: readonly string[];
  detail: string;
  stage: "image" | "patch" | "tests" | "sandbox";
  /** Patch and tests share a process: a patch can forge results, whatever the container. */
  grading: "in_process";
  failToPass: TestCounts | null;
  passToPass: TestCounts | null;
  /** How the patch was applied, e.g. `git apply`. */
  appliedBy: string | null;
  exitCode: number | null;
  /** Wall seconds of the test command. */
  wallSeconds: number;
  /** The end of the test command's output. */
  stdout: { text: string; bytes: number; truncated: boolean };
  /** Id of the image's configuration. */
  imageId: string | null;
}
