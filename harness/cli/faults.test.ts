import { describe, expect, test } from "vitest";
import type { RunRecord } from "../contracts/index.ts";
import { addUp, type ChatServer, type Script } from "../run/testing/chat-server.ts";
import { assay, assayUnder, onlyRun, secret, serve, setting } from "./testing/command.ts";

const run = (server: Pick<ChatServer, "url">, ...flags: string[]) => [
  "run",
  "toy",
  "--model",
  "openai/m",
  "--base-url",
  server.url,
  ...flags,
];

/** Does something else to every third request (never to the same question twice), and answers the others rightly. */
function faulty(fault: Script): Script {
  const hit = new Set<string>();
  let count = 0;
  return (question, call) => {
    count += 1;
    if (count % 3 !== 0 || hit.has(question)) return addUp(question);
    hit.add(question);
    return fault(question, call);
  };
}

const status = (code: number, headers: Record<string, string> = {}, body = '{"error":{"message":"busy"}}'): Script => {
  return (_question, { response }) => {
    response.writeHead(code, headers).end(body);
    return undefined;
  };
};

/** Forty samples, each once and right, some of them after a retry. */
async function expectAllRight(results: string): Promise<RunRecord> {
  const { record, samples } = await onlyRun(results);
  expect(record.counts).toEqual({ scored: 40, errored: 0, limited: 0, unparsed: 0, refused: 0, skipped: 0 });
  expect(record.scores[0]).toMatchObject({ value: 1, n: 40 });
  expect(samples.map(({ item }) => item)).toEqual(Array.from({ length: 40 }, (_, index) => `test/${index}`));
  expect(record.usage.retries).toBeGreaterThan(0);
  return record;
}

describe("a run over a faulty server ends with the right score, no sample lost, doubled or scored wrong", () => {
  test.each<[string, Script]>([
    ["429 with Retry-After in seconds", status(429, { "retry-after": "0" })],
    ["429 with Retry-After as a date", status(429, { "retry-after": new Date(Date.now() - 1000).toUTCString() })],
    [
      "429 with a spent x-ratelimit window",
      status(429, { "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "20ms" }),
    ],
    ["408", status(408)],
    ["409", status(409)],
    ["500", status(500)],
    ["502 with a page", status(502, { "content-type": "text/html" }, "<h1>Bad gateway</h1>")],
    ["503", status(503)],
    ["529", status(529)],
    ["dropped connections", (_question, { request }) => void request.socket.destroy()],
    [
      "connections dropped behind the headers",
      (_question, { response }) => {
        response.writeHead(200, { "content-length": "500" });
        response.flushHeaders();
        setTimeout(() => response.destroy(), 5);
        return undefined;
      },
    ],
    [
      "connections dropped inside a body",
      (_question, { response }) => {
        response.writeHead(200);
        response.write('{"choices":[{"message":{"content":"The answer is 1');
        setTimeout(() => response.destroy(), 5);
        return undefined;
      },
    ],
    [
      "half a JSON that looks whole",
      status(200, { "content-type": "application/json" }, '{"choices":[{"message":{"content":"The answer is 1."'),
    ],
    ["a web page with status 200", status(200, { "content-type": "text/html" }, "<html>The answer is 7.</html>")],
    ["an error with status 200", status(200, {}, '{"error":{"message":"upstream failed","code":502}}')],
    ["no choices", status(200, {}, '{"choices":[]}')],
  ])("%s", async (_what, fault) => {
    const server = await serve(faulty(fault));
    const { results, flags } = setting(40);
    expect((await assay(...run(server, ...flags))).code).toBe(0);
    const { usage } = await expectAllRight(results);
    expect(server.bodies.length).toBe(40 + usage.retries);
  });

  test("hanging requests", async () => {
    const server = await serve(faulty(() => undefined));
    const { results, flags } = setting(40);
    expect((await assay(...run(server, "--timeout", "0.5", "--retries", "20", ...flags))).code).toBe(0);
    const { usage } = await expectAllRight(results);
    // A machine that stands still gives up requests that the server never saw.
    expect(server.bodies.length).toBeLessThanOrEqual(40 + usage.retries);
  });

  test("all of it at once, at random", async () => {
    let seed = 7;
    const random = () => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      return seed / 2 ** 31;
    };
    const faults = [
      status(429, { "retry-after": "0" }),
      status(500),
      status(200, {}, "<p>"),
      ((_question, { request }) => void request.socket.destroy()) as Script,
    ];
    const server = await serve((question, call) => {
      const fault = random() < 0.2 ? faults[Math.floor(random() * faults.length)] : undefined;
      return fault ? fault(question, call) : addUp(question);
    });
    const { results, flags } = setting(150);
    expect((await assay(...run(server, "--retries", "9", ...flags))).code).toBe(0);
    const { record } = await onlyRun(results);
    expect(record.counts.scored).toBe(150);
    expect(record.scores[0]).toMatchObject({ value: 1, n: 150 });
  });
});

describe("what trying again can't help stops the run at once", () => {
  test.each([400, 401, 403, 404])("%i, with the server's words, exit code 2 and one JSON value", async (code) => {
    const words = `No: ${code}, your key is ${secret}`;
    const server = await serve(status(code, {}, JSON.stringify({ error: { message: words } })));
    const { results, flags } = setting(200);
    const outcome = await assay(...run(server, "--concurrency", "4", ...flags));
    expect(outcome.code).toBe(2);
    expect(outcome.err).toContain(`answered ${code}: No: ${code}, your key is [redacted]`);
    const json = JSON.parse(outcome.out);
    expect(json.errors[0].what).toContain(`No: ${code}`);
    expect(json.runs[0]).toMatchObject({ partial: true, counts: { scored: 0, errored: 0 } });
    expect(json.runs[0].scores[0]).toMatchObject({
      metric: "exact_match",
      filter: "strict",
      value: null,
      n: 0,
      ci: null,
    });
    expect(server.bodies.length).toBeLessThan(20);
    expect((await onlyRun(results)).samples).toEqual([]);
    expect(outcome.out + outcome.err).not.toContain(secret);
  });

  test("a server that fails every time is left after fifty samples, and each of them is asked again later", async () => {
    let broken = true;
    const server = await serve((question, call) => (broken ? status(500)(question, call) : addUp(question)));
    const { results, flags } = setting(80);
    const command = run(server, "--retries", "0", "--concurrency", "4", ...flags);
    const first = await assay(...command);
    expect(first.code).toBe(2);
    expect(first.err).toContain("answered 500: busy");
    expect((await onlyRun(results)).record.counts.errored).toBeGreaterThanOrEqual(50);
    broken = false;
    expect((await assay(...command)).code).toBe(0);
    expect((await onlyRun(results)).record.counts).toMatchObject({ scored: 80, errored: 0 });
  });

  test("a prompt that is too long or filtered concerns its sample only", async () => {
    const server = await serve((question, call) => {
      if (question.includes("3 + 1?"))
        return status(400, {}, '{"error":{"message":"maximum context length is 10 tokens"}}')(question, call);
      if (question.includes("4 + 3?"))
        return status(400, {}, '{"error":{"message":"blocked","code":"content_filter"}}')(question, call);
      return addUp(question);
    });
    const { results, flags } = setting(10);
    expect((await assay(...run(server, ...flags))).code).toBe(0);
    const { record, samples } = await onlyRun(results);
    expect(record.counts).toMatchObject({ scored: 8, limited: 1, refused: 1 });
    expect(samples[0]?.outcome).toEqual({ kind: "limited", limit: "context" });
    expect(samples[1]?.outcome).toMatchObject({ kind: "refused", reason: expect.stringContaining("blocked") });
  });
});

describe("limits of a command", () => {
  test("--max-requests stops cleanly, and the same command with more goes on", async () => {
    const server = await serve(addUp);
    const { results, flags } = setting(30);
    const first = await assay(...run(server, "--max-requests", "10", ...flags));
    expect(first.err).toContain("--max-requests 10 is reached");
    expect((await onlyRun(results)).record).toMatchObject({ partial: true, counts: { scored: 10 } });
    expect((await assay(...run(server, ...flags))).code).toBe(0);
    expect(server.bodies).toHaveLength(30);
    expect((await onlyRun(results)).record.counts.scored).toBe(30);
  });

  test("--max-cost stops before more is spent, by list price or --price", async () => {
    // An answer takes 10 tokens in and 5 out.
    const server = await serve(addUp);
    const { results, flags } = setting(100);
    const { err } = await assay(...run(server, "--price", "1000,2000", "--max-cost", "0.5", ...flags));
    expect(err).toContain("--max-cost 0.5 is reached");
    const { record } = await onlyRun(results);
    expect(record.cost).toMatchObject({ value: expect.any(Number), basis: expect.stringContaining("--price") });
    expect(record.cost.value).toBeLessThanOrEqual(0.5);
    expect(record.cost.value).toBeGreaterThan(0.4);
  });

  test("--max-cost without a price is refused before anything is asked", async () => {
    const server = await serve(addUp);
    const { flags } = setting();
    const { code, err } = await assay(...run(server, "--max-cost", "1", ...flags));
    expect([code, server.bodies.length]).toEqual([2, 0]);
    expect(err).toContain("--price");
  });

  test("--concurrency is never passed", async () => {
    let [now, most] = [0, 0];
    const server = await serve((question, { response }) => {
      now += 1;
      most = Math.max(most, now);
      setTimeout(() => {
        now -= 1;
        response.end(JSON.stringify({ choices: [{ message: { content: addUp(question) }, finish_reason: "stop" }] }));
      }, 5);
      return undefined;
    });
    const { flags } = setting(60);
    await assay(...run(server, "--concurrency", "3", ...flags));
    expect(most).toBe(3);
  });
});

test.runIf(process.platform === "linux")("a process that may open few connections makes do with them", async () => {
  const server = await serve((question, { response }) => {
    const answer = JSON.stringify({ choices: [{ message: { content: addUp(question) }, finish_reason: "stop" }] });
    setTimeout(() => response.end(answer), 100);
    return undefined;
  });
  const { results, flags } = setting(150);
  const { code, err } = await assayUnder("ulimit -n 64", run(server, "--concurrency", "100", ...flags));
  expect(err).not.toContain("EMFILE");
  expect(code).toBe(0);
  const { record } = await onlyRun(results);
  expect(record).toMatchObject({ counts: { scored: 150, errored: 0 }, usage: { retries: 0 } });
});
