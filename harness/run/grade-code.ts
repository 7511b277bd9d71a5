import type { Job, Sandbox } from "@assay/sandbox";
import { type Execution, InputError, type JsonObject, type RepositoryExecution } from "../contracts/index.ts";
import { compileTemplate } from "../prompt/index.ts";
import type { Grade, Scorable } from "./score-sample.ts";

type ProgramExecution = Exclude<Execution, RepositoryExecution>;

/** Judges programs. */
export function gradeProgramWith(sandbox: Sandbox, execution: ProgramExecution): Grade {
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
  const cases = typeof value === "string" ? parsed(value) : value;
  if (!Array.isArray(cases) || cases.length === 0) throw casesMalformed("They are no list with something in it.");
  return (cases as Record<string, unknown>[]).map((one) => ({
    stdin: textOf(one.stdin ?? one.input),
    stdout: textOf(one.stdout ?? one.output),
  }));
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw casesMalformed((cause as Error).message);
  }
}

function casesMalformed(why: string): InputError {
  return new InputError({
    code: "CASES_MALFORMED",
    what: "The stdin and stdout cases of an item can't be read.",
    why,
    fix: "Correct `execution.cases`: a list, or the JSON text of one, of {stdin, stdout}.",
  });
}

function jobOf(execution: ProgramExecution, code: string, document: Scorable["document"]): Job {
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
