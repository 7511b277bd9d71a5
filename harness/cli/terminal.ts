import { styleText } from "node:util";
import type { Json } from "../contracts/index.ts";

type Style = Parameters<typeof styleText>[0];

/** Where a command writes: data to stdout, talk to stderr. Tests pass their own. */
export class Terminal {
  /** Arguments as typed, set by the shell; they may hold secrets. */
  argv: readonly string[] = [];
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

  get isInteractive(): boolean {
    return this.stderr.isTTY === true && !this.env.CI;
  }
}
