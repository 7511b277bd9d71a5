import type { Engine } from "../engine/discover.ts";
import { applyPatch, applyTestPatch } from "./apply-patch.ts";
import { type CommandResult, InstanceContainer } from "./instance-container.ts";
import { judgeResults } from "./judge-results.ts";
import { logParsers } from "./log-parsers.ts";
import { patchFiles, strictFiles } from "./patch-files.ts";
import type { RepositoryJob, RepositoryVerdict } from "./repository-job.ts";

/** Bytes of the tests' output kept in a verdict: its end, where the summary is. */
const keptOutput = 8192;
const mostDetail = 300;

const nothing = { text: "", bytes: 0, truncated: false };

/** A verdict with everything in it that isn't known yet. */
export function repositoryVerdict(
  parts: Pick<RepositoryVerdict, "status" | "detail" | "stage"> & Partial<RepositoryVerdict>,
): RepositoryVerdict {
  const judged = parts.status !== "sandbox_error";
  return {
    passed: judged ? false : null,
    strict: judged ? false : null,
    strictFiles: [],
    grading: "in_process",
    failToPass: null,
    passToPass: null,
    appliedBy: null,
    exitCode: null,
    wallSeconds: 0,
    stdout: nothing,
    imageId: null,
    ...parts,
    detail: parts.detail.slice(0, mostDetail),
  };
}

/**
 * Judges a patch in a fresh container of its instance's image: the patch is applied, the tests' files are put back and
 * patched, the tests run, their log is read. Never rejects for what patch, tests or engine do: those are verdicts.
 */
export async function gradeRepository(engine: Engine, imageId: string, job: RepositoryJob): Promise<RepositoryVerdict> {
  let container: InstanceContainer | undefined;
  try {
    container = await InstanceContainer.start(engine, imageId, job);
    return { ...(await gradeIn(container, job)), imageId };
  } catch (error) {
    const detail = `the engine failed: ${(error as Error).message}`;
    return repositoryVerdict({ status: "sandbox_error", stage: "sandbox", detail, imageId });
  } finally {
    await container?.remove();
  }
}

async function gradeIn(container: InstanceContainer, job: RepositoryJob): Promise<RepositoryVerdict> {
  const files = patchFiles(job.testPatch);
  if (job.patch.trim() === "")
    return repositoryVerdict({ status: "failed", stage: "patch", detail: "the patch is empty" });
  await container.put([
    { name: "assay-model.diff", text: withNewline(job.patch) },
    { name: "assay-tests.diff", text: withNewline(job.testPatch) },
  ]);
  const application = await applyPatch(container, "/tmp/assay-model.diff");
  if (application.by === null) {
    const detail = `the patch does not apply: ${lastLine(application.output)}`;
    return repositoryVerdict({ status: "failed", stage: "patch", detail });
  }
  const tests = { baseCommit: job.baseCommit, files, path: "/tmp/assay-tests.diff" };
  const problem = await applyTestPatch(container, tests);
  if (problem !== null) {
    const detail = `the tests' own patch does not apply: ${lastLine(problem)}`;
    return repositoryVerdict({ status: "sandbox_error", stage: "sandbox", detail, appliedBy: application.by });
  }
  const run = await container.run(job.testCommand, { seconds: job.seconds });
  return judgeRun(run, job, application.by);
}

/** The verdict that follows from a finished test command. Pure. */
function judgeRun(run: CommandResult, job: RepositoryJob, appliedBy: string): RepositoryVerdict {
  const results = logParsers[job.logParser](run.output);
  const { resolved, failToPass, passToPass } = judgeResults(results, job);
  const forbidden = strictFiles(job.patch, job.testPatch);
  const known = {
    failToPass,
    passToPass,
    appliedBy,
    strictFiles: forbidden,
    exitCode: run.exitCode,
    wallSeconds: run.seconds,
    stdout: { text: run.output.slice(-keptOutput), bytes: run.bytes, truncated: run.bytes > keptOutput },
    stage: "tests" as const,
  };
  if (run.exitCode === null)
    return repositoryVerdict({ ...known, status: "timeout", detail: `the tests ran longer than ${job.seconds} s` });
  const doubt = doubtOf(run, [...results.values()]);
  if (resolved && doubt === null)
    return repositoryVerdict({ ...known, status: "passed", passed: true, strict: forbidden.length === 0, detail: "" });
  const missing = [...failToPass.failed, ...passToPass.failed];
  const detail =
    resolved || results.size === 0 ? (doubt ?? "") : `${missing.length} tests do not pass, first ${missing[0]}`;
  return repositoryVerdict({ ...known, status: "failed", detail });
}

/** Why a log is no evidence, whatever it says: a suite that ended by itself names its failures. */
function doubtOf(run: CommandResult, statuses: readonly string[]): string | null {
  if (statuses.length === 0) return "the log names no test";
  if (run.truncated) return "the log is too long to be kept whole";
  const failures = statuses.some((status) => status === "FAILED" || status === "ERROR");
  return run.exitCode !== 0 && !failures
    ? `the tests ended with exit code ${run.exitCode} and no failure in the log`
    : null;
}

const withNewline = (text: string): string => (text.endsWith("\n") ? text : `${text}\n`);

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
