import type { BoxFacts } from "../box/facts.ts";
import { type Grading, gradingOf, type Job, resolveLimits } from "../job.ts";
import type { CapturedText, Verdict, VerdictStatus } from "../verdict.ts";

const SIGKILL = 9;
const SIGXCPU = 24;
const SIGSYS = 31;
/** The kernel counts CPU time in ticks of 10 ms or less; a kill at the hard limit may read a little low. */
const CPU_TOLERANCE = 0.1;
const DETAIL = 300;

type Judgement = Pick<Verdict, "status" | "detail" | "stage">;

function judgement(status: VerdictStatus, detail: string, stage: Verdict["stage"]): Judgement {
  return { status, detail: detail.slice(0, DETAIL), stage };
}

/** How a program that ended before its verdict ended. */
function ending(facts: BoxFacts, cpuSeconds: number, stage: Verdict["stage"]): Judgement {
  const signal = -facts.exit;
  if (facts.killed && signal === SIGKILL) return judgement("failed", "stopped answering its tests", stage);
  // A program may send itself the signal: only together with the time it stands for is it a time-out. The kernel sends
  // it by ticks, which may run ahead of the time used.
  if ((signal === SIGXCPU || signal === SIGKILL) && facts.cpu >= cpuSeconds / 2) {
    return judgement("timeout", `used more than ${cpuSeconds} s of CPU`, stage);
  }
  if (signal === SIGSYS) return judgement("forbidden", "made a forbidden system call", stage);
  if (signal > 0) return judgement("crashed", `ended by signal ${signal}`, stage);
  const last = facts.stderr.text.trim().split("\n").at(-1) ?? "";
  return judgement("failed", last || `ended early with exit code ${facts.exit}`, stage);
}

/** A program that puts off the signal at its limit may go on for a second; finishing in it is too late. */
function late(facts: BoxFacts, job: Job, stage: Verdict["stage"]): Judgement | undefined {
  const { cpuSeconds } = resolveLimits(job.limits);
  if (facts.cpu <= cpuSeconds + CPU_TOLERANCE) return undefined;
  return judgement("timeout", `used more than ${cpuSeconds} s of CPU`, stage);
}

/** What overrides every word of the grader but `passed`. */
function excess(facts: BoxFacts, job: Job, stage: Verdict["stage"]): Judgement | undefined {
  const limits = resolveLimits(job.limits);
  if (facts.memoryKills > 0) return judgement("oom", "the box ran out of memory", stage);
  if (facts.timedOut) {
    const cpu = facts.overCpu || facts.cpu >= limits.cpuSeconds - CPU_TOLERANCE;
    return judgement(
      "timeout",
      cpu ? `used more than ${limits.cpuSeconds} s of CPU` : `ran longer than ${limits.wallSeconds} s`,
      stage,
    );
  }
  if (facts.flood) return judgement("failed", "wrote more output than is allowed", stage);
  return undefined;
}

function judgeSplit(facts: BoxFacts, job: Job): Judgement {
  const { grader } = facts;
  const stage = grader?.stage === "load" ? "load" : "tests";
  if (grader?.status === "passed") return late(facts, job, stage) ?? judgement("passed", "", stage);
  const over = excess(facts, job, stage);
  if (over !== undefined) return over;
  if (facts.graderLost || grader == null)
    return judgement("sandbox_error", "the grader ended without a verdict", "sandbox");
  if (grader.stage === "task")
    return judgement("sandbox_error", `the tests do not compile: ${grader.detail}`, "sandbox");
  if (grader.status === "gone") return ending(facts, resolveLimits(job.limits).cpuSeconds, stage);
  return judgement("failed", grader.detail, stage);
}

function judgeIsolate(facts: BoxFacts, job: Job): Judgement {
  const { isolate } = facts;
  const stage = isolate?.stage === "load" ? "load" : "tests";
  if (isolate?.status === "passed") return late(facts, job, stage) ?? judgement("passed", "", stage);
  const over = excess(facts, job, stage);
  if (over !== undefined) return over;
  if (isolate == null) return judgement("crashed", `the isolate's process ended (${facts.exit})`, stage);
  if (isolate.stage === "task")
    return judgement("sandbox_error", `the tests do not compile: ${isolate.detail}`, "sandbox");
  return judgement(isolate.status, isolate.detail || isolate.status, stage);
}

function judgeBuild(facts: BoxFacts): Judgement {
  if (facts.memoryKills > 0) return judgement("oom", "the build ran out of memory", "load");
  if (facts.timedOut) return judgement("timeout", "the build ran too long", "load");
  if (facts.exit === 0 && (facts.built ?? 0) > 0) return judgement("passed", "", "load");
  const said = `${facts.stderr.text}\n${facts.stdout.text}`.split("\n").filter((line) => line.trim() !== "");
  const problem = said.find((line) => /error|cannot|no such/i.test(line)) ?? said[0];
  return judgement("failed", problem ?? `the build ended with exit code ${facts.exit}`, "load");
}

function judgeWhole(facts: BoxFacts, job: Job): Judgement {
  // Only Python can prove that the end of its tests was reached; elsewhere the exit code has to do.
  const byExit = job.tests.kind === "stdio" || job.tests.kind === "exec" || job.language !== "python";
  const proof = byExit ? facts.exit === 0 : facts.proved;
  const over = excess(facts, job, "run");
  if (over !== undefined) return over;
  if (proof) return late(facts, job, "run") ?? judgement("passed", "", "run");
  return ending(facts, resolveLimits(job.limits).cpuSeconds, "run");
}

function captured(output: { text: string; bytes: number }, limit: number): CapturedText {
  const text = output.text.slice(0, limit);
  return { text, bytes: output.bytes, truncated: output.bytes > Buffer.byteLength(text) };
}

/**
 * Turns the facts of a box into a verdict. Pure; the order of checks is the order of the verdicts' definitions:
 * passed, out of memory, time, forbidden call, failure, crash.
 */
export function classify(job: Job, facts: BoxFacts, box: string): Verdict {
  const grading: Grading = gradingOf(job);
  const limit = resolveLimits(job.limits).outputBytes;
  const isolated = job.language === "javascript" || job.language === "typescript";
  const judged =
    facts.built !== undefined
      ? judgeBuild(facts)
      : isolated
        ? judgeIsolate(facts, job)
        : grading === "split"
          ? judgeSplit(facts, job)
          : judgeWhole(facts, job);
  return {
    ...judged,
    grading,
    exitCode: facts.exit >= 0 ? facts.exit : null,
    signal: facts.exit < 0 && !(facts.killed && facts.exit === -SIGKILL) ? -facts.exit : null,
    cpuSeconds: facts.cpu,
    wallSeconds: facts.wall,
    maxRssBytes: facts.rss,
    calls: facts.grader?.calls ?? facts.isolate?.calls ?? 0,
    stdout: captured(facts.isolate?.output ?? facts.stdout, limit),
    stderr: captured(facts.stderr, limit),
    leftOverProcesses: facts.left,
    retried: false,
    firstError: null,
    box,
  };
}
