import type { Grading } from "./job.ts";

/**
 * What became of a program. `sandbox_error` alone is no statement about the program: it must stay out of every
 * denominator, and a program cannot make itself one.
 */
export type VerdictStatus = "passed" | "failed" | "timeout" | "oom" | "crashed" | "forbidden" | "sandbox_error";

/** One captured output stream. */
export interface CapturedText {
  /** The first bytes, decoded leniently. */
  text: string;
  /** All bytes the program wrote. */
  bytes: number;
  /** Whether `text` is less than all of it. */
  truncated: boolean;
}

/** The result of one program, with the facts it rests on. */
export interface Verdict {
  status: VerdictStatus;
  /** Why, at most 300 characters. May quote the candidate: never trust it. */
  detail: string;
  /** Where it ended: loading the program, running its tests, running a whole program, or the sandbox itself. */
  stage: "load" | "tests" | "run" | "sandbox";
  grading: Grading;
  /** Exit code, null after a signal or when unknown. */
  exitCode: number | null;
  /** Signal that ended the program by itself, null otherwise. */
  signal: number | null;
  cpuSeconds: number;
  wallSeconds: number;
  maxRssBytes: number;
  /** Calls the tests made to the candidate. */
  calls: number;
  stdout: CapturedText;
  stderr: CapturedText;
  /** Processes the program left behind; they are gone. */
  leftOverProcesses: number;
  /** Whether this verdict comes from a second, fresh box. */
  retried: boolean;
  /** The first box's error when `retried`. */
  firstError: string | null;
  /** The box that judged it: the first 12 characters of the container id. */
  box: string | null;
}
