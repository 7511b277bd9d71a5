import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Planned, planRequests, prepare } from "../run/index.ts";
import { describeOverMirror } from "../run/testing/mirror.ts";
import { scratch } from "../run/testing/toy-task.ts";
import { bundledTasks, resolve } from "../task/index.ts";
import { assay } from "./testing/command.ts";

const modelServer = fileURLToPath(new URL("./testing/model-server.ts", import.meta.url));

/** Official numbers of items. */
const sizes: Record<string, number> = { gsm8k: 1319, mmlu: 14_042, arc_challenge: 1172, arc_easy: 2376 };

const stops: (() => void)[] = [];
afterAll(() => {
  for (const stop of stops) stop();
});

async function start(script: string, ...more: string[]): Promise<string> {
  const child = spawn(process.execPath, [script, ...more], { stdio: ["ignore", "pipe", "inherit"] });
  stops.push(() => child.kill());
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return line;
}

interface Run {
  task: string;
  partial: boolean;
  counts: Record<string, number>;
  scores: { metric: string; filter: string; group: string; value: number; n: number }[];
  usage: { requests: number };
}

describeOverMirror("whole benchmarks", () => {
  const results = scratch("results");
  let server = "";

  beforeAll(async () => {
    server = await start(modelServer, "I think so. Answer: A");
  });

  async function run(...argv: string[]): Promise<Run[]> {
    const flags = ["--results", results, "--no-cache", "--json", "--concurrency", "32"];
    const { code, out, err } = await assay("run", ...argv, ...flags);
    expect(code, err).toBe(0);
    return (JSON.parse(out) as { runs: Run[] }).runs;
  }

  async function plan(reference: string): Promise<Planned[]> {
    const resolved = resolve(reference, { roots: [bundledTasks] });
    const prepared = await prepare(resolved, { provider: "none", name: "none", baseUrl: null, options: {} });
    const all: Planned[] = [];
    for await (const planned of planRequests(prepared)) all.push(planned);
    return all;
  }

  const total = ({ counts }: Run) => Object.values(counts).reduce((sum, count) => sum + count, 0);

  test("run to the end through a chat endpoint: every item once, and the score is the share of right answers", async () => {
    const tasks = Object.keys(sizes);
    const runs = await run(...tasks.map((task) => `${task}@chat-cot`), "--model", "openai/m", "--base-url", server);
    for (const one of runs) {
      expect([one.task, total(one), one.usage.requests, one.partial]).toEqual([
        one.task,
        sizes[one.task],
        sizes[one.task],
        false,
      ]);
    }
    const mmlu = runs.find(({ task }) => task === "mmlu");
    const gold = (await plan("mmlu@chat-cot")).filter(({ scoring }) => scoring.answer === "A").length;
    expect(mmlu?.scores[0]).toMatchObject({ group: "all", n: 14_042, value: gold / 14_042 });
    expect(mmlu?.scores.filter(({ group }) => group.startsWith("subject=")).length).toBeGreaterThanOrEqual(57);
    const gsm8k = runs.find(({ task }) => task === "gsm8k");
    expect(gsm8k?.counts).toMatchObject({ unparsed: 1319, errored: 0 });
  });

  test("run to the end through a completions endpoint with log-probabilities", async () => {
    const tasks = Object.keys(sizes).map((task) => `${task}@lm-eval`);
    const runs = await run(...tasks, "--model", "completions/m", "--base-url", server);
    for (const one of runs) {
      expect([one.task, total(one), one.counts.errored]).toEqual([one.task, sizes[one.task], 0]);
      expect(one.partial).toBe(false);
    }
    const mmlu = runs.find(({ task }) => task === "mmlu");
    const gold = (await plan("mmlu@lm-eval")).filter(({ scoring }) => scoring.target === 0).length;
    expect(mmlu?.scores[0]).toMatchObject({ metric: "acc", n: 14_042, value: gold / 14_042 });
    expect(mmlu?.usage.requests).toBe(4 * 14_042);
  });

  test.each([
    ["gsm8k@lm-eval", 0, 0.03],
    ["gsm8k@chat-cot", 0, 0.03],
    ["mmlu@chat-cot", 0.23, 0.27],
    ["arc_challenge@chat-cot", 0.22, 0.28],
    ["arc_easy@chat-cot", 0.22, 0.28],
  ])(
    "%s: replayed gold answers are all right, shuffled ones about chance, empty ones wrong and unparsed",
    async (reference, least, most) => {
      const planned = await plan(reference);
      const gold = planned.map(({ hints, scoring }) => {
        const answer = [scoring.target].flat()[0] as string;
        return hints.specimen?.(answer) ?? answer;
      });
      const third = Math.floor(planned.length / 3);
      const folder = scratch("replay");
      const replay = async (name: string, responseAt: (index: number) => string) => {
        const path = join(folder, `${name}.jsonl`);
        const lines = planned.map(({ item }, index) => JSON.stringify({ item: item.id, response: responseAt(index) }));
        writeFileSync(path, `${lines.join("\n")}\n`);
        const [one] = await run(reference, "--model", `replay/${path}`);
        return one as Run;
      };
      const right = await replay("gold", (index) => gold[index] ?? "");
      expect(right.scores[0]).toMatchObject({ value: 1, n: planned.length });
      const mixed = await replay("shuffled", (index) => gold[(index + third) % gold.length] ?? "");
      expect(mixed.scores[0]?.value).toBeGreaterThanOrEqual(least);
      expect(mixed.scores[0]?.value).toBeLessThan(most);
      const empty = await replay("empty", () => "");
      expect(empty.counts).toEqual({
        scored: 0,
        errored: 0,
        limited: 0,
        unparsed: planned.length,
        refused: 0,
        skipped: 0,
      });
      expect(empty.scores[0]).toMatchObject({ value: 0, n: planned.length });
    },
    60_000,
  );
});
