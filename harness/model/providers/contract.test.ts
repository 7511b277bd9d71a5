import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { generationSchema, type Model, type ModelRequest, modelResponseSchema } from "../../contracts/index.ts";
import { scratch } from "../../run/testing/toy-task.ts";
import { ModelCallError } from "../model-call-error.ts";
import { ask, callOf, key, open } from "../testing/ask.ts";
import { type Dialect, dialects, type Said } from "../testing/dialects.ts";
import { type Handler, startWireServer, type WireServer } from "../testing/wire-server.ts";

const saying = (dialect: Dialect, said: Said): Handler => {
  const body = JSON.stringify(dialect.says(said));
  return () => ({ body });
};

async function serve(dialect: Dialect, handler: Handler): Promise<{ model: Model; server: WireServer }> {
  const server = await startWireServer(handler);
  return { server, model: await open(dialect.id, { baseUrl: server.url + dialect.base }) };
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );

describe.each(dialects.map((dialect) => [dialect.id.split("/")[0] ?? "", dialect] as const))("%s", (_name, dialect) => {
  const asked = callOf(dialect.asked);

  test("sends exactly this body, with the key in its header, and keeps what was sent and received", async () => {
    const { model, server } = await serve(dialect, saying(dialect, { text: "12,388 ft — 約" }));
    const response = await ask(model, asked);
    const [received] = server.received;
    expect(received?.body).toEqual(dialect.sent);
    expect(received?.path).toBe(dialect.path);
    const [header, value] = dialect.authorization;
    expect(received?.headers[header]).toBe(value(key));
    expect(response.exchanges).toEqual([
      {
        url: server.url + dialect.path,
        sent: received?.text,
        received: JSON.stringify(dialect.says({ text: "12,388 ft — 約" })),
        status: 200,
        requestId: null,
      },
    ]);
  });

  test("reads text, finish reason, model, fingerprint and usage, and nothing that isn't there", async () => {
    const { model } = await serve(dialect, saying(dialect, { text: "12,388 ft — 約" }));
    const response = await ask(model, asked);
    expect(response).toMatchObject({ ...dialect.read, text: "12,388 ft — 約", refusal: null, reasoning: null });
    expect(response).toMatchObject({ likelihoods: null, attempts: 1, cached: false });
    expect(modelResponseSchema.parse(JSON.parse(JSON.stringify(response)))).toEqual(response);
  });

  test("tells a cut answer and a filtered one from a finished one", async () => {
    const { model, server } = await serve(dialect, saying(dialect, { text: "a", finish: "length" }));
    expect((await ask(model, asked)).finishReason).toBe("length");
    server.handler = saying(dialect, { text: "a", finish: "filter" });
    expect((await ask(model, asked)).finishReason).toBe("content_filter");
  });

  test("reads a refusal and keeps the reasoning apart from the answer, where the API has them", async () => {
    const { refusal, thinks } = dialect;
    const said = { text: null, ...(refusal === null ? {} : { refusal }) };
    const { model, server } = await serve(dialect, saying(dialect, said));
    expect((await ask(model, asked)).refusal).toBe(refusal);
    server.handler = saying(dialect, { text: "12,388", reasoning: "3776 × 3.28 …" });
    expect(await ask(model, asked)).toMatchObject({ text: "12,388", reasoning: thinks ? "3776 × 3.28 …" : null });
  });

  test("takes an answer without content for one without text, not for an error", async () => {
    const { model } = await serve(dialect, saying(dialect, { text: null, finish: "length" }));
    const response = await ask(model, asked);
    expect(response.text || null).toBeNull();
    expect(response.finishReason).toBe("length");
  });

  test("keeps every stop: as many as the server takes are sent, the rest is cut here, and the cut is a stop", async () => {
    const stops = ["\n1", "\n2", "\n3", "\n4", "\n5", "\n6", "\n7"];
    const { model, server } = await serve(dialect, saying(dialect, { text: "yes\n7 no\n1", finish: "length" }));
    const request = { ...dialect.asked, stop: stops } as ModelRequest;
    const response = await ask(model, callOf(request));
    expect(dialect.stopsOf(server.received[0]?.body ?? {})).toEqual(stops.slice(0, dialect.mostStops));
    expect(response).toMatchObject({ text: "yes", finishReason: "stop" });
    expect(response.exchanges[0]?.received).toContain("yes\\n7 no");
  });

  test("sends no stops where there are none", async () => {
    const { model, server } = await serve(dialect, saying(dialect, { text: "x" }));
    await ask(model, callOf({ ...dialect.asked, stop: [] } as ModelRequest));
    expect(dialect.stopsOf(server.received[0]?.body ?? {})).toBeUndefined();
  });

  test.each([
    ["NUL and control characters", "a\u0000b\u0007\u001b[31m"],
    ["lone surrogates", "a\ud800b\udc00"],
    ["ten million characters", "é".repeat(5_000_000) + "x".repeat(5_000_000)],
    ["nothing", ""],
  ])("gives back %s as they came", async (_what, text) => {
    const { model } = await serve(dialect, saying(dialect, { text }));
    const response = await ask(model, asked);
    expect(response.text === text).toBe(true);
    expect(JSON.parse(JSON.stringify(response)).text === text).toBe(true);
  });

  test("sends awkward prompts as valid JSON", async () => {
    const { model, server } = await serve(dialect, saying(dialect, { text: "x" }));
    const awkward = 'quote " back \\ NUL \u0000 lone \ud800 line \u2028';
    const request = JSON.parse(JSON.stringify(dialect.asked).replaceAll("Höhe? 高さ? 🗻", "@@"));
    const filled = JSON.parse(JSON.stringify(request), (_name, value) =>
      typeof value === "string" ? value.replaceAll("@@", awkward) : value,
    );
    await ask(model, callOf(filled));
    expect(JSON.stringify(server.received[0]?.body)).toContain(JSON.stringify(awkward).slice(1, -1));
  });

  /** 60 ms in steps, between which the client gets to read, however long the machine stood still. */
  async function aWhile(): Promise<void> {
    for (let step = 0; step < 6; step += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  test("measures the time to the headers and to the end", async () => {
    const { model } = await serve(dialect, async (_received, { response }) => {
      await aWhile();
      const body = JSON.stringify(dialect.says({ text: "x" }));
      response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
      response.write(body.slice(0, 10));
      await aWhile();
      response.end(body.slice(10));
      return undefined;
    });
    const { firstByteMs, totalMs } = (await ask(model, asked)).latency;
    expect(firstByteMs).toBeGreaterThan(50);
    expect(totalMs).toBeGreaterThan((firstByteMs ?? 0) + 30);
  });

  test("never lets the key into a response or an error, however the server echoes it", async () => {
    const escaped = [...key].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
    const body = JSON.stringify(dialect.says({ text: `@@ ${key} ##` })).replace("@@", escaped);
    const { model, server } = await serve(dialect, () => ({ body, headers: { "x-request-id": `for ${key}` } }));
    const response = await ask(model, asked);
    expect(response.text).toBe("[redacted] [redacted] ##");
    expect(JSON.stringify(response)).not.toContain(key);
    server.handler = () => ({ status: 401, body: JSON.stringify({ error: { message: `Wrong key ${key}` } }) });
    const error = await failure(ask(model, asked));
    expect(error).toMatchObject({ what: expect.stringContaining("Wrong key [redacted]") });
    expect(JSON.stringify([error, String(error), (error as Error).stack])).not.toContain(key);
    const spelled = `key=${encodeURIComponent(key)} or ${key.replaceAll("/", "\\/")}`;
    server.handler = () => ({ status: 401, headers: { "content-type": "text/plain" }, body: `Wrong ${spelled}` });
    expect(await failure(ask(model, asked))).toMatchObject({
      what: expect.stringContaining("Wrong key=[redacted] or [redacted]"),
    });
  });

  test.each([
    [400, "bad_request"],
    [401, "auth"],
    [402, "auth"],
    [403, "auth"],
    [404, "not_found"],
    [422, "bad_request"],
  ])("stops at once at %i, in the server's words", async (status, kind) => {
    const words = "The model `served-model` is not for you: 値";
    const { model, server } = await serve(dialect, () => ({
      status,
      body: JSON.stringify({ error: { message: words } }),
    }));
    const error = await failure(ask(model, asked));
    expect(error).toBeInstanceOf(ModelCallError);
    expect(error).toMatchObject({ kind, fatal: true, status, what: expect.stringContaining(words) });
    expect(server.received).toHaveLength(1);
  });

  test.each([408, 409, 429, 500, 502, 503, 529])("tries again after %i", async (status) => {
    const good = saying(dialect, { text: "x" });
    const { model, server } = await serve(dialect, (received, wire) =>
      wire.index < 2 ? { status, body: "<html><style>p{}</style>busy</html>" } : good(received, wire),
    );
    expect(await ask(model, asked)).toMatchObject({ text: "x", attempts: 3 });
    expect(new Set(server.received.map(({ text }) => text)).size).toBe(1);
  });

  test.each<[string, string]>([
    ["half a body", '{"id": "chatcmpl-9", "choices": [{"mess'],
    ["a web page", "<!doctype html><title>Welcome</title>"],
    ["an empty body", ""],
    ["a JSON list", "[]"],
    ["an object that is no answer", '{"ok": true}'],
  ])("tries again after %s with status 200, and gives up in the end", async (_what, body) => {
    const good = saying(dialect, { text: "x" });
    const { model, server } = await serve(dialect, (received, wire) =>
      wire.index === 0 ? { body } : good(received, wire),
    );
    expect(await ask(model, asked)).toMatchObject({ text: "x", attempts: 2 });
    server.handler = () => ({ body });
    expect(await failure(ask(model, asked, { retries: 2 }))).toMatchObject({ kind: "malformed", attempts: 3 });
  });

  test("tells a prompt that is too long from a request that is wrong", async () => {
    const words = "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.";
    const { model } = await serve(dialect, () => ({
      status: 400,
      body: JSON.stringify({ error: { message: words } }),
    }));
    expect(await failure(ask(model, asked))).toMatchObject({ kind: "context_length", fatal: false, retryable: false });
  });

  test("doesn't follow a redirect, because the key would go along", async () => {
    const { model, server } = await serve(dialect, () => ({
      status: 307,
      headers: { location: "http://x/" },
      body: "",
    }));
    expect(await failure(ask(model, asked))).toMatchObject({ fatal: true, what: expect.stringContaining("http://x/") });
    expect(server.received).toHaveLength(1);
  });

  test("takes credentials in the address for what they are", async () => {
    const server = await startWireServer(saying(dialect, { text: "x" }));
    const baseUrl = `${server.url.replace("//", "//user:pass-word-1@")}${dialect.base}`;
    const model = await open(dialect.id, { baseUrl });
    const response = await ask(model, asked);
    expect(model.baseUrl).toBe(server.url + dialect.base);
    expect(JSON.stringify(response)).not.toContain("pass-word-1");
  });

  test("hides a password with a colon, and the header made of it, where a server says them back", async () => {
    const basic = Buffer.from("user:pass:word-1").toString("base64");
    const said = { status: 401, body: JSON.stringify({ error: { message: `pass:word-1 word-1 Basic ${basic}` } }) };
    const server = await startWireServer(() => said);
    const model = await open(dialect.id, {
      baseUrl: `${server.url.replace("//", "//user:pass%3Aword-1@")}${dialect.base}`,
    });
    const error = JSON.stringify(await failure(ask(model, asked)));
    expect(error).not.toContain("pass:word-1");
    expect(error).not.toContain(basic);
    expect(error).toContain("[redacted]");
  });

  test("knows equal calls by equal cache keys, without its key in them", async () => {
    const { model } = await serve(dialect, saying(dialect, { text: "x" }));
    const keyOf = (request: ModelRequest) => JSON.stringify(model.cacheKey?.(callOf(request)));
    expect(keyOf(dialect.asked)).toBe(keyOf(structuredClone(dialect.asked)));
    expect(keyOf({ ...dialect.asked, stop: ["other"] } as ModelRequest)).not.toBe(keyOf(dialect.asked));
    expect(keyOf(dialect.asked)).toContain("served-model");
    expect(keyOf(dialect.asked)).not.toContain(key);
  });
});

const prompt = "2 + 2 = ? \u0000 \ud800 🗻";
const parameters = generationSchema.omit({ stop: true }).parse({ maxTokens: 64, temperature: 0.5 });
const requests: ModelRequest[] = [
  { kind: "chat", messages: [{ role: "user", content: prompt }], stop: [], parameters },
  { kind: "text", prompt, stop: [], parameters },
  { kind: "likelihood", prompt, continuations: [" 4", " 五 \ud800"] },
  { kind: "rolling", text: prompt },
];

/** Every provider, able to answer whatever it says it can. */
async function everyModel(): Promise<Model[]> {
  const file = `${scratch("replay")}/answers.jsonl`;
  writeFileSync(file, `${JSON.stringify({ item: "test/0", response: "4 \ud800" })}\n`);
  const served = dialects.map(async (dialect) => {
    const server = await startWireServer((received) => ({ body: JSON.stringify(answerTo(dialect, received.body)) }));
    return open(dialect.id, { baseUrl: server.url + dialect.base });
  });
  const embedded = ["random", "first", "longest", "majority", "ngram"].map((name) => open(`baseline/${name}`));
  return Promise.all([...served, ...embedded, open(`replay/${file}`)]);
}

function answerTo(dialect: Dialect, body: Record<string, unknown>): Record<string, unknown> {
  if (body.echo !== true) return dialect.says({ text: "4" });
  const tokens = [...String(body.prompt), "!"];
  const token_logprobs = tokens.map((_, index) => (index === 0 ? null : -0.5));
  const choices = [{ text: tokens.join(""), logprobs: { tokens, token_logprobs, top_logprobs: null } }];
  return { model: "m", choices, usage: { prompt_tokens: tokens.length - 1, completion_tokens: 1 } };
}

test("every provider answers what it says it can, refuses the rest, and answers the same call the same way", async () => {
  for (const model of await everyModel()) {
    for (const request of requests) {
      const promise = ask(model, callOf(request));
      if (!model.capabilities[request.kind]) {
        const expected = model.provider === "replay" ? { kind: "missing" } : { kind: "capability", fatal: true };
        expect(await failure(promise), `${model.id} ${request.kind}`).toMatchObject(expected);
        continue;
      }
      const response = await promise;
      expect(modelResponseSchema.parse(JSON.parse(JSON.stringify(response)))).toEqual(response);
      const isScored = request.kind === "likelihood" || request.kind === "rolling";
      expect(response.likelihoods?.length, `${model.id} ${request.kind}`).toBe(
        isScored ? ("continuations" in request ? 2 : 1) : undefined,
      );
      expect(typeof response.text).toBe(isScored ? "object" : "string");
      const again = await ask(model, callOf(structuredClone(request)));
      expect({ ...again, latency: null }).toEqual({ ...response, latency: null });
    }
  }
});

describe("what OpenAI-compatible servers leave out, or fill with nothing", () => {
  const chat = callOf({ kind: "chat", messages: [{ role: "user", content: "Hi" }], stop: [], parameters });
  const answered = async (choice: Record<string, unknown>) => {
    const server = await startWireServer(() => ({ body: JSON.stringify({ choices: [choice] }) }));
    return ask(await open("openai/m", { baseUrl: `${server.url}/v1` }), chat, { retries: 1 });
  };

  test("an empty refusal is none, and empty reasoning hides no other", async () => {
    const message = { content: "4", refusal: "", reasoning_content: "", reasoning: "2 + 2" };
    expect(await answered({ message })).toMatchObject({ text: "4", refusal: null, reasoning: "2 + 2" });
  });

  test("a choice without a message is no empty answer", async () => {
    const malformed = { kind: "malformed", attempts: 2, what: expect.stringContaining("without a message") };
    await expect(answered({ finish_reason: "stop" })).rejects.toMatchObject(malformed);
    await expect(answered({ text: "4" })).rejects.toMatchObject(malformed);
    expect(await answered({ finish_reason: "content_filter" })).toMatchObject({ finishReason: "content_filter" });
  });
});
