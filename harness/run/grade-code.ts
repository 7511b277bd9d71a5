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
  return {
    identity: JSON.parse(JSON.stringify(sandbox.identity)) as JsonObject,
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

function jobOf(execution: Execution, code: string, document: Scorable["document"]): Job {
  const text = (source: string) => compileTemplate(source).render(document);
  const list = <T>(source: string) => compileTemplate(source).evaluate(document) as T[];
  const { language, grading, cpuSeconds } = execution;
  const base = { language, code, limits: { cpuSeconds } };
  const setup = "setup" in execution && execution.setup !== undefined ? { setup: text(execution.setup) } : {};
  switch (execution.tests) {
    case "check":
      return {
        ...base,
        grading,
        tests: { kind: "check", source: text(execution.source), entryPoint: text(execution.entryPoint), ...setup },
      };
    case "asserts":
      return { ...base, grading, tests: { kind: "asserts", asserts: list<string>(execution.asserts), ...setup } };
    case "stdio":
      return { ...base, tests: { kind: "stdio", cases: list<{ stdin: string; stdout: string }>(execution.cases) } };
    case "exec":
      return { ...base, tests: { kind: "exec" } };
    case "script":
      return {
        ...base,
        grading,
        tests: { kind: "script", source: text(execution.source), names: list<string>(execution.names) },
      };
  }
}
