import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmdirSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { addUp, type ChatServer, type Script } from "../run/testing/chat-server.ts";
import { assay, onlyRun, secret, serve, setting, startAssay, timelessFiles } from "./testing/command.ts";

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
    ["hanging requests", () => undefined],
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
    const { code } = await assay(...run(server, "--timeout", "0.3", ...flags));
    expect(code).toBe(0);
    const { record, samples } = await onlyRun(results);
    expect(record.counts).toEqual({ scored: 40, errored: 0, limited: 0, unparsed: 0, refused: 0, skipped: 0 });
    expect(record.scores[0]).toMatchObject({ value: 1, n: 40 });
    expect(samples.map(({ item }) => item)).toEqual(Array.from({ length: 40 }, (_, index) => `test/${index}`));
    expect(record.usage.retries).toBeGreaterThan(0);
    expect(server.bodies.length).toBe(40 + record.usage.retries);
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

/** Answers rightly after a while. */
const slow =
  (ms: number): Script =>
  (question, { response }) => {
    setTimeout(
      () =>
        response.end(JSON.stringify({ choices: [{ message: { content: addUp(question) }, finish_reason: "stop" }] })),
      ms,
    );
    return undefined;
  };

async function untilAsked(server: ChatServer, count: number): Promise<void> {
  while (server.bodies.length < count) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe("interruptions", () => {
  test("Ctrl-C once finishes what is in flight, says how to go on, and exits with 130", async () => {
    const server = await serve(slow(150));
    const { results, flags } = setting(200);
    const command = run(server, "--concurrency", "4", ...flags);
    const { child, ended } = startAssay(command);
    await untilAsked(server, 6);
    child.kill("SIGINT");
    const outcome = await ended;
    expect(outcome.code).toBe(130);
    expect(outcome.err).toContain(`assay ${command.join(" ")}`);
    const { record, samples } = await onlyRun(results);
    expect(samples).toHaveLength(server.bodies.length);
    expect(record.partialReasons[0]).toContain("interrupted");
    expect(JSON.parse(outcome.out).runs[0].counts.scored).toBe(samples.length);
  });

  test("Ctrl-C twice stops now, and what was finished is saved", async () => {
    let hang = false;
    const server = await serve((question) => (hang ? undefined : addUp(question)));
    const { results, flags } = setting(20_000);
    const { child, ended } = startAssay(run(server, "--concurrency", "4", ...flags));
    await untilAsked(server, 200);
    hang = true;
    await new Promise((resolve) => setTimeout(resolve, 100));
    child.kill("SIGINT");
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(child.exitCode).toBeNull();
    child.kill("SIGINT");
    expect((await ended).code).toBe(130);
    expect((await onlyRun(results)).samples.length).toBeGreaterThan(100);
  });

  test("while one process works on a run, another is refused, and neither harms it", async () => {
    const server = await serve(slow(30));
    const { results, flags } = setting(60);
    const command = run(server, "--concurrency", "2", ...flags);
    const first = startAssay(command);
    await untilAsked(server, 5);
    const second = await assay(...command);
    expect(second.code).toBe(2);
    expect(JSON.parse(second.out).errors[0].code).toBe("RUN_LOCKED");
    expect((await first.ended).code).toBe(0);
    expect(server.bodies).toHaveLength(60);
    expect((await onlyRun(results)).record.counts.scored).toBe(60);
  });
});

describe("the disk", () => {
  const small = mountSmallDisk();

  test.skipIf(small === undefined)(
    "full while journalling: said so, nothing torn, and the run goes on with space (needs the right to mount)",
    async () => {
      const folder = small as string;
      onTestFinished(() => {
        spawnSync("/bin/umount", [folder]);
        rmdirSync(folder);
      });
      const server = await serve(addUp);
      const { tasks } = setting(600);
      const command = run(server, "--tasks", tasks, "--results", folder, "--no-cache", "--json");
      const full = await assay(...command);
      expect(full.code).toBe(2);
      expect(JSON.parse(full.out).errors[0]).toMatchObject({
        code: "JOURNAL_UNWRITABLE",
        why: expect.stringContaining("full"),
      });
      const asked = server.bodies.length;
      expect(asked).toBeLessThan(600);
      spawnSync("/bin/mount", ["-o", "remount,size=20m", folder]);
      expect((await assay(...command)).code).toBe(0);
      const { record, samples } = await onlyRun(folder);
      expect(record.counts.scored).toBe(600);
      expect(new Set(samples.map(({ item }) => item)).size).toBe(600);
      expect(server.bodies.length).toBeLessThan(asked + 600);
    },
  );

  test("a journal that a crash cut off at any byte loses one sample at most", async () => {
    const server = await serve(addUp);
    for (const cut of [1, 2, 100, 700]) {
      const { results, flags } = setting(12);
      const command = run(server, "--max-requests", "8", ...flags);
      await assay(...command);
      const { folder } = await onlyRun(results);
      const journal = join(folder, "samples-00000.jsonl");
      truncateSync(journal, readFileSync(journal).length - cut);
      const before = server.bodies.length;
      expect((await assay(...run(server, ...flags))).code).toBe(0);
      expect(server.bodies.length - before).toBe(5);
      expect((await onlyRun(results)).record.counts.scored).toBe(12);
    }
  });

  test("garbage at the end of a journal is asked again; garbage inside is named, not passed over", async () => {
    const server = await serve(addUp);
    const { results, flags } = setting(12);
    await assay(...run(server, "--max-requests", "8", ...flags));
    const { folder } = await onlyRun(results);
    const journal = join(folder, "samples-00000.jsonl");
    appendFileSync(journal, `${"\0".repeat(300)}\n`);
    const whole = readFileSync(journal, "utf8");
    const [first = "", ...rest] = whole.split("\n");
    writeFileSync(journal, [first, "{broken", ...rest].join("\n"));
    const refused = await assay(...run(server, ...flags));
    expect(JSON.parse(refused.out).errors[0]).toMatchObject({
      code: "JOURNAL_DAMAGED",
      what: expect.stringContaining("Line 2"),
    });
    writeFileSync(journal, whole);
    expect((await assay(...run(server, ...flags))).code).toBe(0);
    expect((await onlyRun(results)).record.counts.scored).toBe(12);
  });
});

test("killed ten times at random moments and resumed each time, a run ends byte for byte as an uninterrupted one", {
  timeout: 180_000,
}, async () => {
  let pace = 3;
  const server = await serve((question, call) => slow(pace)(question, call));
  const { tasks, results } = setting(1500);
  const command = (folder: string) =>
    run(server, "--tasks", tasks, "--results", folder, "--no-cache", "--concurrency", "4", "--json");
  const asked: number[] = [];
  for (let kill = 0; kill < 10; kill += 1) {
    const before = server.bodies.length;
    const { child, ended } = startAssay(command(results));
    const wait = 1 + Math.floor(Math.random() * 130);
    await Promise.race([untilAsked(server, before + wait), ended]);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
    child.kill("SIGKILL");
    await ended;
    asked.push(server.bodies.length - before);
  }
  pace = 0;
  expect((await assay(...command(results))).code).toBe(0);
  // Each kill loses at most four requests in flight and four answers on their way to the disk.
  expect(server.bodies.length).toBeLessThanOrEqual(1500 + 10 * 8);
  const fresh = setting().results;
  await assay(...command(fresh));
  const [resumed, whole] = [await onlyRun(results), await onlyRun(fresh)];
  expect(asked.every((count) => count > 0)).toBe(true);
  expect(timelessFiles(resumed.folder)).toEqual(timelessFiles(whole.folder));
  expect(Object.keys(timelessFiles(whole.folder))).toHaveLength(16);
  expect(existsSync(join(resumed.folder, "samples-00000.jsonl"))).toBe(false);
});

function mountSmallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "assay-disk-"));
  if (spawnSync("/bin/mount", ["-t", "tmpfs", "-o", "size=300k", "none", folder]).status === 0) return folder;
  rmdirSync(folder);
  return undefined;
}
