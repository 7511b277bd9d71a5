/**
 * Asks the same questions through lm-evaluation-harness or Inspect and through Assay, at one local server, and compares what was
 * asked, what was read out of the answers, and the scores.
 *
 *     node scripts/parity/run.ts [--only gsm8k] [--limit 8] [--full] [--report]
 *
 * Data: a folder with a mirror of the Hub named by ASSAY_SHARED (its hub/ is read by both sides; HF_ENDPOINT must serve it),
 * otherwise the Hub. `--report` writes what came out into the tables in README.md.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readRun, readSamples, runFolder } from "../../harness/record/index.ts";
import { type Planned, planRequests, prepare } from "../../harness/run/index.ts";
import { parseSet, resolve, taskRoots } from "../../harness/task/index.ts";
import { answerFor, promptKey } from "./answers.ts";
import type { ParityCase } from "./cases.ts";
import {
  type CaseResult,
  compareAnswers,
  compareRequests,
  compareScores,
  inOurOrder,
  type OurRun,
  type TheirRun,
} from "./compare.ts";
import { cacheFolder } from "./install.ts";
import { type Mirror, writeOwnData } from "./own-data.ts";
import { type Reference, references } from "./references.ts";
import { writeReport } from "./report.ts";
import { type LoggedRequest, type ParityServer, startServer } from "./server.ts";

const root = join(import.meta.dirname, "../..");
const work = mkdtempSync(join(tmpdir(), "assay-parity-"));
const own = writeOwnData(work);
const { values: options } = parseArgs({
  options: {
    limit: { type: "string" },
    only: { type: "string", default: "" },
    full: { type: "boolean", default: false },
    report: { type: "boolean", default: false },
  },
});

interface Job extends ParityCase {
  id: string;
  limit?: number;
}

function jobsOf({ cases }: Reference): Job[] {
  return cases
    .map((one) => ({ ...one, id: [one.protocol, one.task, ...argumentsOf(one)].join(" ") }))
    .filter(({ id }) => id.includes(options.only))
    .map(({ limit, ...one }) => {
      const most = options.full ? undefined : options.limit === undefined ? limit : Number(options.limit);
      return { ...one, ...(most === undefined || one.groups ? {} : { limit: most }) };
    });
}

/** As Inspect's command line takes them. */
function argumentsOf({ arguments: given = {} }: ParityCase): string[] {
  return Object.entries(given).map(([name, value]) => `-T ${name}=${String(value)}`);
}

/** Data sets by the references' names for them. */
function mirrorFiles(): Mirror {
  const hub = join(process.env.ASSAY_SHARED ?? join(root, "../shared"), "hub");
  if (!existsSync(join(hub, "INDEX.json"))) return {};
  const index = JSON.parse(readFileSync(join(hub, "INDEX.json"), "utf8")) as {
    repo_id: string;
    configs: Record<string, Record<string, string | string[]>>;
  }[];
  const mirror: Mirror = {};
  for (const { repo_id: repo, configs } of index) {
    const entries = Object.entries(configs).map(([config, splits]) => [
      config,
      Object.fromEntries(
        Object.entries(splits).map(([split, files]) => [
          split,
          [files].flat().map((file) => join(hub, "datasets", repo, file)),
        ]),
      ),
    ]);
    mirror[repo] = Object.fromEntries(entries);
  }
  return mirror;
}

/** Folders of tasks before the bundled ones. */
function tasksOf({ ownRows }: Job): string[] {
  return ownRows ? [own.tasks] : [];
}

/** Our own plan of a job. */
async function planOf(job: Job): Promise<Planned[]> {
  const flags = [...(job.set ?? []), ...(job.shots === undefined ? [] : [`shots.count=${job.shots}`])].map(parseSet);
  const resolved = resolve(job.protocol, { roots: taskRoots(tasksOf(job)), flags });
  const model = { provider: "completions", name: "parity", baseUrl: null, options: {} };
  const prepared = await prepare(resolved, model, { limit: job.limit });
  const planned: Planned[] = [];
  for await (const one of planRequests(prepared)) planned.push(one);
  return planned;
}

/** Tells the server what to answer. */
async function teach(server: ParityServer, job: Job): Promise<void> {
  const planned = await planOf(job);
  const answers = planned.map((one) => one.scoring.answer);
  for (const one of planned) {
    const key = promptKey(one);
    if (key !== undefined) server.answers.set(key, answerFor(one, answers, referenceOf(job)));
  }
}

async function runReference(
  reference: Reference,
  jobs: readonly Job[],
  { server, work }: { server: ParityServer; work: string },
): Promise<Map<string, TheirRun>> {
  if (jobs.length === 0) return new Map();
  const python = reference.install();
  const output = join(work, `${reference.id}.jsonl`);
  const plan = join(work, `${reference.id}-jobs.json`);
  const list = jobs.map((job) => ({ ...job, url: server.url(clientOf(reference.id, job)) }));
  writeFileSync(
    plan,
    JSON.stringify({
      tokenizer: join(cacheFolder, "tokenizer"),
      output,
      mirror: { ...mirrorFiles(), ...own.mirror },
      jobs: list,
    }),
  );
  const env = { ...process.env, HF_HOME: join(cacheFolder, "huggingface") };
  const child = spawn(python, [join(import.meta.dirname, reference.driver), plan], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const code = await new Promise((done) => child.once("exit", done));
  if (code !== 0) throw new Error(`${reference.driver} ended with code ${String(code)}`);
  const runs = readFileSync(output, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as TheirRun);
  return new Map(runs.map((run) => [run.id, run]));
}

/** Through the command line, as a user would. */
async function runAssay(job: Job, url: string, results: string): Promise<OurRun> {
  const provider = job.kind === "chat" ? "openai" : "completions";
  const args = [
    "harness/cli/assay.mjs",
    "run",
    job.protocol,
    "--model",
    `${provider}/parity`,
    "--base-url",
    url,
    "--results",
    results,
    "--no-cache",
    ...tasksOf(job).flatMap((folder) => ["--tasks", folder]),
    "--json",
    ...(job.limit === undefined ? [] : ["--limit", String(job.limit)]),
    ...(job.shots === undefined ? [] : ["--shots", String(job.shots)]),
    ...(job.set ?? []).flatMap((text) => ["--set", text]),
  ];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let [out, talk] = ["", ""];
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (talk += chunk));
  await new Promise((done) => child.once("close", done));
  const runId = (JSON.parse(out || "{}") as { runs?: { runId: string }[] }).runs?.[0]?.runId;
  if (runId === undefined) throw new Error(`assay ${args.join(" ")} gave no run: ${talk.slice(-1500)}`);
  const folder = runFolder(results, runId);
  const record = await readRun(folder);
  if (!record) throw new Error(`no record in ${folder}`);
  const samples = [];
  for await (const sample of readSamples(folder, record)) if (sample.epoch === 0) samples.push(sample);
  samples.sort((a, b) => a.row - b.row);
  return { samples, scores: record.scores };
}

function failure(job: Job, what: string, why: unknown): CaseResult {
  const none = { compared: 0, differences: [] };
  const text = why instanceof Error ? why.message : String(why);
  return {
    ...described(job),
    items: 0,
    requests: { compared: 0, differences: [`${what}: ${text}`] },
    answers: none,
    scores: none,
  };
}

async function compareCase(
  job: Job,
  { server, work, theirs }: { server: ParityServer; work: string; theirs: TheirRun | undefined },
): Promise<CaseResult> {
  if (!theirs || theirs.error !== undefined)
    return failure(job, "theirs failed", theirs?.error ?? "it did not come to this task");
  if (job.requestsOnly) {
    const asked = (await planOf(job)).map(loggedForm);
    const requests = compareRequests(asked, server.take(clientOf(referenceOf(job), job)));
    return { ...failure(job, "", ""), items: asked.length, requests };
  }
  try {
    const ours = await runAssay(job, server.url(clientOf("assay", job)), join(work, "results"));
    const aligned = inOurOrder(ours, theirs);
    return {
      ...described(job),
      items: ours.samples.length,
      requests: compareRequests(server.take(clientOf("assay", job)), server.take(clientOf(referenceOf(job), job))),
      answers: compareAnswers(ours, aligned, job),
      scores: compareScores(ours, aligned, job),
    };
  } catch (error) {
    return failure(job, "ours failed", error);
  }
}

function described(job: Job): Pick<CaseResult, "id" | "reference" | "complete" | "note"> {
  const { id, limit, without, note = "" } = job;
  return { id, reference: referenceOf(job), complete: limit === undefined && without === undefined, note };
}

function referenceOf({ reference }: Job): CaseResult["reference"] {
  return reference ?? "lm-eval";
}

/** A planned generation as the server would log it. */
function loggedForm(planned: Planned): LoggedRequest {
  const { request } = planned;
  if (request.kind !== "chat" && request.kind !== "text") throw new Error("only generations are compared unsent");
  const { maxTokens, temperature } = request.parameters;
  return { kind: request.kind, prompt: promptKey(planned) ?? "", stop: request.stop, maxTokens, temperature };
}

/** The name under which the server keeps what one harness asks for a job. */
function clientOf(harness: string, { id }: Job): string {
  return `${harness}-${id.replaceAll(/[^\w.-]/g, "-")}`;
}

async function compareWith(
  reference: Reference,
  { server, work }: { server: ParityServer; work: string },
): Promise<CaseResult[]> {
  const jobs = jobsOf(reference);
  const failed = new Map<string, CaseResult>();
  for (const job of jobs)
    await teach(server, job).catch((error: unknown) => failed.set(job.id, failure(job, "ours failed", error)));
  const asked = jobs.filter((job) => !failed.has(job.id));
  const runs = await runReference(reference, asked, { server, work });
  const results: CaseResult[] = [];
  for (const job of jobs) {
    const result = failed.get(job.id) ?? (await compareCase(job, { server, work, theirs: runs.get(job.id) }));
    results.push(result);
    print(result);
  }
  if (options.report && jobs.length > 0) writeReport(reference, results);
  return results;
}

async function main(): Promise<number> {
  mkdirSync(cacheFolder, { recursive: true });
  const server = await startServer();
  try {
    const results: CaseResult[] = [];
    for (const reference of references) results.push(...(await compareWith(reference, { server, work })));
    const green = results.filter((result) => differencesOf(result).length === 0).length;
    console.log(`${green} of ${results.length} agree in every request, answer and score`);
    return green === results.length ? 0 : 1;
  } finally {
    await server.close();
    rmSync(work, { recursive: true, force: true });
  }
}

function differencesOf({ requests, answers, scores }: CaseResult): string[] {
  return [...requests.differences, ...answers.differences, ...scores.differences];
}

function print(result: CaseResult): void {
  const differences = differencesOf(result);
  const { requests, answers, scores } = result;
  const counts = `${result.items} items, ${requests.compared} requests, ${answers.compared} answers, ${scores.compared} scores`;
  console.log(`${differences.length === 0 ? "same  " : "DIFFER"} ${result.id}: ${counts}`);
  for (const difference of differences.slice(0, 6)) console.log(`         ${difference}`);
  if (differences.length > 6) console.log(`         … ${differences.length - 6} more`);
}

process.exitCode = await main();
