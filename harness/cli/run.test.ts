import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addUp } from "../run/testing/chat-server.ts";
import { scratch } from "../run/testing/toy-task.ts";
import { assay, onlyRun, serve, setting } from "./testing/command.ts";

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

test("a gate can't be answered by a run that stopped early: exit code 2", async () => {
  const server = await serve(addUp);
  const { flags } = setting();
  const stopped = ["--max-requests", "3", "--no-cache"];
  const asked = ["run", "toy", "--model", "openai/m", "--base-url", server.url, ...stopped, ...flags];
  expect((await assay(...asked)).code).toBe(0);
  expect((await assay(...asked, "--gate", "0.5")).code).toBe(2);
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

test("run --json and show --json have the documented fields and no others", async () => {
  const server = await serve(addUp);
  const { tasks, flags } = setting(3);
  const { out } = await assay("run", "toy", "--model", "openai/m", "--base-url", server.url, ...flags);
  const json = JSON.parse(out);
  expect(Object.keys(json)).toEqual(["runs"]);
  expect(Object.keys(json.runs[0])).toEqual(
    "runId task protocol model path partial setupHash comparabilityHash counts scores usage cost latency".split(" "),
  );
  expect(Object.keys(json.runs[0].counts)).toEqual("scored errored limited unparsed refused skipped".split(" "));
  expect(Object.keys(json.runs[0].scores[0])).toEqual("metric filter group value unit n stderr ci".split(" "));
  expect(Object.keys(json.runs[0].scores[0].ci)).toEqual("low high level method".split(" "));
  const shown = JSON.parse((await assay("show", "toy", "--tasks", tasks, "--json")).out);
  expect(Object.keys(shown)).toEqual(["item", "request", "target", "shots"]);
  expect(Object.keys(shown.request).sort()).toEqual(["kind", "messages", "parameters", "stop"]);
});

test("the final block has the score with its interval, all counts, time, tokens, cost, the record and what to do next", async () => {
  const server = await serve(addUp);
  const { flags } = setting(12);
  const plain = flags.filter((flag) => flag !== "--json");
  const { out, err } = await assay("run", "toy", "--model", "openai/m", "--base-url", server.url, ...plain);
  expect(out).toMatch(
    /toy@chat\s+openai\/m\s+exact_match \(strict\)\s+100\.0+ %\s+\[75\.8, 100\.0+\] wilson 95 %\s+12\s+12 scored/,
  );
  expect(err).toMatch(/macro:parity: 100/);
  expect(err).toContain("outcomes: 12 scored, 0 errored, 0 limited, 0 unparsed, 0 refused, 0 skipped");
  expect(err).toMatch(/\d s · tokens 120 in, 60 out · cost unknown \(a server of your own: no list price\)/);
  expect(err).toMatch(/runs\/toy-chat-openai-m-[0-9a-f]{10}\/run\.json/);
  expect(err).toContain("Next: assay site build --results");
});

test("--dry-run counts requests, finished and cached samples, tokens, cost and time, and asks nothing", async () => {
  const server = await serve(addUp);
  const cache = scratch("xdg");
  const before = process.env.XDG_CACHE_HOME;
  process.env.XDG_CACHE_HOME = cache;
  try {
    const { flags } = setting(20);
    const cached = flags.filter((flag) => flag !== "--no-cache");
    const command = ["run", "toy", "--model", "openai/m", "--base-url", server.url, ...cached];
    await assay(...command, "--max-requests", "5");
    const dry = async (...more: string[]) => JSON.parse((await assay(...command, "--dry-run", ...more)).out).plans[0];
    const asked = server.bodies.length;
    expect(await dry("--rpm", "60", "--price", "1,2")).toMatchObject({
      items: 20,
      requests: 15,
      finished: 5,
      cached: 0,
      outputTokens: 750,
      cost: { value: expect.any(Number), basis: expect.stringContaining("--price") },
      time: { seconds: 15, basis: "--rpm 60" },
    });
    expect(await dry()).toMatchObject({
      cost: { value: null, basis: "a server of your own: no list price" },
      time: { seconds: expect.any(Number), basis: expect.stringContaining("16 at once") },
    });
    expect(await dry("--set", "extract.0.id=renamed", "--set", "primary.filter=renamed")).toMatchObject({
      finished: 0,
      cached: 5,
      requests: 15,
    });
    expect(server.bodies).toHaveLength(asked);
    const { out } = await assay(...command.filter((part) => part !== "--json"), "--dry-run");
    expect(out).toContain("20 items: 15 requests to make, 0 samples cached, 5 finished already");
  } finally {
    process.env.XDG_CACHE_HOME = before ?? "";
  }
});

test("the same questions under another reading are answered by the cache, and the record says so", async () => {
  const server = await serve(addUp);
  const before = process.env.XDG_CACHE_HOME;
  process.env.XDG_CACHE_HOME = scratch("xdg");
  try {
    const { tasks } = setting(6);
    const command = ["run", "toy", "--model", "openai/m", "--base-url", server.url, "--tasks", tasks, "--price", "1,2"];
    await assay(...command, "--results", scratch("results"));
    const results = scratch("results");
    await assay(...command, "--results", results);
    expect(server.bodies).toHaveLength(6);
    const { record, samples } = await onlyRun(results);
    expect(record.usage).toMatchObject({ cached: 6, requests: 6, retries: 0 });
    expect(record.cost.basis).toContain("6 responses came from the cache");
    expect(samples.every(({ response }) => response?.cached)).toBe(true);
  } finally {
    process.env.XDG_CACHE_HOME = before ?? "";
  }
});

test("data that can't be had for one task is said before any task is asked", async () => {
  const server = await serve(addUp);
  const { tasks, flags } = setting(5);
  const other = setting(5);
  writeFileSync(join(other.tasks, "toy", "test.jsonl"), "");
  const copy = join(tasks, "broken");
  cpSync(join(other.tasks, "toy"), copy, { recursive: true });
  writeFileSync(
    join(copy, "task.yaml"),
    readFileSync(join(copy, "task.yaml"), "utf8").replace("id: toy", "id: broken"),
  );
  const { code, err } = await assay("run", "toy", "broken", "--model", "openai/m", "--base-url", server.url, ...flags);
  expect(code).toBe(2);
  expect(err).toContain("broken");
  expect(server.bodies).toHaveLength(0);
});

test("a results folder that can't be written to is said before anything is asked", async () => {
  const server = await serve(addUp);
  const { tasks } = setting(3);
  const results = join(scratch("results"), "file");
  writeFileSync(results, "");
  const command = [
    "run",
    "toy",
    "--model",
    "openai/m",
    "--base-url",
    server.url,
    "--tasks",
    tasks,
    "--results",
    results,
  ];
  const { code, err } = await assay(...command, "--no-cache");
  expect(code).toBe(2);
  expect(err).toContain("RESULTS_UNWRITABLE");
  expect(server.bodies).toHaveLength(0);
});
