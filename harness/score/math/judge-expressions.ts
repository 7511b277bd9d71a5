import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { ExpressionPair } from "./equal-answers.ts";

/** How long one pair of expressions may take before it counts as not equal. */
const mostMilliseconds = 2_000;
const mostMemoryMiB = 512;

let worker: Promise<Worker> | undefined;
let last: Promise<unknown> = Promise.resolve();

/**
 * Compares expressions in one worker, pair after pair. A pair that takes more than 2 s, or breaks the worker, is not equal;
 * the worker is then replaced. The worker doesn't keep the process alive.
 */
export function judgeExpressions(pair: ExpressionPair): Promise<boolean> {
  const turn = last.then(() => ask(pair));
  last = turn.catch(() => undefined);
  return turn;
}

async function ask(pair: ExpressionPair): Promise<boolean> {
  worker ??= startWorker();
  const current = await worker;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), mostMilliseconds);
  try {
    const answer = once(current, "message", { signal: limit.signal });
    const ended = once(current, "exit", { signal: limit.signal }).then(() => [false]);
    ended.catch(() => undefined);
    current.postMessage(pair);
    const [verdict] = (await Promise.race([answer, ended])) as [boolean];
    if (current.threadId === -1) worker = undefined;
    return verdict;
  } catch {
    worker = undefined;
    await current.terminate();
    return false;
  } finally {
    clearTimeout(timer);
    limit.abort();
  }
}

async function startWorker(): Promise<Worker> {
  const started = new Worker(new URL("./expression-worker.ts", import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: mostMemoryMiB },
  });
  started.on("error", () => undefined);
  await once(started, "message");
  started.unref();
  return started;
}
