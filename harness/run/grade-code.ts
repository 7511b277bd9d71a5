import { type Job, openSandbox, type Sandbox, SandboxUnavailable } from "@assay/sandbox";
import { type Execution, InputError, type JsonObject, type Protocol } from "../contracts/index.ts";
import { compileTemplate } from "../prompt/index.ts";
import type { Grade, Scorable } from "./score-sample.ts";

/** A sandbox that is ready, and what a run record says about it. */
export interface Grader {
  identity: JsonObject;
  gradeFor(protocol: Protocol): Grade | null;
  close(): Promise<void>;
}

/** Opens the sandbox for code tasks. @throws InputError `SANDBOX_UNAVAILABLE` with the reason and the remedy. */
export async function openGrader(): Promise<Grader> {
  const sandbox = await openSandbox().catch((error: unknown) => {
    if (!(error instanceof SandboxUnavailable)) throw error;
    throw new InputError({
      code: "SANDBOX_UNAVAILABLE",
      what: "Code tasks need a container sandbox, and there is none.",
      why: error.message,
      fix: error.remedy,
      cause: error,
    });
  });
  // How many boxes there are depends on the memory that happens to be free, and decides no verdict.
  const { boxes: _boxes, ...identity } = sandbox.identity;
  return {
    identity: JSON.parse(JSON.stringify(identity)) as JsonObject,
    gradeFor: ({ execution }) => (execution ? gradeWith(sandbox, execution) : null),
    close: () => sandbox.close(),
  };
}

function gradeWith(sandbox: Sandbox, execution: Execution): Grade {
  return async (code, { scoring }) => {
    const verdict = await sandbox.grade(jobOf(execution, code, scoring.extra));
    const passed = verdict.status === "sandbox_error" ? null : verdict.status === "passed";
    return { ...(JSON.parse(JSON.stringify(verdict)) as JsonObject), passed, message: verdict.detail };
  };
}

/** Bytes kept in a sample of what a program wrote to stdout, and as many of stderr. */
const keptOutput = 4096;

/** A list, or the JSON text of one as some data sets hold it; cases are told by either pair of names. */
function casesOf(value: unknown): { stdin: string; stdout: string }[] {
  const cases = (typeof value === "string" ? JSON.parse(value) : value) as Record<string, unknown>[];
  return cases.map((one) => ({
    stdin: String(one.stdin ?? one.input ?? ""),
    stdout: String(one.stdout ?? one.output ?? ""),
  }));
}

function jobOf(execution: Execution, code: string, document: Scorable["document"]): Job {
  const text = (source: string) => compileTemplate(source).render(document);
  const list = <T>(source: string) => compileTemplate(source).evaluate(document) as T[];
  const { language, grading, cpuSeconds } = execution;
  const base = { language, code, limits: { cpuSeconds, outputBytes: keptOutput } };
  const names = "names" in execution && execution.names !== undefined ? { names: list<string>(execution.names) } : {};
  const setup = "setup" in execution && execution.setup !== undefined ? { setup: text(execution.setup) } : {};
  switch (execution.tests) {
    case "check":
      return {
        ...base,
        grading,
        tests: { kind: "check", source: text(execution.source), entryPoint: text(execution.entryPoint), ...setup },
      };
    case "asserts":
      return {
        ...base,
        grading,
        tests: { kind: "asserts", asserts: list<string>(execution.asserts), ...setup, ...names },
      };
    case "stdio":
      return {
        ...base,
        tests: { kind: "stdio", cases: casesOf(compileTemplate(execution.cases).evaluate(document)) },
      };
    case "exec":
      return { ...base, tests: { kind: "exec" } };
    case "script":
      return {
        ...base,
        grading,
        tests: { kind: "script", source: text(execution.source), ...setup, names: list<string>(execution.names) },
      };
  }
}
