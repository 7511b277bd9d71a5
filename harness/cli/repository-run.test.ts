import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { engineProblem } from "../../sandbox/testing/engine-for-tests.ts";
import {
  buildRepositoryImage,
  gitProblem,
  hiddenTests,
  mended,
  type RepositoryImage,
} from "../../sandbox/testing/repository-image.ts";
import type { RunRecord, Sample } from "../contracts/index.ts";
import { readRun, readSamples } from "../record/index.ts";
import { type ChatServer, type Script, startChatServer } from "../run/testing/chat-server.ts";
import { scratch } from "../run/testing/toy-task.ts";
import { bundledTasks } from "../task/index.ts";
import { main } from "./main.ts";
import { Terminal } from "./terminal.ts";

const border = "test_border (tests.test_postage.PostageTest.test_border)";
const inside = "test_inside (tests.test_postage.PostageTest.test_inside)";

describe.skipIf(engineProblem !== undefined || gitProblem !== undefined)(
  "SWE-bench's protocols over a repository of ours",
  () => {
    let built: RepositoryImage;
    let gold: string;
    let tasks: string;
    const servers: ChatServer[] = [];
    beforeAll(async () => {
      built = await buildRepositoryImage();
      gold = built.diff(mended);
      tasks = writeTask();
    });
    afterAll(() => built?.remove());
    afterEach(async () => {
      await Promise.all(servers.splice(0).map((server) => server.close()));
    });

    /** The bundled task with two instances: one whose image is here, one whose image is not. */
    function writeTask(): string {
      const folder = join(scratch("repositories"), "swe_bench_lite");
      cpSync(join(bundledTasks, "swe_bench_lite"), folder, { recursive: true });
      rmSync(join(folder, "golden"), { recursive: true });
      const task = readFileSync(join(folder, "task.yaml"), "utf8")
        .replace(/^dataset:\n(?: .*\n)+/m, "dataset:\n  path: { test: test.jsonl }\n")
        .replace(/^ {2}image: .*$/m, `  image: "{{ 'no-such-image' if 'gone' in instance_id else '${built.image}' }}"`)
        .replace(/^expected:\n(?: .*\n)+/m, "");
      writeFileSync(join(folder, "task.yaml"), task);
      const row = {
        repo: "ours/stamps",
        base_commit: built.baseCommit,
        patch: gold,
        test_patch: built.diff(hiddenTests),
        problem_statement: "A letter of exactly 20 g costs 100 cents, the table says 85.",
        FAIL_TO_PASS: JSON.stringify([border]),
        PASS_TO_PASS: JSON.stringify([inside]),
      };
      const rows = ["ours__stamps-1", "ours__gone-2"].map((instance_id) => JSON.stringify({ ...row, instance_id }));
      writeFileSync(join(folder, "test.jsonl"), `${rows.join("\n")}\n`);
      return join(folder, "..");
    }

    async function run(protocol: string, model: string[], more: string[] = []) {
      const results = scratch("results");
      const out = new PassThrough();
      const err = new PassThrough();
      const environment = { ...process.env, NO_COLOR: "1", OPENAI_API_KEY: "sk-test" };
      const how = [
        "execution.prepare=umask 022",
        "execution.testCommand=python3 -m unittest -v",
        "execution.logParser=django",
      ];
      const flags = [
        ...how.flatMap((one) => ["--set", one]),
        "--tasks",
        tasks,
        "--results",
        results,
        "--no-cache",
        "--json",
      ];
      const command = ["run", `swe_bench_lite@${protocol}`, ...model, ...flags, ...more];
      const code = await main(command, new Terminal(out, err as unknown as NodeJS.WriteStream, environment));
      if (code === 2 && !existsSync(join(results, "runs"))) throw new Error(String(err.read()));
      const [id = ""] = readdirSync(join(results, "runs"));
      const folder = join(results, "runs", id);
      const record = (await readRun(folder)) as RunRecord;
      const samples: Sample[] = [];
      for await (const sample of readSamples(folder, record)) samples.push(sample);
      return { code, record, samples, err: String(err.read() ?? "") };
    }

    async function serve(script: Script): Promise<{ server: ChatServer; model: string[] }> {
      const server = await startChatServer(script);
      servers.push(server);
      return { server, model: ["--model", "openai/m", "--base-url", server.url, "--concurrency", "1"] };
    }

    function scoreOf(record: RunRecord, metric: string): number | null | undefined {
      return record.scores.find((score) => score.metric === metric && score.group === "all")?.value;
    }

    test("a replayed gold patch is resolved; an instance without its image is an error with the remedy, not a wrong answer", async () => {
      const file = join(scratch("replay"), "gold.jsonl");
      const response = `Let me see.\n<patch>\n${gold}</patch>`;
      mkdirSync(join(file, ".."), { recursive: true });
      writeFileSync(
        file,
        ["ours__stamps-1", "ours__gone-2"].map((item) => JSON.stringify({ item, response })).join("\n"),
      );
      const { record, samples } = await run("oracle-files", ["--model", `replay/${file}`]);
      expect(record.counts).toMatchObject({ scored: 1, errored: 1, unparsed: 0 });
      expect([scoreOf(record, "resolved"), scoreOf(record, "resolved_strict")]).toEqual([1, 1]);
      expect(record.partial).toBe(true);
      expect(record.failures).toEqual([
        { code: "INSTANCE_UNAVAILABLE", message: expect.stringContaining("docker pull no-such-image"), samples: 1 },
      ]);
      expect(record.setup.sandbox).toMatchObject({ mode: "repository" });
      expect(samples[0]?.grading).toMatchObject({
        grading: "in_process",
        passed: true,
        strict: true,
        status: "passed",
      });
    });

    test("the oracle prompt shows the files that the gold patch changes, as the container holds them", async () => {
      const { server, model } = await serve(() => "<patch>\nnothing\n</patch>");
      const { record, samples } = await run("oracle-files", model);
      expect(server.bodies).toHaveLength(1);
      const [message] = server.bodies[0]!.messages as { content: string }[];
      expect(message?.content).toMatch(
        /\[start of stamps\/postage\.py\]\ndef postage\(grams\):\n[\s\S]*\[end of stamps\/postage\.py\]\n$/,
      );
      expect(samples[0]?.request).toMatchObject({ messages: [{ content: message?.content }] });
      expect(samples[0]?.grading).toMatchObject({ status: "failed", stage: "patch" });
      expect(scoreOf(record, "resolved")).toBe(0);
    });

    test("an agent works by shell commands; what it changed is judged, and all of its steps are recorded", async () => {
      const answers = [
        "I look around.\n```bash\ncat stamps/postage.py; git log --oneline | wc -l\n```",
        "No command here.",
        "```bash\nsed -i 's/grams </grams <=/' stamps/postage.py && ls /no-such-folder\n```",
        "Done.\n```bash\nsubmit\n```",
      ];
      const { server, model } = await serve((_question, { index }) => answers[index]);
      const { record, samples } = await run("bash-agent", model);
      expect(server.bodies).toHaveLength(4);
      const seen = (server.bodies.at(-1)!.messages as { role: string; content: string }[]).map(
        ({ content }) => content,
      );
      expect(seen[0]).toContain("one command in a bash code block");
      expect(seen[3]).toMatch(/^exit code 0\n```\ndef postage[\s\S]*\n1\n```$/);
      expect(seen[5]).toMatch(/There is no command in your answer/);
      expect(seen[7]).toMatch(/^exit code 2\n```\nls: cannot access/);
      expect(scoreOf(record, "resolved")).toBe(1);
      expect(record.usage).toMatchObject({ input: 40, output: 20, requests: 4 });
      expect(samples[0]?.response).toMatchObject({
        text: gold,
        finishReason: "stop",
        agent: {
          steps: 4,
          endedBy: "submit",
          transcript: expect.arrayContaining([{ role: "assistant", content: answers[0] }]),
        },
      });
      expect(samples[0]?.response?.exchanges).toHaveLength(4);
      expect(samples[1]).toMatchObject({ response: null, outcome: { kind: "errored", code: "INSTANCE_UNAVAILABLE" } });
    });

    test.each([
      ["steps", ["--set", "workspace.agent.steps=2"], 2],
      ["tokens", ["--set", "workspace.agent.tokens=45"], 3],
      ["seconds", ["--set", "workspace.agent.seconds=0.000001"], 1],
      ["dollars", ["--set", "workspace.agent.dollars=0.00002", "--price", "0.5,1"], 2],
    ])(
      "an agent is stopped by its limit on %s, and what it changed until then is judged",
      async (endedBy, limit, steps) => {
        const { server, model } = await serve(() => "```bash\nsed -i 's/grams < /grams <= /' stamps/postage.py\n```");
        const { samples } = await run("bash-agent", model, limit);
        expect(server.bodies).toHaveLength(steps);
        expect(samples[0]?.response).toMatchObject({ finishReason: "length", agent: { steps, endedBy } });
        expect(samples[0]).toMatchObject({ outcome: { kind: "scored", truncated: true }, grading: { passed: true } });
      },
    );

    test("an agent whose conversation grows too long for the model is judged by what it changed until then", async () => {
      const { model } = await serve((_question, { index, response }) => {
        if (index === 0) return "```bash\nsed -i 's/grams < /grams <= /' stamps/postage.py\n```";
        response.writeHead(400, { "content-type": "application/json" });
        response.end('{"error":{"message":"maximum context length is 10 tokens","code":"context_length_exceeded"}}');
        return undefined;
      });
      const { samples } = await run("bash-agent", model);
      expect(samples[0]?.response).toMatchObject({ finishReason: "length", agent: { steps: 1, endedBy: "context" } });
      expect(samples[0]?.grading).toMatchObject({ passed: true });
    });

    test("an agent that changes nothing has given no answer", async () => {
      const { model } = await serve(() => "```bash\nsubmit\n```");
      const { record } = await run("bash-agent", model);
      expect(record.counts).toMatchObject({ unparsed: 1, errored: 1 });
      expect(scoreOf(record, "resolved")).toBe(0);
    });
  },
);
