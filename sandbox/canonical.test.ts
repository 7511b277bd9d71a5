import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Job, openSandbox, type Sandbox } from "./index.ts";
import { benchmarkFile, engineProblem } from "./testing/engine-for-tests.ts";

interface HumanEvalRow {
  task_id: string;
  prompt: string;
  canonical_solution: string;
  test: string;
  entry_point: string;
}
interface MbppRow {
  task_id: number;
  code: string;
  test_list: string[];
  test_setup_code: string;
}
interface HumanEvalXRow {
  task_id: string;
  prompt: string;
  canonical_solution: string;
  test: string;
  declaration: string;
}

const HUMAN_EVAL = ["openai/openai_humaneval/openai_humaneval/test-00000-of-00001.jsonl.gz"];
const MBPP = [
  "train-00000-of-00001.jsonl.gz",
  "test-00000-of-00001.jsonl.gz",
  "validation-00000-of-00001.jsonl",
  "prompt-00000-of-00001.jsonl",
].map((name) => `google-research-datasets/mbpp/full/${name}`);
const HUMAN_EVAL_X = ["THUDM/humaneval-x/data/js/data/humaneval.jsonl"];

function rows<Row>(paths: string[]): Row[] | undefined {
  const files = paths.map(benchmarkFile);
  if (files.some((file) => file === undefined)) return undefined;
  return files.flatMap((file) => {
    const bytes = readFileSync(file as string);
    const text = (file?.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
    return text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Row);
  });
}

/** The tests' helpers come from the data set: everything of the declaration before the function under test. */
function humanEvalXJob(row: HumanEvalXRow): Job {
  const start = row.prompt.lastIndexOf("\nconst ") + 1;
  const name = /^const (\w+)/.exec(row.prompt.slice(start))?.[1] ?? "";
  const tests = { kind: "script", source: row.test, setup: row.prompt.slice(0, start), names: [name] } as const;
  return { language: "javascript", code: row.prompt + row.canonical_solution, tests };
}

describe.skipIf(engineProblem !== undefined)("canonical solutions in split mode", () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await openSandbox({ selfTest: false });
  });
  afterAll(() => sandbox.close());

  async function notPassing(jobs: [string | number, Job][]): Promise<(string | number)[]> {
    const judged = await Promise.all(jobs.map(async ([id, job]) => ({ id, verdict: await sandbox.grade(job) })));
    expect(judged.every(({ verdict }) => verdict.grading === "split" && !verdict.retried)).toBe(true);
    return judged.filter(({ verdict }) => verdict.status !== "passed").map(({ id }) => id);
  }

  const humanEval = rows<HumanEvalRow>(HUMAN_EVAL);
  it.skipIf(humanEval === undefined)("pass for all 164 problems of HumanEval", async () => {
    const jobs = (humanEval ?? []).map((row): [string, Job] => {
      const tests = { kind: "check", source: row.test, entryPoint: row.entry_point, setup: row.prompt } as const;
      return [row.task_id, { language: "python", code: row.prompt + row.canonical_solution, tests }];
    });
    expect(jobs).toHaveLength(164);
    expect(await notPassing(jobs)).toEqual([]);
  });

  const mbpp = rows<MbppRow>(MBPP);
  it.skipIf(mbpp === undefined)("pass for all 974 problems of MBPP", async () => {
    const jobs = (mbpp ?? []).map((row): [number, Job] => {
      const tests = { kind: "asserts", asserts: row.test_list, setup: row.test_setup_code } as const;
      return [row.task_id, { language: "python", code: row.code, tests, limits: { cpuSeconds: 5 } }];
    });
    expect(jobs).toHaveLength(974);
    expect(await notPassing(jobs)).toEqual([]);
  });

  const humanEvalX = rows<HumanEvalXRow>(HUMAN_EVAL_X);
  it.skipIf(humanEvalX === undefined)(
    "pass for HumanEval-X in JavaScript but for the three known to be wrong",
    async () => {
      const jobs = (humanEvalX ?? []).map((row): [string, Job] => [row.task_id, humanEvalXJob(row)]);
      expect(jobs).toHaveLength(164);
      expect(await notPassing(jobs)).toEqual(["JavaScript/112", "JavaScript/155", "JavaScript/162"]);
    },
  );
});
