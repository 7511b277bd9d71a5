import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { onTestFinished } from "vitest";
import type { RunRecord, Sample } from "../../contracts/index.ts";
import { readRun, readSamples } from "../../record/index.ts";
import { type ChatServer, type Script, startChatServer } from "../../run/testing/chat-server.ts";
import { scratch, writeToyTask } from "../../run/testing/toy-task.ts";
import { main } from "../main.ts";
import { Terminal } from "../terminal.ts";

/** What a command left. */
export interface Outcome {
  code: number;
  out: string;
  err: string;
}

export const secret = "sk-test-secret-123";
const cli = fileURLToPath(new URL("../assay.mjs", import.meta.url));

/** A scripted server that is closed when the test ends. */
export async function serve(script: Script): Promise<ChatServer> {
  const server = await startChatServer(script);
  onTestFinished(() => server.close());
  return server;
}

/** Runs a command line in this process. */
export async function assay(...argv: string[]): Promise<Outcome> {
  const out = new PassThrough();
  const err = new PassThrough();
  const env = { ...process.env, NO_COLOR: "1", OPENAI_API_KEY: secret };
  const code = await main(argv, new Terminal(out, err as unknown as NodeJS.WriteStream, env));
  return { code, out: String(out.read() ?? ""), err: String(err.read() ?? "") };
}

/** Runs a command line as a process of its own. */
export function startAssay(
  argv: readonly string[],
  env: Record<string, string> = {},
): { child: ChildProcess; ended: Promise<Outcome> } {
  return start([process.execPath, cli, ...argv], env);
}

/** The same from a shell that has been limited, e.g. by `ulimit -n 64`. */
export function assayUnder(limit: string, argv: readonly string[]): Promise<Outcome> {
  return start(["/bin/sh", "-c", `${limit} && exec "$0" "$@"`, process.execPath, cli, ...argv], {}).ended;
}

function start(
  [file = "", ...args]: readonly string[],
  env: Record<string, string>,
): { child: ChildProcess; ended: Promise<Outcome> } {
  const child = spawn(file, args, { env: { ...process.env, NO_COLOR: "1", OPENAI_API_KEY: secret, ...env } });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  const ended = new Promise<Outcome>((resolve) => {
    child.once("close", (code) =>
      resolve({ code: code ?? -1, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }),
    );
  });
  return { child, ended };
}

/** A toy task of so many sums, a folder for results, and the flags that name them. */
export function setting(size?: number): { tasks: string; results: string; flags: string[] } {
  const tasks = writeToyTask(size);
  const results = scratch("results");
  return { tasks, results, flags: ["--tasks", tasks, "--results", results, "--no-cache", "--json"] };
}

/** The single run in a results folder. */
export async function onlyRun(results: string): Promise<{ record: RunRecord; samples: Sample[]; folder: string }> {
  const [id = ""] = readdirSync(join(results, "runs"));
  const folder = join(results, "runs", id);
  const record = (await readRun(folder)) as RunRecord;
  const samples: Sample[] = [];
  for await (const sample of readSamples(folder, record)) samples.push(sample);
  return { record, samples, folder };
}

/** Every file of a run as text, with times and what follows from them put aside: what two equal runs must share byte for byte. */
export function timelessFiles(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [name, timeless(folder, name)]),
  );
}

function timeless(folder: string, name: string): string {
  const bytes = readFileSync(join(folder, name));
  if (name.endsWith(".gz"))
    return gunzipSync(bytes)
      .toString("utf8")
      .replace(/"(firstByteMs|totalMs)":[\d.]+/g, '"$1":0');
  const record = JSON.parse(bytes.toString("utf8")) as RunRecord;
  const shards = record.samples.map(({ file, samples }) => ({ file, samples }));
  const times = { startedAt: "", finishedAt: "", seconds: 0, latency: null, command: [], samples: shards };
  return JSON.stringify({ ...record, ...times }, null, 2);
}
