import { getEventListeners } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openClient, openModel } from "../model/index.ts";
import { openJournal, SampleIndex } from "../record/index.ts";
import { resolve } from "../task/index.ts";
import { execute } from "./execute.ts";
import { planRequests } from "./plan.ts";
import { prepare } from "./prepare.ts";
import { compileScorer, type Scorer } from "./score-sample.ts";
import { addUp, startChatServer } from "./testing/chat-server.ts";
import { scratch, writeToyTask } from "./testing/toy-task.ts";

/** Runs a toy task of `size` sums over a real server, one request at a time, with a scorer that waits before it scores. */
async function runSlowly(size: number, wait: (asked: () => number) => Promise<void>) {
  const server = await startChatServer(addUp);
  const env = { OPENAI_API_KEY: "sk-test" };
  const model = await openModel("openai/m", { env, timeoutMs: 10_000, baseUrl: server.url });
  const client = openClient(model, { concurrency: 1 });
  const prepared = await prepare(resolve("toy", { roots: [writeToyTask(size)] }), model);
  const plain = compileScorer(prepared.resolved.protocol, null);
  const scorer: Scorer = {
    ...plain,
    score: async (subject, response) => {
      await wait(() => server.bodies.length);
      return plain.score(subject, response);
    },
  };
  const journal = await openJournal(join(scratch("journal"), "samples.jsonl"), 0);
  const index = new SampleIndex();
  const never = new AbortController().signal;
  try {
    const how = { client, journal, index, scorer, draining: never, aborting: never };
    expect(await execute(planRequests(prepared), how)).toBeUndefined();
    expect(getEventListeners(never, "abort")).toEqual([]);
    return { finished: index.finished, asked: server.bodies.length };
  } finally {
    await journal.close();
    await client.close();
    await server.close();
  }
}

const aMoment = () => new Promise((resolve) => setTimeout(resolve, 5));

test("judging a response holds no place of a request: the next ones are asked meanwhile", async () => {
  // Nothing is scored before the last request has been asked, one at a time.
  const { finished } = await runSlowly(20, async (asked) => {
    while (asked() < 20) await aMoment();
  });
  expect(finished).toBe(20);
});

test("asking pauses while many responses wait for their verdicts, so that memory stays bounded", async () => {
  const size = 400;
  let most = 0;
  let scored = 0;
  const { finished, asked } = await runSlowly(size, async (asked) => {
    // The first verdicts come only when asking has come to rest.
    for (let before = -1; scored === 0 && before !== asked(); await aMoment()) {
      before = asked();
      for (let turn = 0; turn < 20; turn += 1) await aMoment();
    }
    most = Math.max(most, asked() - scored);
    scored += 1;
  });
  expect({ finished, asked }).toEqual({ finished: size, asked: size });
  expect(most).toBeGreaterThan(200);
  expect(most).toBeLessThan(300);
});

test("a sandbox that gives no verdicts stops the asking, and what was answered is judged later without asking again", async () => {
  const tasks = writeToyTask(60);
  const server = await startChatServer(addUp);
  const model = await openModel("openai/m", { env: { OPENAI_API_KEY: "k" }, timeoutMs: 10_000, baseUrl: server.url });
  const protocol = [
    { path: ["metrics"], value: [{ metric: "pass", k: [1] }], by: "" },
    { path: ["primary"], value: { metric: "pass" }, by: "" },
  ];
  const prepared = await prepare(resolve("toy", { roots: [tasks], flags: protocol }), model);
  const journal = await openJournal(join(scratch("journal"), "samples.jsonl"), 0);
  const index = new SampleIndex();
  const never = new AbortController().signal;
  const run = async (passed: boolean | null) => {
    const client = openClient(model, { concurrency: 2 });
    const scorer = compileScorer(prepared.resolved.protocol, async () => ({ passed, message: "the engine is gone" }));
    const plan = planRequests(prepared, (ordinal) => index.isFinished(ordinal));
    const stopped = await execute(plan, { client, journal, index, scorer, draining: never, aborting: never });
    await client.close();
    return stopped;
  };
  const stopped = await run(null);
  expect(stopped).toMatchObject({ why: "fatal", error: { code: "SANDBOX_FAILS", why: "the engine is gone" } });
  const asked = server.bodies.length;
  expect(asked).toBeLessThan(40);
  expect({ finished: index.finished, errored: index.errored }).toEqual({ finished: 0, errored: asked });
  expect(await run(true)).toBeUndefined();
  expect(server.bodies).toHaveLength(60);
  expect({ finished: index.finished, errored: index.errored }).toEqual({ finished: 60, errored: 0 });
  await journal.close();
  await server.close();
});
