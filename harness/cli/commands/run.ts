import { type AssayError, InputError, type Model, ProblemsError, type RunRecord } from "../../contracts/index.ts";
import { type Client, openCache, openClient, openModel } from "../../model/index.ts";
import {
  type Estimate,
  estimate,
  type Grader,
  openGrader,
  type Prepared,
  prepare,
  type RunResult,
  runTask,
} from "../../run/index.ts";
import type { Resolved } from "../../task/index.ts";
import type { Options } from "../flags.ts";
import { formatCost, primaryScore } from "../format.ts";
import { type Interrupts, listenForInterrupts } from "../interrupts.ts";
import { capabilityProblem } from "../preflight.ts";
import { Progress } from "../progress.ts";
import { resolveAll } from "../references.ts";
import { runJson } from "../run-json.ts";
import { renderRunDetails, renderRuns } from "../summary.ts";
import type { Terminal } from "../terminal.ts";

/** `assay run`: plan, ask, score, record, for every model and task named. */
export async function run(references: string[], options: Options, terminal: Terminal): Promise<number> {
  const resolved = resolveAll(references, options);
  const models = await openModels(options, terminal);
  const grader = await preflight(resolved, models, options);
  const interrupts = listenForInterrupts(terminal);
  try {
    if (options.dryRun) return await dryRun({ resolved, models, options, terminal, grader });
    return await runAll({ resolved, models, options, terminal, interrupts, grader });
  } finally {
    interrupts.dispose();
    await grader?.close();
    for (const model of models) await model.close?.();
  }
}

async function openModels(options: Options, terminal: Terminal): Promise<Model[]> {
  const ids = options.model ?? [];
  if (ids.length === 0) {
    throw new InputError({
      code: "MODEL_MISSING",
      what: "No model is named.",
      fix: "Add --model <provider>/<name>, for example --model baseline/random (no key needed) or --model openai/gpt-4o-mini.",
    });
  }
  const problems: AssayError[] = [];
  const models: Model[] = [];
  for (const id of ids) {
    try {
      models.push(
        await openModel(id, {
          env: terminal.env,
          timeoutMs: options.timeout * 1000,
          ...(options.baseUrl === undefined ? {} : { baseUrl: options.baseUrl }),
          ...(options.seed === undefined ? {} : { seed: options.seed }),
        }),
      );
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(error);
    }
  }
  if (problems.length > 0) throw new ProblemsError(problems);
  return models;
}

/** Everything that would stop a run later is found before anything is asked. */
async function preflight(
  resolved: readonly Resolved[],
  models: readonly Model[],
  options: Options,
): Promise<Grader | null> {
  const problems = resolved.flatMap((one) =>
    models.map((model) => capabilityProblem(one, model)).filter((problem) => problem !== undefined),
  );
  let grader: Grader | null = null;
  if (resolved.some((one) => one.task.needs.includes("sandbox")) && !options.dryRun) {
    try {
      grader = await openGrader();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(error);
    }
  }
  if (problems.length === 0) return grader;
  await grader?.close();
  throw new ProblemsError(problems);
}

interface Session {
  resolved: readonly Resolved[];
  models: readonly Model[];
  options: Options;
  terminal: Terminal;
  grader: Grader | null;
}

async function runAll(session: Session & { interrupts: Interrupts }): Promise<number> {
  const { models, options, terminal } = session;
  const results: RunResult[] = [];
  for (const model of models) {
    const client = openClient(model, clientOptions(model, options));
    try {
      for (const one of session.resolved) {
        const result = await runOne({ ...session, model, client, one });
        results.push(result);
        if (result.stopped) break;
      }
    } finally {
      await client.close();
    }
    if (results.at(-1)?.stopped) break;
  }
  return conclude(results, { options, terminal });
}

function clientOptions(model: Model, options: Options): Parameters<typeof openClient>[1] {
  return {
    retries: options.retries,
    cache: options.cache && !model.embedded ? openCache() : null,
    ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
    ...(options.rpm === undefined ? {} : { rpm: options.rpm }),
    ...(options.tpm === undefined ? {} : { tpm: options.tpm }),
    ...(options.maxCost === undefined ? {} : { maxCost: options.maxCost }),
    ...(options.maxRequests === undefined ? {} : { maxRequests: options.maxRequests }),
  };
}

async function runOne(
  session: Session & { interrupts: Interrupts; model: Model; client: Client; one: Resolved },
): Promise<RunResult> {
  const { model, client, one, options, terminal, interrupts, grader } = session;
  const prepared = await prepareOne(session);
  for (const difference of prepared.setup.dataset.differs)
    terminal.say(`! ${one.task.id}: data differs: ${difference}`);
  const label = `${one.task.id}@${one.protocol.id} ${model.id}`;
  const progress = new Progress(terminal, label, () => ({
    ...client.stats(),
    limit: client.limit,
    cost: client.stats().cost,
  }));
  try {
    return await runTask(prepared, {
      results: options.results,
      model,
      client,
      grade: grader?.gradeFor(one.protocol) ?? null,
      command: ["assay", ...process.argv.slice(2)],
      draining: interrupts.draining,
      aborting: interrupts.aborting,
      onStart: ({ total, finished }) => progress.start(total, finished),
      onSample: ({ outcome, value }) => progress.sample(outcome, value),
    });
  } finally {
    progress.end();
  }
}

function prepareOne(session: Session & { model: Model; one: Resolved }): Promise<Prepared> {
  const { options, grader, model, one, terminal } = session;
  return prepare(one, model, {
    limit: options.limit,
    sandbox: one.task.needs.includes("sandbox") ? (grader?.identity ?? null) : null,
    onProgress: ({ file, bytes, total }) => {
      if (bytes === total) terminal.say(`fetched ${file} (${(total / 1e6).toFixed(1)} MB)`);
    },
  });
}

function conclude(results: readonly RunResult[], { options, terminal }: Pick<Session, "options" | "terminal">): number {
  const records = results.map((result) => result.record);
  if (options.json) terminal.json({ runs: results.map((result) => runJson(result.record, result.folder)) });
  else terminal.print(renderRuns(records));
  terminal.say();
  for (const { record, folder, asked } of results) {
    terminal.say(renderRunDetails(record, folder));
    if (asked === 0 && record.finishedAt) terminal.say("  already complete: nothing was asked");
  }
  const stopped = results.at(-1)?.stopped;
  if (!stopped) terminal.say(`\nNext: assay site build --results ${options.results}`);
  else
    terminal.say(
      `\nStopped${stopped.why === "interrupted" ? "" : `: ${stopped.error.what}`}. Everything finished is saved; issue the same command again to resume.`,
    );
  if (stopped?.why === "interrupted") return 130;
  if (stopped?.why === "fatal") throw stopped.error;
  return exitCode(records, options.gate);
}

function exitCode(records: readonly RunRecord[], gate: number | undefined): number {
  const values = records.map((record) => primaryScore(record)?.value ?? null);
  if (values.some((value) => value === null)) return 2;
  if (gate !== undefined && values.some((value) => value !== null && value < gate)) return 1;
  return 0;
}

async function dryRun(session: Session): Promise<number> {
  const { resolved, models, options, terminal } = session;
  const plans: (Estimate & { task: string; protocol: string; model: string; runId: string; items: number })[] = [];
  for (const model of models) {
    for (const one of resolved) {
      const prepared = await prepareOne({ ...session, model, one });
      const { task, protocol } = one;
      plans.push({
        task: task.id,
        protocol: protocol.id,
        model: model.id,
        runId: prepared.runId,
        items: prepared.items,
        ...(await estimate(prepared, options)),
      });
    }
  }
  if (options.json) terminal.json({ plans });
  else for (const plan of plans) terminal.print(planText(plan));
  return 0;
}

function planText(plan: Estimate & { task: string; protocol: string; model: string; items: number }): string {
  const count = (value: number | null) => (value === null ? "no limit" : value.toLocaleString("en"));
  return [
    `${plan.task}@${plan.protocol} · ${plan.model}`,
    `  ${count(plan.items)} items, ${count(plan.requests)} requests to make, ${count(plan.finished)} samples finished already`,
    `  about ${count(plan.inputTokens)} tokens in, at most ${count(plan.outputTokens)} out (${plan.basis})`,
    `  ${formatCost(plan.cost)}`,
  ].join("\n");
}
