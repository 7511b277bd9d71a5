import { type AssayError, InputError, type Model, ProblemsError } from "../../contracts/index.ts";
import { type Client, estimateCost } from "../../model/index.ts";
import {
  type Grader,
  openGrader,
  type Prepared,
  prepare,
  type RunResult,
  runTask,
  type Stopped,
  withModel,
} from "../../run/index.ts";
import type { LmEvalGroup, Resolved } from "../../task/index.ts";
import { chooseChatProtocols } from "../chat-protocols.ts";
import { recordedCommand, shellLine } from "../command-line.ts";
import { downloadProgress } from "../download-progress.ts";
import { planJson, renderPlan } from "../dry-run.ts";
import type { Options } from "../flags.ts";
import { counted, gateText, primaryScore } from "../format.ts";
import { groupScores, renderGroups } from "../group-table.ts";
import { type Interrupts, listenForInterrupts } from "../interrupts.ts";
import { openClients, openModels } from "../open-models.ts";
import { capabilityProblem, sayCoverage } from "../preflight.ts";
import { Progress } from "../progress.ts";
import { resolveAll } from "../references.ts";
import { errorJson, renderError } from "../render-error.ts";
import { runJson } from "../run-json.ts";
import { renderRunDetails, renderRuns } from "../summary.ts";
import type { Terminal } from "../terminal.ts";

/** What a command works with. Models and clients stand in the same order. */
interface Session {
  resolved: readonly Resolved[];
  groups: readonly LmEvalGroup[];
  models: readonly Model[];
  clients: readonly Client[];
  progress: Progress;
  options: Options;
  terminal: Terminal;
  grader: Grader | null;
  interrupts: Interrupts;
}

/** `assay run`: plan, ask, score, record, for every model and task named. */
export async function run(references: string[], options: Options, terminal: Terminal): Promise<number> {
  const named = resolveAll(references, options);
  const models = await openModels(options, terminal);
  const { groups } = named;
  const { resolved, said } = chooseChatProtocols(named.resolved, { references, models, options });
  for (const line of said) terminal.say(line);
  const progress = new Progress(terminal);
  const clients = openClients(models, options, (model, event) => progress.retry(model.id, event));
  const grader = await preflight(resolved, models, { options, terminal });
  const interrupts = listenForInterrupts(terminal);
  const session = { resolved, groups, models, clients, progress, options, terminal, grader, interrupts };
  try {
    const prepared = await prepareAll(session);
    if (prepared === undefined) {
      if (options.json) terminal.json({ runs: [] });
      return 130;
    }
    await sayCoverage(prepared, models, terminal);
    return options.dryRun ? await dryRun(session, prepared) : await runAll(session, prepared);
  } finally {
    interrupts.dispose();
    await grader?.close();
    for (const client of clients) await client.close();
    for (const model of models) await model.close?.();
  }
}

/** Everything that would stop a run later is found before anything is asked. */
async function preflight(
  resolved: readonly Resolved[],
  models: readonly Model[],
  { options, terminal }: { options: Options; terminal: Terminal },
): Promise<Grader | null> {
  const problems = resolved.flatMap((one) =>
    models.map((model) => capabilityProblem(one, model)).filter((problem) => problem !== undefined),
  );
  let grader: Grader | null = null;
  if (resolved.some((one) => one.task.needs.includes("sandbox"))) {
    try {
      grader = await openGrader(
        resolved.map((one) => one.protocol),
        options.sandboxRuntime,
      );
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      if (options.dryRun)
        terminal.say(`! ${error.why ?? error.what} The run would be refused, and its id is not final.`);
      else problems.push(error);
    }
  }
  if (problems.length === 0) return grader;
  await grader?.close();
  throw new ProblemsError(problems);
}

/** Data of every task, before the first request. @returns `undefined` when interrupted */
async function prepareAll(session: Session): Promise<Prepared[] | undefined> {
  const [model] = session.models as [Model];
  const prepared: Prepared[] = [];
  const problems: AssayError[] = [];
  for (const one of session.resolved) {
    try {
      prepared.push(await prepareOne(session, one, model));
    } catch (error) {
      if (session.interrupts.draining.aborted) return undefined;
      if (error instanceof ProblemsError) problems.push(...error.problems);
      else if (error instanceof InputError) problems.push(ofTask(one.task.id, error));
      else throw error;
    }
  }
  if (problems.length === 1) throw problems[0];
  if (problems.length > 0) throw new ProblemsError(problems);
  return prepared;
}

/** Says which task it is about, where several are asked for. */
function ofTask(id: string, error: InputError): InputError {
  const { code, what, why, fix, details } = error;
  const optional = { ...(why === undefined ? {} : { why }), ...(fix === undefined ? {} : { fix }) };
  return what.includes(id)
    ? error
    : new InputError({ code, what: `${id}: ${what}`, ...optional, details, cause: error });
}

async function prepareOne({ options, grader, terminal, interrupts }: Session, one: Resolved, model: Model) {
  const prepared = await prepare(one, model, {
    limit: options.limit,
    sandbox: grader?.identityFor(one.protocol) ?? null,
    signal: interrupts.draining,
    onProgress: downloadProgress(terminal),
  });
  for (const difference of prepared.setup.dataset.differs)
    terminal.say(`! ${one.task.id}: data differs: ${difference}`);
  return prepared;
}

async function runAll(session: Session, prepared: readonly Prepared[]): Promise<number> {
  const results: RunResult[] = [];
  for (const one of everyRun(session, prepared)) {
    const result = await runOne(session, one);
    results.push(result);
    if (result.stopped) return conclude(session, results, result.stopped);
  }
  return conclude(session, results, undefined);
}

interface OneRun {
  prepared: Prepared;
  model: Model;
  client: Client;
}

/** Model by model. A task or model that is named twice is one run. */
function* everyRun({ models, clients }: Session, prepared: readonly Prepared[]): Generator<OneRun> {
  const seen = new Set<string>();
  for (const [index, model] of models.entries()) {
    for (const one of prepared) {
      const ofModel = withModel(one, model);
      if (seen.has(ofModel.runId)) continue;
      seen.add(ofModel.runId);
      yield { prepared: ofModel, model, client: clients[index] as Client };
    }
  }
}

async function runOne(
  { options, grader, interrupts, terminal, progress }: Session,
  { prepared, model, client }: OneRun,
): Promise<RunResult> {
  const { task, protocol } = prepared.setup;
  progress.open(`${task.id}@${protocol.id} ${model.id}`, () => ({
    ...client.stats(),
    limit: model.embedded ? 0 : client.limit,
  }));
  try {
    return await runTask(prepared, {
      results: options.results,
      model,
      client,
      grade: grader?.gradeFor(protocol) ?? null,
      workplace: grader?.workplaceFor(protocol, (usage) => estimateCost(model, usage, options.price).value) ?? null,
      command: recordedCommand(terminal),
      draining: interrupts.draining,
      aborting: interrupts.aborting,
      onStart: ({ total, finished }) => progress.start(total, finished),
      onSample: ({ outcome, value }) => progress.sample(outcome, value),
    });
  } finally {
    progress.end();
    const { cacheTrouble } = client.stats();
    if (cacheTrouble !== null)
      terminal.say(`! responses are not cached any more: ${cacheTrouble}. Those in the record are safe.`);
  }
}

function conclude(
  { options, terminal, groups }: Pick<Session, "options" | "terminal" | "groups">,
  results: readonly RunResult[],
  stopped: Stopped | undefined,
): number {
  const error = stopped && stopped.why !== "interrupted" ? stopped.error : undefined;
  const runs = results.map((result) => runJson(result.record, result.folder));
  const ofGroups = groupScores(
    groups,
    results.map((result) => result.record),
  );
  if (options.json)
    terminal.json({
      runs,
      ...(groups.length > 0 ? { lmEvalGroups: ofGroups } : {}),
      ...(stopped?.why === "fatal" ? errorJson(error) : {}),
    });
  else terminal.print(renderRuns(results.map((result) => result.record)));
  if (!options.json && ofGroups.length > 0) terminal.print(`\n${renderGroups(ofGroups)}`);
  for (const { record, folder, asked } of results) {
    terminal.say(`\n${renderRunDetails(record, folder)}`);
    if (asked === 0 && record.finishedAt) terminal.say("  already complete: nothing was asked");
  }
  terminal.say();
  if (options.gate !== undefined) for (const { record } of results) terminal.say(gateText(record, options.gate));
  if (!stopped) terminal.say(nextCommand(options, results));
  if (error) terminal.say(renderError(error, terminal));
  if (stopped)
    terminal.say(
      `Everything finished is saved. To go on, issue the same command again:\n  ${shellLine(recordedCommand(terminal))}`,
    );
  if (stopped?.why === "interrupted") return 130;
  return stopped?.why === "fatal" ? 2 : exitCode(results, options.gate);
}

function nextCommand({ results: folder }: Options, results: readonly RunResult[]): string {
  const failed = results.reduce((sum, { record }) => sum + record.counts.errored, 0);
  if (failed > 0) return `Next: the same command again asks the ${counted(failed, "sample")} that errored once more.`;
  return `Next: assay site build --results ${folder}`;
}

/** A gate asks about the whole run: one that stopped early or holds errors can't answer it. */
function exitCode(results: readonly RunResult[], gate: number | undefined): number {
  const values = results.map(({ record }) => primaryScore(record)?.value ?? null);
  if (values.some((value) => value === null)) return 2;
  const isUnanswered = ({ record }: RunResult) => record.finishedAt === null || record.counts.errored > 0;
  if (gate !== undefined && results.some(isUnanswered)) return 2;
  if (gate !== undefined && values.some((value) => value !== null && value < gate)) return 1;
  return 0;
}

async function dryRun(session: Session, prepared: readonly Prepared[]): Promise<number> {
  const { options, terminal, interrupts } = session;
  const plans = [];
  for (const one of everyRun(session, prepared)) {
    if (interrupts.draining.aborted) return 130;
    plans.push(await planJson(one.prepared, { client: one.client, options }));
  }
  if (options.json) terminal.json({ plans });
  else for (const plan of plans) terminal.print(renderPlan(plan));
  return 0;
}
