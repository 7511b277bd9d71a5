import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import type { RunRecord, Sample } from "../contracts/index.ts";
import { readRun, readSamples } from "../record/index.ts";
import { addUp, type ChatServer, type Script, startChatServer } from "../run/testing/chat-server.ts";
import { scratch, writeToyTask } from "../run/testing/toy-task.ts";
import { main } from "./main.ts";
import { Terminal } from "./terminal.ts";

const servers: ChatServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(script: Script): Promise<ChatServer> {
  const server = await startChatServer(script);
  servers.push(server);
  return server;
}

/** Runs a command line in this process and gives what it wrote. */
async function assay(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const out = new PassThrough();
  const err = new PassThrough();
  const terminal = new Terminal(out, err as unknown as NodeJS.WriteStream, {
    ...process.env,
    NO_COLOR: "1",
    OPENAI_API_KEY: "sk-test-secret-123",
  });
  const code = await main(argv, terminal);
  return { code, out: String(out.read() ?? ""), err: String(err.read() ?? "") };
}

function setting(size?: number): { tasks: string; results: string; flags: string[] } {
  const tasks = writeToyTask(size);
  const results = scratch("results");
  return { tasks, results, flags: ["--tasks", tasks, "--results", results, "--no-cache", "--json"] };
}

async function onlyRun(results: string): Promise<{ record: RunRecord; samples: Sample[]; folder: string }> {
  const [id = ""] = readdirSync(join(results, "runs"));
  const folder = join(results, "runs", id);
  const record = (await readRun(folder)) as RunRecord;
  const samples: Sample[] = [];
  for await (const sample of readSamples(folder, record)) samples.push(sample);
  return { record, samples, folder };
}

test("a run against a right model scores 100 % and records everything", async () => {
  const server = await serve(addUp);
  const { results, flags } = setting();
  const { code, out } = await assay("run", "toy", "--model", "openai/m", "--base-url", server.url, ...flags);
  expect(code).toBe(0);
  const json = JSON.parse(out);
  expect(json.runs[0]).toMatchObject({
    task: "toy",
    protocol: "chat",
    model: "openai/m",
    partial: false,
    counts: { scored: 20, errored: 0, unparsed: 0 },
  });
  expect(json.runs[0].scores[0]).toMatchObject({
    metric: "exact_match",
    filter: "strict",
    group: "all",
    value: 1,
    unit: "proportion",
    n: 20,
    ci: { method: "wilson", level: 0.95 },
  });
  const { record, samples } = await onlyRun(results);
  expect(samples.map((sample) => sample.item)).toEqual(Array.from({ length: 20 }, (_, index) => `test/${index}`));
  expect(record.modelsReturned).toEqual([{ model: "scripted-1", fingerprint: "fp_1", samples: 20 }]);
  expect(record.usage).toMatchObject({ input: 200, output: 100, requests: 20 });
  expect(record.scores.map((score) => score.group)).toContain("macro:parity");
  expect(samples[0]?.response?.exchanges[0]?.sent).toContain("What is 3 + 1?");
  expect(JSON.stringify([record, samples])).not.toContain("sk-test-secret-123");
});

test("issuing the same command again asks nothing", async () => {
  const server = await serve(addUp);
  const { flags } = setting();
  const command = ["run", "toy", "--model", "openai/m", "--base-url", server.url, ...flags];
  const first = await assay(...command);
  const second = await assay(...command);
  expect(server.bodies).toHaveLength(20);
  expect(JSON.parse(second.out)).toEqual(JSON.parse(first.out));
});

test("wrong, unparsed and empty answers are told apart", async () => {
  const answers = ["The answer is 0.", "I don't know", ""];
  const server = await serve((_question, { index }) => answers[index % 3]);
  const { results, flags } = setting(30);
  await assay("run", "toy", "--model", "openai/m", "--base-url", server.url, ...flags);
  const { record } = await onlyRun(results);
  expect(record.counts).toMatchObject({ scored: 10, unparsed: 20 });
  expect(record.scores[0]).toMatchObject({ value: 0, n: 30, unparsed: 20 });
});

test("errors are no wrong answers, stamp the run partial, and are asked again next time", async () => {
  let broken = true;
  const server = await serve((question, { response }) => {
    if (broken && question.includes("3 + 1?")) {
      response.writeHead(500).end("{}");
      return undefined;
    }
    return addUp(question);
  });
  const { results, flags } = setting();
  const command = ["run", "toy", "--model", "openai/m", "--base-url", server.url, "--retries", "0", ...flags];
  await assay(...command);
  const first = await onlyRun(results);
  expect(first.record.counts).toMatchObject({ scored: 19, errored: 1 });
  expect(first.record.partial).toBe(true);
  expect(first.record.scores[0]).toMatchObject({ value: 1, n: 19 });
  broken = false;
  await assay(...command);
  const second = await onlyRun(results);
  expect(second.record.counts).toMatchObject({ scored: 20, errored: 0 });
  expect(second.record.partial).toBe(false);
  expect(server.bodies).toHaveLength(21);
});

test("a wrong key stops the run at once with the server's words", async () => {
  const server = await serve((_question, { response }) => {
    response
      .writeHead(401, { "content-type": "application/json" })
      .end(JSON.stringify({ error: { message: "Incorrect API key provided" } }));
    return undefined;
  });
  const { flags } = setting(200);
  const { code, err } = await assay(
    "run",
    "toy",
    "--model",
    "openai/m",
    "--base-url",
    server.url,
    "--concurrency",
    "4",
    ...flags,
  );
  expect(code).toBe(2);
  expect(err).toContain("Incorrect API key provided");
  expect(server.bodies.length).toBeLessThan(40);
});

test("overrides are part of the setup and of the run's identity", async () => {
  const server = await serve(addUp);
  const { flags } = setting(3);
  const base = ["run", "toy", "--model", "openai/m", "--base-url", server.url, ...flags];
  const plain = JSON.parse((await assay(...base)).out).runs[0];
  const warm = JSON.parse((await assay(...base, "--set", "generate.temperature=0.7", "--shots", "1")).out).runs[0];
  expect(warm.runId).not.toBe(plain.runId);
  expect(warm.comparabilityHash).not.toBe(plain.comparabilityHash);
  expect(server.bodies.at(-1)).toMatchObject({ temperature: 0.7 });
  expect(server.bodies.at(-1)).toMatchObject({ messages: { length: 3 } });
});

test("--limit makes a partial run that says so", async () => {
  const server = await serve(addUp);
  const { results, flags } = setting();
  await assay("run", "toy", "--model", "openai/m", "--base-url", server.url, "--limit", "5", ...flags);
  const { record } = await onlyRun(results);
  expect(record.partial).toBe(true);
  expect(record.partialReasons[0]).toContain("--limit 5");
  expect(record.counts.scored).toBe(5);
});

test("all problems of a command are reported together, and nothing is asked", async () => {
  const server = await serve(addUp);
  const { flags } = setting();
  const { code, err } = await assay(
    "run",
    "toy@chatt",
    "tooy",
    "--model",
    "openai/m",
    "--base-url",
    server.url,
    ...flags,
  );
  expect(code).toBe(2);
  expect(err).toContain('Did you mean "chat"?');
  expect(err).toContain('Did you mean "toy"?');
  expect(server.bodies).toHaveLength(0);
});

test("a gate that isn't met gives exit code 1", async () => {
  const server = await serve(() => "The answer is 0.");
  const { flags } = setting();
  expect(
    (await assay("run", "toy", "--model", "openai/m", "--base-url", server.url, "--gate", "0.5", ...flags)).code,
  ).toBe(1);
});

test("show --json gives the request, target and shots in the documented shape", async () => {
  const { tasks } = setting();
  const chat = JSON.parse((await assay("show", "toy", "--item", "2", "--tasks", tasks, "--json")).out);
  expect(chat).toMatchObject({
    item: "test/2",
    target: "10",
    shots: [],
    request: {
      kind: "chat",
      messages: [{ role: "user", content: "What is 5 + 5?" }],
      stop: ["Q:"],
      parameters: { temperature: 0, maxTokens: 50 },
    },
  });
  const letters = JSON.parse((await assay("show", "toy@letters", "--item", "test/0", "--tasks", tasks, "--json")).out);
  expect(letters.request).toMatchObject({ kind: "likelihood", continuations: [" 4", " 5"] });
  expect(letters.request.prompt).toMatch(/^10\d\d \+ \d+ = 10\d\d\n\n10\d\d \+ \d+ = 10\d\d\n\n3 \+ 1 =$/);
  expect(letters.shots).toHaveLength(2);
});

test("scoring again with another filter changes verdicts without the model", async () => {
  const server = await serve((question) => addUp(question).replace("The answer is", "So"));
  const { results, flags } = setting(6);
  await assay("run", "toy", "--model", "openai/m", "--base-url", server.url, ...flags);
  const { record } = await onlyRun(results);
  const { code, out } = await assay(
    "score",
    record.runId,
    "--results",
    results,
    "--set",
    "primary.filter=flexible",
    "--json",
  );
  expect(code).toBe(0);
  expect(JSON.parse(out).runs[0].scores[0]).toMatchObject({ filter: "flexible", value: 1 });
  expect(server.bodies).toHaveLength(6);
});

const cli = fileURLToPath(new URL("./assay.mjs", import.meta.url));

test("killed at random moments and resumed each time, a run ends as an uninterrupted one", {
  timeout: 120_000,
}, async () => {
  const server = await serve((question, { response }) => {
    setTimeout(
      () =>
        response.end(
          JSON.stringify({
            model: "scripted-1",
            choices: [{ message: { content: addUp(question) }, finish_reason: "stop" }],
          }),
        ),
      4,
    );
    return undefined;
  });
  const { results, flags } = setting(400);
  const command = ["run", "toy", "--model", "openai/m", "--base-url", server.url, "--concurrency", "4", ...flags];
  for (let kills = 0; kills < 4; kills += 1) {
    const child = spawn(process.execPath, [cli, ...command], { stdio: "ignore" });
    const ended = new Promise((resolve) => child.once("close", resolve));
    await new Promise((resolve) => setTimeout(resolve, 500 + 173 * kills));
    child.kill("SIGKILL");
    await ended;
  }
  expect((await assay(...command)).code).toBe(0);
  const resumed = await onlyRun(results);
  const fresh = scratch("results");
  await assay(...command.map((part) => (part === results ? fresh : part)));
  const whole = await onlyRun(fresh);
  const timeless = ({ samples }: { samples: Sample[] }) =>
    samples.map((sample) => ({
      ...sample,
      response: {
        ...sample.response,
        latency: null,
        exchanges: sample.response?.exchanges.map(({ url: _url, ...rest }) => rest),
      },
    }));
  expect(timeless(resumed)).toEqual(timeless(whole));
  expect(resumed.record.scores).toEqual(whole.record.scores);
  expect(resumed.record.counts).toEqual(whole.record.counts);
  expect(existsSync(join(resumed.folder, "samples-00000.jsonl"))).toBe(false);
  expect(readFileSync(join(resumed.folder, "run.json"), "utf8")).toContain('"finishedAt": "');
});
