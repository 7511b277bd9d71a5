import { type ChildProcess, spawnSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { addUp, type ChatServer, type Script } from "../run/testing/chat-server.ts";
import { assay, type Outcome, onlyRun, serve, setting, startAssay, timelessFiles } from "./testing/command.ts";

const run = (server: Pick<ChatServer, "url">, ...flags: string[]) => [
  "run",
  "toy",
  "--model",
  "openai/m",
  "--base-url",
  server.url,
  ...flags,
];

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

/** Resolves once a process has asked so often. @throws Error with what it said, when it ends before */
async function untilAsked(server: ChatServer, count: number, ended: Promise<Outcome>): Promise<void> {
  let outcome: Outcome | undefined;
  void ended.then((given) => {
    outcome = given;
  });
  while (server.bodies.length < count) {
    if (outcome) throw new Error(`ended with ${outcome.code} after ${server.bodies.length} requests: ${outcome.err}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Resolves once a process has said so on stderr. */
function untilSaid(child: ChildProcess, words: string): Promise<void> {
  return new Promise((resolve) => {
    let said = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes(words)) resolve();
    });
  });
}

describe("interruptions", () => {
  test("Ctrl-C once finishes what is in flight, says how to go on, and exits with 130", async () => {
    const server = await serve(slow(150));
    const { results, flags } = setting(200);
    const command = run(server, "--concurrency", "4", ...flags);
    const { child, ended } = startAssay(command);
    await untilAsked(server, 6, ended);
    child.kill("SIGINT");
    const outcome = await ended;
    expect(outcome.code).toBe(130);
    expect(outcome.err).toContain(`assay ${command.join(" ")}`);
    const { record, samples } = await onlyRun(results);
    expect(samples).toHaveLength(server.bodies.length);
    expect(record.partialReasons[0]).toContain("interrupted");
    expect(JSON.parse(outcome.out).runs[0].counts.scored).toBe(samples.length);
  });

  test.each(["SIGTERM", "SIGHUP"] as const)(
    "%s does the same, also when nobody reads what is said any more",
    async (signal) => {
      const server = await serve(slow(150));
      const { results, flags } = setting(200);
      const { child, ended } = startAssay(run(server, "--concurrency", "4", ...flags));
      await untilAsked(server, 6, ended);
      child.stdout?.destroy();
      child.stderr?.destroy();
      child.kill(signal);
      await ended;
      const { record, samples } = await onlyRun(results);
      expect(samples).toHaveLength(server.bodies.length);
      expect(record.partialReasons[0]).toContain("interrupted");
    },
  );

  test("Ctrl-C twice stops now, and what was finished is saved", async () => {
    const server = await serve((question, { index }) => (index < 200 ? addUp(question) : undefined));
    const { results, flags } = setting(20_000);
    const { child, ended } = startAssay(run(server, "--concurrency", "4", ...flags));
    await untilAsked(server, 204, ended);
    child.kill("SIGINT");
    await untilSaid(child, "Press Ctrl-C again");
    expect(child.exitCode).toBeNull();
    child.kill("SIGINT");
    expect((await ended).code).toBe(130);
    expect((await onlyRun(results)).samples).toHaveLength(200);
  });

  test("while one process works on a run, another is refused, and neither harms it", async () => {
    const refused = Promise.withResolvers<void>();
    const server = await serve((question, call) => {
      if (call.index < 5) return addUp(question);
      void refused.promise.then(() => slow(0)(question, call));
      return undefined;
    });
    const { results, flags } = setting(60);
    const command = run(server, "--concurrency", "2", ...flags);
    const first = startAssay(command);
    await untilAsked(server, 6, first.ended);
    const second = await assay(...command);
    refused.resolve();
    expect(second.code).toBe(2);
    expect(JSON.parse(second.out).errors[0].code).toBe("RUN_LOCKED");
    expect((await first.ended).code).toBe(0);
    expect(server.bodies).toHaveLength(60);
    expect((await onlyRun(results)).record.counts.scored).toBe(60);
  });
});

describe("the disk", () => {
  test("full while journalling: said so, nothing torn, and the run goes on with space (needs the right to mount)", async ({
    skip,
  }) => {
    const folder = mountSmallDisk();
    if (folder === undefined) return skip("no right to mount");
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
    // Then with room for the journal, but not for the shards beside it.
    const begun = await onlyRun(folder);
    const perSample = statSync(join(begun.folder, "samples-00000.jsonl")).size / begun.samples.length;
    spawnSync("/bin/mount", ["-o", `remount,size=${Math.round(perSample * 600) + 50_000}`, folder]);
    expect(JSON.parse((await assay(...command)).out).errors[0]).toMatchObject({
      code: "RECORD_UNWRITABLE",
      why: expect.stringContaining("full"),
    });
    spawnSync("/bin/mount", ["-o", "remount,size=20m", folder]);
    expect((await assay(...command)).code).toBe(0);
    const { record, samples } = await onlyRun(folder);
    expect(record.counts.scored).toBe(600);
    expect(new Set(samples.map(({ item }) => item)).size).toBe(600);
    expect(server.bodies.length).toBeLessThan(asked + 600);
    expect(server.bodies.length).toBeGreaterThanOrEqual(600);
  });

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

/** How many requests are let pass before each kill, and for how many milliseconds after them. */
const kills = [
  [1, 0],
  [130, 7],
  [40, 19],
  [7, 3],
  [90, 11],
  [3, 1],
  [61, 15],
  [118, 5],
  [25, 9],
  [77, 17],
] as const;

test("killed ten times at different moments and resumed each time, a run ends byte for byte as an uninterrupted one", async () => {
  let pace = 3;
  const server = await serve((question, call) => slow(pace)(question, call));
  const { tasks, results } = setting(1500);
  const command = (folder: string) =>
    run(server, "--tasks", tasks, "--results", folder, "--no-cache", "--concurrency", "4", "--json");
  const asked: number[] = [];
  const questionOf = (body: unknown) => (body as { messages: { content: string }[] }).messages.at(-1)?.content;
  const kept = new Set<unknown>();
  const paidTwice: unknown[] = [];
  for (const [wait, ms] of kills) {
    const before = server.bodies.length;
    const { child, ended } = startAssay(command(results));
    await untilAsked(server, before + wait, ended);
    await new Promise((resolve) => setTimeout(resolve, ms));
    child.kill("SIGKILL");
    await ended;
    const asks = server.bodies.slice(before).map(questionOf);
    asked.push(asks.length);
    paidTwice.push(...asks.filter((question) => kept.has(question)));
    const { folder } = await onlyRun(results);
    const lines = readFileSync(join(folder, "samples-00000.jsonl"), "utf8").split("\n").slice(0, -1);
    for (const line of lines) kept.add(questionOf(JSON.parse(line).request));
  }
  const before = server.bodies.length;
  pace = 0;
  expect((await assay(...command(results))).code).toBe(0);
  // What was on the disk when the process was killed is never asked again, and everything else once more.
  expect(paidTwice).toEqual([]);
  expect(server.bodies.length - before).toBe(1500 - kept.size);
  const fresh = setting().results;
  await assay(...command(fresh));
  const [resumed, whole] = [await onlyRun(results), await onlyRun(fresh)];
  expect(asked.every((count) => count > 0)).toBe(true);
  expect(timelessFiles(resumed.folder)).toEqual(timelessFiles(whole.folder));
  expect(Object.keys(timelessFiles(whole.folder))).toHaveLength(16);
  expect(existsSync(join(resumed.folder, "samples-00000.jsonl"))).toBe(false);
});

test("killed while shards and record are written, a run is summed up again to the same bytes, and nothing is asked", async () => {
  const server = await serve(addUp);
  const { results, flags } = setting(250);
  await assay(...run(server, ...flags));
  const { folder } = await onlyRun(results);
  const whole = timelessFiles(folder);
  const finished = readFileSync(join(folder, "run.json"), "utf8");
  const shards = [0, 1, 2].map((number) => gunzipSync(readFileSync(join(folder, `samples-0000${number}.jsonl.gz`))));
  const journal = shards.map(String).join("").split("\n").filter(Boolean).toReversed();
  const begun = { ...JSON.parse(finished), finishedAt: null, partial: true, samples: [] };
  const states: [record: string, left: Record<string, string>][] = [
    // Behind the last rename of the record, before the journal is removed.
    [finished, {}],
    // Shards are there, one of them half written, the record is the one of the beginning.
    [JSON.stringify(begun), { "samples-00001.jsonl.gz.99.part": "half", "samples-00007.jsonl.gz": "of another time" }],
  ];
  for (const [record, left] of states) {
    writeFileSync(join(folder, "samples-00000.jsonl"), `${journal.join("\n")}\n`);
    writeFileSync(join(folder, "run.json"), record);
    for (const [name, content] of Object.entries(left)) writeFileSync(join(folder, name), content);
    expect((await assay(...run(server, ...flags))).code).toBe(0);
    expect(timelessFiles(folder)).toEqual(whole);
  }
  expect(server.bodies).toHaveLength(250);
});

/** A file system of 300 kB, taken away when the test ends; `undefined` where mounting isn't allowed. */
function mountSmallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "assay-disk-"));
  const isMounted = spawnSync("/bin/mount", ["-t", "tmpfs", "-o", "size=300k", "none", folder]).status === 0;
  onTestFinished(() => {
    if (isMounted) spawnSync("/bin/umount", [folder]);
    rmdirSync(folder);
  });
  return isMounted ? folder : undefined;
}
