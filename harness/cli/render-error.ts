import { AssayError, InputError, ProblemsError } from "../contracts/index.ts";
import { FlagError } from "./flag-error.ts";
import type { Terminal } from "./terminal.ts";

/** What a user reads when something is wrong: what happened, why, what to do, under its code. Ours keep their stack. */
export function renderError(thrown: unknown, terminal: Terminal): string {
  const error = explained(thrown);
  if (error instanceof ProblemsError) return error.problems.map((problem) => renderError(problem, terminal)).join("\n");
  if (error instanceof AssayError) {
    const head = `${terminal.style(["red", "bold"], "✗")} ${error.what} ${terminal.style("dim", `[${error.code}]`)}`;
    return [head, error.why && `  Why: ${error.why}`, error.fix && `  Do:  ${error.fix}`].filter(Boolean).join("\n");
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${terminal.style(["red", "bold"], "✗")} This is a fault of Assay itself. Please report it with the lines below.\n${stack}`;
}

/** The same for `--json`: strict, and without a stack. */
export function errorJson(thrown: unknown): { errors: unknown[] } {
  const error = explained(thrown);
  if (error instanceof ProblemsError) return { errors: error.problems.map(one) };
  return { errors: [one(error)] };
}

function one(error: unknown): unknown {
  if (!(error instanceof AssayError)) return { code: "INTERNAL", what: String(error), why: null, fix: null };
  return { code: error.code, what: error.what, why: error.why ?? null, fix: error.fix ?? null };
}

function explained(error: unknown): unknown {
  if (!(error instanceof FlagError)) return error;
  return new InputError({ code: "FLAG_INVALID", what: error.what, fix: error.fix, cause: error });
}
