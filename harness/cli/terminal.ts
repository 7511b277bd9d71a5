import { styleText } from "node:util";
import { AssayError, type Json, ProblemsError } from "../contracts/index.ts";
import { shellLine } from "./command-line.ts";

type Style = Parameters<typeof styleText>[0];

/** Where a command writes: data to stdout, talk to stderr. Tests pass their own. */
export class Terminal {
  /** The command as it may be recorded; set by the shell. */
  commandLine: string[] = ["assay"];
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;

  constructor(
    stdout: NodeJS.WritableStream = process.stdout,
    stderr: NodeJS.WriteStream = process.stderr,
    env = process.env,
  ) {
    this.stdout = stdout;
    this.stderr = stderr;
    this.env = env;
  }

  /** A line of data. */
  print(text: string): void {
    this.stdout.write(`${text}\n`);
  }

  /** One strict JSON value, nothing else, on stdout. */
  json(value: unknown): void {
    this.stdout.write(`${JSON.stringify(value as Json, null, 2)}\n`);
  }

  /** A line of talk. */
  say(text = ""): void {
    this.stderr.write(`${text}\n`);
  }

  /** Colours text where people read it; honours NO_COLOR and pipes. */
  style(style: Style, text: string, stream: "stdout" | "stderr" = "stderr"): string {
    if (this.env.NO_COLOR) return text;
    return styleText(style, text, { stream: stream === "stderr" ? this.stderr : (this.stdout as NodeJS.WriteStream) });
  }

  /** The command as a shell takes it. */
  get shellLine(): string {
    return shellLine(this.commandLine);
  }

  get isInteractive(): boolean {
    return this.stderr.isTTY === true && !this.env.CI;
  }
}

/** What a user reads when something is wrong: what happened, why, what to do, under its code. Ours keep their stack. */
export function renderError(error: unknown, terminal: Terminal): string {
  if (error instanceof ProblemsError) return error.problems.map((problem) => renderError(problem, terminal)).join("\n");
  if (error instanceof AssayError) {
    const head = `${terminal.style(["red", "bold"], "✗")} ${error.what} ${terminal.style("dim", `[${error.code}]`)}`;
    return [head, error.why && `  Why: ${error.why}`, error.fix && `  Do:  ${error.fix}`].filter(Boolean).join("\n");
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${terminal.style(["red", "bold"], "✗")} This is a fault of Assay itself. Please report it with the lines below.\n${stack}`;
}

/** The same for `--json`: strict, and without a stack. */
export function errorJson(error: unknown): unknown {
  if (error instanceof ProblemsError) return { errors: error.problems.map(one) };
  return { errors: [one(error)] };
}

function one(error: unknown): unknown {
  if (!(error instanceof AssayError)) return { code: "INTERNAL", what: String(error), why: null, fix: null };
  return { code: error.code, what: error.what, why: error.why ?? null, fix: error.fix ?? null };
}
