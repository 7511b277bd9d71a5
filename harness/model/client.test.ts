import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { ModelCall } from "../contracts/index.ts";
import { scratch } from "../run/testing/toy-task.ts";
import { AskAborted } from "./ask-aborted.ts";
import { Budget } from "./budget.ts";
import { openCache } from "./cache.ts";
import { type ClientOptions, openClient, type RetryEvent } from "./client.ts";
import { callOf, never, open } from "./testing/ask.ts";
import { dialects } from "./testing/dialects.ts";
import { type Handler, type Reply, startWireServer } from "./testing/wire-server.ts";

const [dialect] = dialects as [(typeof dialects)[0]];
const good: Reply = { body: JSON.stringify(dialect.says({ text: "yes" })) };
const call = callOf(dialect.asked);
const numbered = (number: number): ModelCall => callOf(dialect.asked, { item: `test/${number}`, epoch: number });

async function setUp(handler: Handler, options: ClientOptions = {}, timeoutMs = 5000) {
  const server = await startWireServer(handler);
  const model = await open(dialect.id, { baseUrl: `${server.url}/v1`, timeoutMs });
  const retried: RetryEvent[] = [];
  const client = openClient(model, { maxPauseMs: 5, onRetry: (event) => retried.push(event), ...options });
  return { server, model, client, retried };
}

describe("a server that asks for patience gets it", () => {
  const inTwoMinutes = () => new Date(Date.now() + 120_000).toUTCString();
  test.each<[string, () => Record<string, string>, least: number, most: number]>([
    ["retry-after in seconds", () => ({ "retry-after": "1" }), 1000, 1101],
    ["retry-after as a date", () => ({ "retry-after": inTwoMinutes() }), 60_000, 132_001],
    ["retry-after-ms", () => ({ "retry-after-ms": "40" }), 40, 45],
    [
      "a spent window of requests",
      () => ({ "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1m3.5s" }),
      63_500,
      70_000,
    ],
    [
      "a spent window of tokens",
      () => ({ "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "250ms" }),
      250,
      276,
    ],
    [
      "a Unix time",
      () => ({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(Math.ceil(Date.now() / 1000) + 120) }),
      60_000,
      133_101,
    ],
    [
      "Anthropic's window",
      () => ({
        "anthropic-ratelimit-requests-remaining": "0",
        "anthropic-ratelimit-requests-reset": new Date(Date.now() + 120_000).toISOString(),
      }),
      60_000,
      132_001,
    ],
    [
      "a window that isn't spent",
      () => ({ "x-ratelimit-remaining-requests": "3", "x-ratelimit-reset-requests": "1m" }),
      0,
      6,
    ],
    ["nothing", () => ({}), 0, 6],
    ["nonsense", () => ({ "retry-after": "soon" }), 0, 6],
  ])("%s", async (_what, headers, least, most) => {
    const stop = new AbortController();
    const { client, retried } = await setUp(() => ({ status: 429, headers: headers(), body: "{}" }), {
      onRetry: (event) => {
        retried.push(event);
        stop.abort();
      },
    });
    await client.ask(call, { ...never, draining: stop.signal }).catch(() => undefined);
    expect(retried[0]?.pauseMs).toBeGreaterThanOrEqual(least);
    expect(retried[0]?.pauseMs).toBeLessThan(most);
  });

  test("Google's delay in the body", async () => {
    const body = JSON.stringify({ error: { code: 429, message: "busy", details: [{ retryDelay: "0.03s" }] } });
    const { client, retried } = await setUp((_received, { index }) => (index === 0 ? { status: 429, body } : good));
    await client.ask(call, never);
    expect(retried[0]?.pauseMs).toBeGreaterThanOrEqual(30);
  });

  test("a time that has passed is no reason to come back at once, seven times", async () => {
    const headers = { "retry-after": new Date(Date.now() - 60_000).toUTCString() };
    const limits = { maxPauseMs: 20, random: () => 0.5, retries: 2 };
    const { client, retried } = await setUp(() => ({ status: 429, headers, body: "{}" }), limits);
    await expect(client.ask(call, never)).rejects.toMatchObject({ kind: "rate_limited", attempts: 3 });
    expect(retried[0]?.pauseMs).toBe(10);
    expect(retried[1]?.pauseMs).toBeGreaterThan(0);
  });

  test("a header that is sent twice counts once", async () => {
    const twice: Handler = (_received, { index, response }) => {
      if (index > 0) return good;
      response.writeHead(429, { "retry-after-ms": ["30", "30"] }).end("{}");
      return undefined;
    };
    const { client, retried } = await setUp(twice);
    await client.ask(call, never);
    expect(retried).toMatchObject([{ error: { kind: "rate_limited", retryAfterMs: 30 } }]);
  });

  test("Gemini's words on billing are a limit that passes where it says when, and an empty account where it doesn't", async () => {
    const message = "You exceeded your current quota, please check your plan and billing details.";
    const passing = JSON.stringify({ error: { code: 429, message, details: [{ retryDelay: "0.01s" }] } });
    const { client } = await setUp((_received, { index }) => (index === 0 ? { status: 429, body: passing } : good));
    expect((await client.ask(call, never)).text).toBe("yes");
    for (const error of [{ message }, { message: "no", code: "insufficient_quota", details: [{ retryDelay: "1s" }] }]) {
      const { client: poor } = await setUp(() => ({ status: 429, body: JSON.stringify({ error }) }));
      await expect(poor.ask(call, never)).rejects.toMatchObject({ kind: "auth", attempts: 1 });
    }
  });

  test("one 429 with Retry-After holds all requests back", async () => {
    const times: number[] = [];
    const { client, retried } = await setUp((_received, { index }) => {
      times.push(performance.now());
      return index === 0 ? { status: 429, headers: { "retry-after-ms": "150" }, body: "{}" } : good;
    });
    const first = client.ask(numbered(0), never);
    while (retried.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await Promise.all([first, client.ask(numbered(1), never), client.ask(numbered(2), never)]);
    expect(times).toHaveLength(4);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(130);
  });
});

describe("an answer that a proxy has compressed is read all the same", () => {
  const body = Buffer.from(`\ufeff${JSON.stringify(dialect.says({ text: "yes, é" }))}`);
  test.each<[string, Buffer]>([
    ["gzip", gzipSync(body)],
    ["deflate", deflateSync(body)],
    ["br", brotliCompressSync(body)],
    ["zstd", zstdCompressSync(body)],
    ["identity", body],
  ])("%s", async (encoding, bytes) => {
    const { client } = await setUp(() => ({ headers: { "content-encoding": encoding }, body: bytes }));
    expect(await client.ask(call, never)).toMatchObject({ text: "yes, é", attempts: 1 });
  });

  test("damage to it is tried again, and a bomb doesn't fill the memory", async () => {
    const headers = { "content-encoding": "gzip" };
    const replies = [gzipSync(body).subarray(0, 20), gzipSync(Buffer.alloc(65_000_000))];
    const { client, retried } = await setUp((_received, { index }) => {
      const reply = replies[index];
      return reply ? { headers, body: reply } : good;
    });
    expect((await client.ask(call, never)).text).toBe("yes");
    expect(retried.map(({ error }) => error.kind)).toEqual(["malformed", "malformed"]);
  });
});

describe("a connection that breaks is tried again", () => {
  const half = JSON.stringify(dialect.says({ text: "a long answer that never ends" })).slice(0, 40);
  test.each<[string, Handler]>([
    ["before the headers", (_received, { request }) => void request.socket.destroy()],
    [
      "after the headers",
      (_received, { response }) => {
        response.writeHead(200, { "content-length": "100" });
        response.flushHeaders();
        setTimeout(() => response.destroy(), 10);
        return undefined;
      },
    ],
    [
      "in the middle of a body of known length",
      (_received, { response }) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write(half);
        setTimeout(() => response.destroy(), 10);
        return undefined;
      },
    ],
    [
      "in the middle of a chunked body",
      (_received, { response }) => {
        response.writeHead(200);
        response.write(half);
        setTimeout(() => response.destroy(), 10);
        return undefined;
      },
    ],
  ])("%s", async (_when, breaks) => {
    const { client, retried } = await setUp((received, wire) => (wire.index < 2 ? breaks(received, wire) : good));
    expect(await client.ask(call, never)).toMatchObject({ text: "yes", attempts: 3 });
    expect(retried.map(({ error }) => error.kind)).toEqual(["network", "network"]);
  });

  test("and one that hangs, before or within the answer, once the time is up", async () => {
    const { client, retried } = await setUp(
      (_received, { index, response }) => {
        if (index > 1) return good;
        if (index === 1) response.write("{");
        return undefined;
      },
      {},
      100,
    );
    // A slow machine may take that long to bring the good answer too, and asks once more then.
    const { text, attempts } = await client.ask(call, never);
    expect({ text, attempts }).toEqual({ text: "yes", attempts: retried.length + 1 });
    expect(retried.length).toBeGreaterThanOrEqual(2);
    expect(new Set(retried.map(({ error }) => error.code))).toEqual(new Set(["MODEL_TIMEOUT"]));
  });

  test("and a server that isn't there is named", async () => {
    const model = await open(dialect.id, { baseUrl: "http://127.0.0.1:9/v1" });
    const client = openClient(model, { retries: 1, maxPauseMs: 5 });
    await expect(client.ask(call, never)).rejects.toMatchObject({
      code: "MODEL_CONNECTION",
      what: expect.stringMatching(/127\.0\.0\.1:9\/v1\/chat\/completions failed: .*ECONNREFUSED/),
    });
  });
});

test("trying again ends: pauses are random below a doubling bound, and the last error is told", async () => {
  const { client, retried } = await setUp(() => ({ status: 500, body: "down" }), { maxPauseMs: 20, random: () => 0.5 });
  await expect(client.ask(call, never)).rejects.toMatchObject({ status: 500, attempts: 7 });
  expect(retried.map(({ pauseMs }) => pauseMs)).toEqual([10, 10, 10, 10, 10, 10]);
});

test("OpenAI's newer models are asked with their own name for the token limit, and found in the cache as before", async () => {
  const cache = openCache(join(scratch("cache"), "c.sqlite"));
  const words =
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
  const handler: Handler = ({ body }) =>
    "max_tokens" in body ? { status: 400, body: JSON.stringify({ error: { message: words } }) } : good;
  const { client, server, model } = await setUp(handler, { cache });
  const answers = await Promise.all([0, 1, 2].map((number) => client.ask(numbered(number), never)));
  expect(answers.map(({ text }) => text)).toEqual(["yes", "yes", "yes"]);
  expect(server.received.at(-1)?.body).toMatchObject({ max_completion_tokens: 64 });
  const before = server.received.length;
  const fresh = openClient(await open(model.id, { baseUrl: `${server.url}/v1` }), { cache });
  expect(await fresh.ask(numbered(2), never)).toMatchObject({ cached: true, text: "yes" });
  expect(server.received).toHaveLength(before);
});

describe("the cache", () => {
  test("answers an equal call of the same epoch, model and address, and no other", async () => {
    const cache = openCache(join(scratch("cache"), "c.sqlite"));
    const { client, server, model } = await setUp(() => good, { cache });
    const first = await client.ask(call, never);
    expect(await client.ask(callOf(dialect.asked, { item: "another name" }), never)).toEqual({
      ...first,
      cached: true,
    });
    expect(client.isCached(call)).toBe(true);
    await client.ask(callOf(dialect.asked, { epoch: 1 }), never);
    await client.ask(callOf({ ...dialect.asked, stop: [] } as never), never);
    expect(server.received).toHaveLength(3);
    const sameBody = dialects.filter(({ base, path }) => base === "/v1" && path === dialect.path);
    for (const { id } of sameBody) {
      const other = openClient(await open(id, { baseUrl: `${server.url}/v1` }), { cache });
      expect(other.isCached(call)).toBe(id === model.id);
    }
    const elsewhere = openClient(await open(model.id, { baseUrl: `${server.url}/v2` }), { cache });
    expect(elsewhere.isCached(call)).toBe(false);
    expect(client.stats()).toMatchObject({ requests: 3, cached: 1 });
  });

  test("that can't be written to any more costs no answer", async () => {
    const cache = openCache(join(scratch("cache"), "c.sqlite"));
    const broken = {
      ...cache,
      get: () => undefined,
      put: () => {
        throw new Error("database or disk is full");
      },
    };
    const { client } = await setUp(() => good, { cache: broken });
    expect(await client.ask(call, never)).toMatchObject({ text: "yes" });
    expect(client.stats().cacheTrouble).toContain("full");
  });

  test("that can't be read costs no answer either", async () => {
    const path = join(scratch("cache"), "c.sqlite");
    const cache = openCache(path);
    const { client, server } = await setUp(() => good, { cache });
    await client.ask(call, never);
    cache.list();
    const file = new DatabaseSync(path);
    file.exec("UPDATE responses SET value = 'torn'");
    expect(await client.ask(call, never)).toMatchObject({ text: "yes", cached: false });
    expect(server.received).toHaveLength(2);
    expect(await client.ask(call, never)).toMatchObject({ text: "yes", cached: true });
    file.exec("DROP TABLE responses");
    file.close();
    expect(client.isCached(callOf(dialect.asked, { epoch: 7 }))).toBe(false);
    expect(await client.ask(callOf(dialect.asked, { epoch: 7 }), never)).toMatchObject({ text: "yes" });
    expect(client.stats().cacheTrouble).toContain("no such table");
  });

  test("tells calls apart by stops that the provider's body doesn't hold", async () => {
    const cache = openCache(join(scratch("cache"), "c.sqlite"));
    const google = dialects.find(({ id }) => id.startsWith("google")) as (typeof dialects)[0];
    const server = await startWireServer(() => ({ body: JSON.stringify(google.says({ text: "one F two G" })) }));
    const client = openClient(await open(google.id, { baseUrl: server.url + google.base }), { cache });
    const answerUpTo = async (last: string) =>
      (await client.ask(callOf({ ...google.asked, stop: ["A", "B", "C", "D", "E", last] } as never), never)).text;
    expect(await answerUpTo("F")).toBe("one ");
    expect(await answerUpTo("G")).toBe("one F two ");
  });

  test("keeps no failure", async () => {
    const cache = openCache(join(scratch("cache"), "c.sqlite"));
    const { client } = await setUp(() => ({ status: 500, body: "{}" }), { cache, retries: 0 });
    await client.ask(call, never).catch(() => undefined);
    expect(client.isCached(call)).toBe(false);
  });
});

describe("the budget", () => {
  test("--max-requests counts every try", async () => {
    const { client, server } = await setUp(() => ({ status: 500, body: "{}" }), {
      budget: new Budget({ maxRequests: 3 }),
    });
    await expect(client.ask(call, never)).rejects.toMatchObject({ code: "BUDGET_SPENT" });
    expect(server.received).toHaveLength(3);
  });

  test("--max-cost is kept at any concurrency, because what is under way is set aside", async () => {
    // An answer takes 20 tokens in and 8 out: $28 at this price.
    const price = { input: 1e6, output: 1e6 };
    const budget = new Budget({ maxCost: 150 });
    const { client, server } = await setUp(() => good, { budget, price, concurrency: 32 });
    const all = await Promise.allSettled(
      Array.from({ length: 40 }, (_, number) => client.ask(numbered(number), never)),
    );
    const spent = client.stats().cost ?? Number.NaN;
    expect(spent).toBeLessThanOrEqual(150);
    expect(spent).toBeGreaterThanOrEqual(28);
    expect(server.received.length * 28).toBe(spent);
    expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(server.received.length);
  });

  test("ends when nothing is under way, whatever rounding leaves of a long sum", async () => {
    const budget = new Budget({ maxCost: 1_000_000 });
    const [signal, prices] = [never.aborting, [100_000.1, 200_000.2, 300_000.3]];
    for (const price of prices) await budget.admit(price, signal);
    for (const price of prices) budget.settle(price, 300_000);
    await expect(budget.admit(200_000, signal)).rejects.toMatchObject({ code: "BUDGET_SPENT" });
  });

  test("is one for all models of a command", async () => {
    const budget = new Budget({ maxRequests: 3 });
    const one = await setUp(() => good, { budget });
    const two = await setUp(() => good, { budget });
    await one.client.ask(numbered(0), never);
    await one.client.ask(numbered(1), never);
    await two.client.ask(numbered(2), never);
    await expect(two.client.ask(numbered(3), never)).rejects.toMatchObject({ code: "BUDGET_SPENT" });
  });

  test("of money needs a price", async () => {
    await expect(setUp(() => good, { budget: new Budget({ maxCost: 1 }) })).rejects.toMatchObject({
      code: "PRICE_UNKNOWN",
      fix: expect.stringContaining("--price"),
    });
  });
});

describe("stopping", () => {
  test("draining ends pauses and queues, and lets what is at the server finish", async () => {
    const stop = new AbortController();
    let answer = (_reply: Reply) => {};
    const slow = new Promise<Reply>((resolve) => {
      answer = resolve;
    });
    const handler: Handler = (_received, { index }) =>
      index === 0 ? slow : { status: 503, headers: { "retry-after": "60" }, body: "{}" };
    const { client, server } = await setUp(handler, { concurrency: 2 });
    const stops = { ...never, draining: stop.signal };
    const asked = [0, 1, 2].map((number) => client.ask(numbered(number), stops));
    const settled = Promise.allSettled(asked);
    while (server.received.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    answer(good);
    const [first, second, third] = await settled;
    expect(first).toMatchObject({ status: "fulfilled", value: { text: "yes" } });
    for (const one of [second, third]) expect(one).toMatchObject({ reason: expect.any(AskAborted) });
  });

  test("aborting gives up what is at the server too", async () => {
    const stop = new AbortController();
    const { client, server } = await setUp(() => undefined);
    const asked = client.ask(call, { draining: stop.signal, aborting: stop.signal });
    while (server.received.length < 1) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    await expect(asked).rejects.toBeInstanceOf(AskAborted);
  });
});
