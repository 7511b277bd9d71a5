import type { ToolchainLanguage } from "./grade/languages.ts";

/** Limits of one program. One limit for the whole program, never one per call. */
export interface Limits {
  /** CPU seconds, whole numbers; decides before wall time. @default 3 */
  cpuSeconds: number;
  /** Wall seconds, without those in which the machine gave it no core (up to three times as many). @default 2 × cpuSeconds + 2 */
  wallSeconds: number;
  /** Bytes kept of each of stdout and stderr; the rest is counted. @default 65,536 */
  outputBytes: number;
  /** Address space of one process, MiB. @default 2,048 */
  addressSpaceMiB: number;
  /** Processes and threads at a time. @default 32 */
  processes: number;
}

/** Tests that define `check(candidate)` and are given the function named `entryPoint` (HumanEval's shape). */
export interface CheckTests {
  kind: "check";
  source: string;
  entryPoint: string;
  /** Code the tests rely on (imports, helpers of the prompt); runs beside the tests, never from the candidate. */
  setup?: string;
}

/** Statements that call the candidate's functions by name (MBPP's shape). */
export interface AssertTests {
  kind: "asserts";
  asserts: readonly string[];
  setup?: string;
  /** The candidate's names where they hide builtins; otherwise every name nobody else defines is the candidate's. */
  names?: readonly string[];
}

/** A program that reads stdin and writes stdout, once per case; outputs are compared on the host, line by line. */
export interface StdioTests {
  kind: "stdio";
  cases: readonly { stdin: string; stdout: string }[];
}

/** A program that passes when it ends by itself with exit code 0. */
export interface ExecTests {
  kind: "exec";
}

/** Source text in the candidate's language that calls its functions and throws, or exits with an error, on a wrong answer. */
export interface ScriptTests {
  kind: "script";
  source: string;
  /** Helpers of the data set that the script calls; run beside it, never from the candidate. */
  setup?: string;
  /** The candidate's functions the script calls. */
  names: readonly string[];
}

/** How candidate and tests are kept apart. `in_process` can be forged and results must say so. */
export type Grading = "split" | "in_process" | "stdio";

/** Python by the fork server, JavaScript and TypeScript in isolates, the others by their own tools. */
export type Language = "python" | "javascript" | "typescript" | ToolchainLanguage;

/** One program to judge. */
export interface Job {
  language: Language;
  /** The candidate's whole program. */
  code: string;
  tests: CheckTests | AssertTests | StdioTests | ExecTests | ScriptTests;
  /** @default "split" for tests that call functions, "stdio" for stdin/stdout, "in_process" for exec. Never a fall-back. */
  grading?: Grading;
  limits?: Partial<Limits>;
}

const MOST = { cpuSeconds: 600, wallSeconds: 3600, outputBytes: 4 * 2 ** 20, addressSpaceMiB: 65_536, processes: 40 };

/** Fills in every limit a job leaves out, and keeps all of them within what a box can stand. */
export function resolveLimits(limits: Partial<Limits> = {}): Limits {
  const within = (name: keyof Limits, otherwise: number) => Math.min(limits[name] ?? otherwise, MOST[name]);
  const cpuSeconds = Math.max(1, Math.ceil(within("cpuSeconds", 3)));
  return {
    cpuSeconds,
    wallSeconds: within("wallSeconds", 2 * cpuSeconds + 2),
    outputBytes: within("outputBytes", 65_536),
    addressSpaceMiB: within("addressSpaceMiB", 2048),
    processes: within("processes", 32),
  };
}

/** The grading a job will get: what it asks for, or what its tests imply. */
export function gradingOf(job: Job): Grading {
  if (job.tests.kind === "stdio") return "stdio";
  if (job.tests.kind === "exec") return "in_process";
  return job.grading ?? "split";
}
