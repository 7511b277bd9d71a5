/** What an {@link AssayError} is made of. */
export interface ErrorParts {
  /** Permanent identifier, e.g. `DATA_OFFLINE_MISSING`. Never reused for something else. */
  code: string;
  /** What happened, one sentence. */
  what: string;
  /** Why it happened, as far as known. */
  why?: string;
  /** What to do about it: a command where there is one. */
  fix?: string;
  /** Machine-readable facts (status, file, line …). Never a secret. */
  details?: Record<string, unknown>;
  cause?: unknown;
}

/**
 * The base of every error that Assay explains: what happened, why, what to do, under a permanent code.
 * Anything else that is thrown is a fault of ours and keeps its stack.
 */
export class AssayError extends Error {
  override readonly name: string = "AssayError";
  readonly code: string;
  readonly what: string;
  readonly why: string | undefined;
  readonly fix: string | undefined;
  readonly details: Record<string, unknown>;

  constructor(parts: ErrorParts) {
    super([parts.what, parts.why, parts.fix].filter(Boolean).join(" "), { cause: parts.cause });
    this.code = parts.code;
    this.what = parts.what;
    this.why = parts.why;
    this.fix = parts.fix;
    this.details = parts.details ?? {};
  }
}

/** The user's input (flags, task file, data) can't be used as it is. Ends the command with exit code 2. */
export class InputError extends AssayError {
  override readonly name = "InputError";
}

/** Several problems of one command, reported together before anything is spent. */
export class ProblemsError extends AssayError {
  override readonly name = "ProblemsError";
  readonly problems: AssayError[];

  constructor(problems: AssayError[]) {
    super({
      code: "PROBLEMS",
      what: problems.length === 1 ? "A problem stands in the way." : `${problems.length} problems stand in the way.`,
      details: { codes: problems.map((problem) => problem.code) },
    });
    this.problems = problems;
  }
}
