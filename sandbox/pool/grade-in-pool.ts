import { type Box, BoxLost } from "../box/box.ts";
import { classify } from "../grade/classify.ts";
import { sameOutput } from "../grade/same-output.ts";
import { toRequests } from "../grade/to-request.ts";
import { gradingOf, type Job } from "../job.ts";
import type { Verdict } from "../verdict.ts";
import { canaryFor } from "./canary.ts";
import type { BoxPool } from "./pool.ts";

const NOTHING = { text: "", bytes: 0, truncated: false };

function unscored(job: Job, reason: string, box: string | null): Verdict {
  return {
    status: "sandbox_error",
    detail: reason.slice(0, 300),
    stage: "sandbox",
    grading: gradingOf(job),
    exitCode: null,
    signal: null,
    cpuSeconds: 0,
    wallSeconds: 0,
    maxRssBytes: 0,
    calls: 0,
    stdout: NOTHING,
    stderr: NOTHING,
    leftOverProcesses: 0,
    retried: false,
    firstError: null,
    box,
  };
}

/** A verdict, and whether the box that gave it is fit for another program. */
interface Graded {
  verdict: Verdict;
  clean: boolean;
}

/** Judges a job in one box: every stdin/stdout case in turn until one fails. Rejects with {@link BoxLost}. */
async function gradeInBox(box: Box, job: Job): Promise<Graded> {
  let spent = { cpuSeconds: 0, wallSeconds: 0 };
  const requests = toRequests(job);
  let tested = -1;
  for (const [index, request] of requests.entries()) {
    const facts = await box.run(request);
    let verdict = classify(job, facts, box.id);
    const building = request.mode === "build";
    if (!building) tested += 1;
    const expected = job.tests.kind === "stdio" && !building ? job.tests.cases[tested]?.stdout : undefined;
    if (verdict.status === "passed" && expected !== undefined && !sameOutput(facts.stdout, expected)) {
      verdict = { ...verdict, status: "failed", detail: `case ${tested + 1}: wrong output`, stage: "tests" };
    }
    if (!building)
      spent = {
        cpuSeconds: spent.cpuSeconds + verdict.cpuSeconds,
        wallSeconds: spent.wallSeconds + verdict.wallSeconds,
      };
    if (verdict.status !== "passed" || !facts.clean || index === requests.length - 1) {
      const unfinished = verdict.status === "passed" && index < requests.length - 1;
      if (unfinished) throw new BoxLost("the box could not be cleaned between two cases");
      return { verdict: { ...verdict, ...spent }, clean: facts.clean };
    }
  }
  throw new RangeError("a job without a single case");
}

/** One attempt; a lost box becomes a verdict that says so. */
async function attempt(box: Box, job: Job): Promise<Graded & { outOfMemory: boolean }> {
  try {
    return { ...(await gradeInBox(box, job)), outOfMemory: false };
  } catch (error) {
    if (!(error instanceof BoxLost)) throw error;
    return { verdict: unscored(job, error.message, box.id), clean: false, outOfMemory: error.outOfMemory };
  }
}

async function attemptFresh(pool: BoxPool, job: Job): Promise<Graded & { outOfMemory: boolean }> {
  let box: Box;
  try {
    box = await pool.fresh();
  } catch (error) {
    return { verdict: unscored(job, (error as Error).message, null), clean: false, outOfMemory: false };
  }
  try {
    return await attempt(box, job);
  } finally {
    await pool.discard(box);
  }
}

/** A second chance in a box of its own; if that is lost too, an honest program decides whose fault it was. */
async function gradeAgain(pool: BoxPool, job: Job, first: Verdict, firstOutOfMemory: boolean): Promise<Verdict> {
  const retried = { retried: true, firstError: first.detail };
  const second = await attemptFresh(pool, job);
  if (second.verdict.status !== "sandbox_error") return { ...second.verdict, ...retried };
  if (second.verdict.box === null) return { ...second.verdict, ...retried };
  const canary = await attemptFresh(pool, canaryFor(job.language));
  if (canary.verdict.status !== "passed") {
    return {
      ...second.verdict,
      ...retried,
      detail: `an honest program does not pass either: ${canary.verdict.detail}`,
    };
  }
  const status = firstOutOfMemory && second.outOfMemory ? "oom" : "crashed";
  return { ...second.verdict, ...retried, status, detail: `the program ended two boxes: ${second.verdict.detail}` };
}

/**
 * Judges one program. Never rejects for what a program or an engine does: those are verdicts.
 */
export async function gradeInPool(pool: BoxPool, job: Job): Promise<Verdict> {
  let first: Graded & { outOfMemory: boolean };
  try {
    first = await pool.use(async (box) => {
      const result = await attempt(box, job);
      return { result, keep: result.clean && result.verdict.status !== "sandbox_error" };
    });
  } catch (error) {
    if (!(error instanceof BoxLost)) throw error;
    return unscored(job, error.message, null);
  }
  if (first.verdict.status !== "sandbox_error") return first.verdict;
  // Tests that do not compile will not compile in another box.
  if (first.verdict.detail.startsWith("the tests do not compile")) return first.verdict;
  return gradeAgain(pool, job, first.verdict, first.outOfMemory);
}
