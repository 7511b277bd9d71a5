import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { engineProblem } from "../../sandbox/testing/engine-for-tests.ts";
import type { RunRecord, Sample } from "../contracts/index.ts";
import { readRun, readSamples } from "../record/index.ts";
import type { Script } from "../run/testing/chat-server.ts";
import { scratch } from "../run/testing/toy-task.ts";
import { bundledTasks } from "../task/index.ts";
import { assay, serve } from "./testing/command.ts";

async function readRuns(results: string): Promise<{ record: RunRecord; samples: Sample[]; id: string }[]> {
  const runs = readdirSync(join(results, "runs")).map(async (id) => {
    const folder = join(results, "runs", id);
    const record = (await readRun(folder)) as RunRecord;
    const samples: Sample[] = [];
    for await (const sample of readSamples(folder, record)) samples.push(sample);
    return { record, samples, id };
  });
  return Promise.all(runs);
}

const problems = readFileSync(join(bundledTasks, "starter-code/test.jsonl"), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as { question: string; solution: string });

/** Right in the first so many of the times that a problem is asked, and wrong afterwards. */
function rightAtFirst(times: (problem: number) => number): Script {
  const asked = new Map<number, number>();
  return (question) => {
    const problem = problems.findIndex((entry) => question.startsWith(entry.question));
    const before = asked.get(problem) ?? 0;
    asked.set(problem, before + 1);
    const { solution = "" } = problems[problem] ?? {};
    const code = before < times(problem) ? solution : solution.replace("return", "return not");
    return `Here it is:\n\`\`\`python\n${code}\`\`\`\nprint it.`;
  };
}

test("a k above the samples of a problem is refused before anything is asked", async () => {
  const server = await serve(rightAtFirst(() => 9));
  const flags = ["--model", "openai/m", "--base-url", server.url, "--results", scratch("results")];
  const { code, err } = await assay("run", "starter-code", "--epochs", "4", "--k", "1,5", ...flags);
  expect(code).toBe(2);
  expect(err).toContain("pass@5 can't be estimated from 4 samples a problem.");
  expect(err).toContain("--epochs 5");
  expect(server.bodies).toEqual([]);
});

describe.skipIf(engineProblem !== undefined)("a code task over a model", () => {
  test("gives pass@k and pass^k with intervals over problems, and says how often each was solved", async () => {
    const server = await serve(rightAtFirst((problem) => [4, 2, 0][problem] ?? 0));
    const results = scratch("results");
    const where = ["--model", "openai/m", "--base-url", server.url, "--results", results, "--no-cache", "--json"];
    const more = ["--limit", "3", "--epochs", "4", "--k", "1,2,4", "--concurrency", "1"];
    const { code, out, err } = await assay("run", "starter-code", ...where, ...more);
    expect(err).not.toContain("✗");
    expect(code).toBe(0);
    const value = (metric: string) =>
      JSON.parse(out).runs[0].scores.find((score: { metric: string; group: string }) => score.metric === metric);
    expect(value("pass")).toMatchObject({
      value: 0.5,
      n: 12,

      ci: { method: expect.stringContaining("cluster") },
    });
    expect(value("pass@1")).toMatchObject({ value: 0.5, n: 3 });
    expect(value("pass@2").value).toBeCloseTo((1 + 5 / 6) / 3, 12);
    expect(value("pass^2").value).toBeCloseTo((1 + 1 / 6) / 3, 12);
    expect(value("pass@4").value).toBeCloseTo(2 / 3, 12);
    expect(value("pass^4").value).toBeCloseTo(1 / 3, 12);
    const planned = await assay("run", "starter-code", ...where, ...more, "--dry-run");
    expect(JSON.parse(planned.out).plans).toMatchObject([{ runId: JSON.parse(out).runs[0].runId, finished: 12 }]);
    const [run] = await readRuns(results);
    expect(run?.record.passCounts).toEqual([
      {
        metric: "pass",
        filter: "program",
        problems: [
          { item: "test/count-above-1", n: 4, passed: 4 },
          { item: "test/count-above-2", n: 4, passed: 2 },
          { item: "test/clamp-1", n: 4, passed: 0 },
        ],
      },
    ]);
    const [sample] = run?.samples ?? [];
    expect(sample?.grading).toMatchObject({ status: "passed", grading: "split", passed: true, stdout: { text: "" } });
    const [start, end] = sample?.answers[0]?.span ?? [0, 0];
    expect(sample?.response?.text?.slice(start, end)).toBe(problems[0]?.solution.trimEnd());

    const again = await assay("score", run?.id ?? "", "--k", "1,4", "--results", results, "--json");
    expect(again.code).toBe(0);
    expect(JSON.parse(again.out)).toMatchObject({ changes: [] });
    expect(server.bodies).toHaveLength(12);
  });
});
