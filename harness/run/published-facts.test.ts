import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type JsonObject, responseWith } from "../contracts/index.ts";
import { bundledTasks, type Flag, loadTask } from "../task/index.ts";
import { planRequests } from "./plan.ts";
import { type Prepared, prepare } from "./prepare.ts";
import { compileScorer } from "./score-sample.ts";
import { resolveFixture } from "./testing/fixture-task.ts";
import { describeOverMirror, resolvePresent } from "./testing/mirror.ts";

const noModel = { provider: "none", name: "none", baseUrl: null, options: {} };
const cardOf = (id: string) => loadTask(join(bundledTasks, id)).task.card;

/** What the filters of a protocol read out of a response, whatever it was asked. */
async function readings(reference: string, text: string): Promise<Record<string, string | null>> {
  const prepared = await prepare(resolveFixture(reference), noModel);
  const scorer = compileScorer(prepared.resolved.protocol, null);
  for await (const { scoring, item, request } of planRequests(prepared)) {
    const subject = { scoring, document: item.document, request };
    const { answers } = await scorer.score(subject, responseWith({ text, finishReason: "stop" }));
    return Object.fromEntries(answers.map(({ filter, answer }) => [filter, answer]));
  }
  throw new Error(`${reference} has no items`);
}

describe("MMLU-Pro's published rules read the same response differently", () => {
  const runOn = "So the answer is (C).\n\nQuestion:\nAnother\nAnswer: Let's think step by step. The answer is (D).";
  test.each(["lm-eval", "tiger-lab", "lm-eval-fixed"])(
    "%s reads the first answer of one that runs on",
    async (protocol) => {
      expect(Object.values(await readings(`mmlu_pro@${protocol}`, runOn))).toEqual(["C"]);
    },
  );

  test.each([
    ["the answer is (B)", "B", "B", "B"],
    ["the answer is B.", "B", "B", "B"],
    ["The Answer is (B)", null, "B", null],
    ["Answer: G\nanswer: H", null, "G", "G"],
    ["Answer:\n  F", null, "F", "F"],
    ["It could be C, but I think (E) fits", null, "E", null],
    ["CD-ROM or DVD", null, null, null],
    ["CD-ROM, I guess", null, "I", null],
    ["no letter at all", null, null, null],
  ])("%j", async (text, first, three, stated) => {
    expect(await readings("mmlu_pro@lm-eval", text)).toEqual({ "custom-extract": first });
    expect(await readings("mmlu_pro@tiger-lab", text)).toEqual({ answer: three });
    expect(await readings("mmlu_pro@tiger-lab-fixed", text)).toEqual({ answer: stated });
  });

  test("the third pattern, quadratic as published, reads a megabyte without a letter in no time", async () => {
    expect(await readings("mmlu_pro@tiger-lab", "x y ".repeat(250_000))).toEqual({ answer: null });
    expect(await readings("mmlu_pro@tiger-lab", `${"x B ".repeat(250_000)}J`)).toEqual({ answer: "J" });
  });
});

describe("GSM8K's published rules read the same response differently", () => {
  test.each([
    ["She has 1,200 / 4 = 300. The answer is 300.", null, "300."],
    ["#### 42\n\nThe next one is 7", "42", "7"],
    ["**Answer: $18**", null, "$18"],
    ["\\boxed{5}", null, "5"],
  ])("%j", async (text, strict, flexible) => {
    expect(await readings("gsm8k@lm-eval", text)).toEqual({ "strict-match": strict, "flexible-extract": flexible });
  });
});

// Accuracies in percent that lm-eval stored of four Pythia models, zero-shot.
test.each([
  ["arc_challenge", [18.77, 21.33, 24.4, 26.02]],
  ["arc_easy", [43.52, 52.1, 56.94, 60.65]],
  ["piqa", [62.73, 66.76, 70.73, 70.89]],
  ["winogrande", [53.12, 53.67, 53.67, 57.3]],
  ["lambada", [32.84, 51.62, 56.2, 61.61]],
  ["gsm8k", [21.68, 39.04, 34.72, 56.25]],
])("published scores of %s are whole numbers of its items", (id, scores) => {
  const items = cardOf(id).size ?? 0;
  for (const score of scores) {
    const nearest = (100 * Math.round((score * items) / 100)) / items;
    expect(Math.abs(nearest - score)).toBeLessThan(0.00501);
  }
});

/** How often each value occurs. */
function tally(values: readonly unknown[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[String(value)] = (counts[String(value)] ?? 0) + 1;
  return counts;
}

describeOverMirror("published facts about data", () => {
  const open = (reference: string, flags: Flag[] = []): Promise<Prepared> =>
    prepare(resolvePresent(reference, flags).resolved, noModel);
  const rowsOf = async (prepared: Prepared): Promise<JsonObject[]> => {
    const documents: JsonObject[] = [];
    for await (const { document } of prepared.read()) documents.push(document);
    return documents;
  };
  const list = (value: unknown): unknown[] => value as unknown[];
  const text = (value: unknown): string => value as string;

  test("MMLU-Pro: 12,032 items of 14 categories, three to ten options, 6,810 of them from MMLU", async () => {
    const prepared = await open("mmlu_pro@tiger-lab");
    const rows = await rowsOf(prepared);
    expect(rows).toHaveLength(12_032);
    expect(tally(rows.map((row) => list(row.options).length))).toEqual({
      3: 21,
      4: 606,
      5: 52,
      6: 93,
      7: 158,
      8: 320,
      9: 801,
      10: 9981,
    });
    expect(tally(rows.map((row) => row.category))).toEqual({
      math: 1351,
      physics: 1299,
      chemistry: 1132,
      law: 1101,
      engineering: 969,
      other: 924,
      economics: 844,
      health: 818,
      psychology: 798,
      business: 789,
      biology: 717,
      philosophy: 499,
      "computer science": 410,
      history: 381,
    });
    expect(tally(rows.map((row) => text(row.src).split("-")[0]))).toEqual({
      ori_mmlu: 6810,
      stemez: 4083,
      theoremQA: 598,
      scibench: 541,
    });
    expect(rows.filter((row) => "ABCDEFGHIJ"[row.answer_index as number] !== row.answer)).toEqual([]);
    const chance = rows.reduce((sum, row) => sum + 1 / list(row.options).length, 0) / rows.length;
    expect(cardOf("mmlu_pro").chance).toBeCloseTo(chance, 4);
  });

  test("MMLU-Pro's 70 worked examples, five a category, end in the sentence that is read", async () => {
    const { pool } = await open("mmlu_pro@tiger-lab");
    expect(pool).toHaveLength(70);
    expect(new Set(Object.values(tally(pool.map(({ document }) => document.category))))).toEqual(new Set([5]));
    for (const { document } of pool) {
      const solution = text(document.cot_content);
      expect(solution).toMatch(/^A: Let's think step by step\. /);
      expect(await readings("mmlu_pro@lm-eval", solution)).toEqual({ "custom-extract": document.answer });
    }
  });

  test("GSM8K: 1,319 problems, whose solutions hold calculator marks and end in #### and a whole number", async () => {
    const prepared = await open("gsm8k@lm-eval");
    const rows = await rowsOf(prepared);
    expect([rows.length, prepared.pool.length]).toEqual([1319, 7473]);
    const solutions = rows.map(({ answer }) => text(answer));
    expect(solutions.filter((solution) => !/\n#### -?[0-9][0-9,]*$/.test(solution))).toEqual([]);
    expect(solutions.filter((solution) => solution.includes("<<"))).toHaveLength(1301);
    const steps = solutions.map((solution) => solution.split("\n").length - 1);
    expect([Math.min(...steps), Math.max(...steps)]).toEqual([2, 11]);
    expect(steps.filter((count) => count > 8)).toHaveLength(3);
    const asked = new Set(rows.map(({ question }) => text(question).trim()));
    expect(asked.size).toBe(1319);
    expect(prepared.pool.filter(({ document }) => asked.has(text(document.question).trim()))).toEqual([]);
  });

  test("MMLU: 57 subjects of 100 to 1,534 items with four options, five examples each", async () => {
    const prepared = await open("mmlu@original");
    const rows = await rowsOf(prepared);
    const sizes = Object.values(tally(rows.map((row) => row.subject)));
    expect([sizes.length, Math.min(...sizes), Math.max(...sizes)]).toEqual([57, 100, 1534]);
    expect(tally(rows.map((row) => list(row.choices).length))).toEqual({ 4: 14_042 });
    expect(new Set(Object.values(tally(prepared.pool.map(({ document }) => document.subject))))).toEqual(new Set([5]));
  });

  test.each([
    ["arc_challenge", { 3: 4, 4: 1165, 5: 3 }, 22],
    ["arc_easy", { 3: 7, 4: 2365, 5: 4 }, 97],
  ])("%s: a few items have three or five options, some keys are digits", async (id, options, digits) => {
    const rows = await rowsOf(await open(`${id}@lm-eval`));
    const labels = rows.map((row) => list((row.choices as JsonObject).label));
    expect(tally(labels.map(({ length }) => length))).toEqual(options);
    expect(rows.filter((row) => /^[1-4]$/.test(text(row.answerKey)))).toHaveLength(digits);
    const chance = labels.reduce((sum, { length }) => sum + 1 / length, 0) / rows.length;
    expect(cardOf(id).chance).toBeCloseTo(chance, 4);
  });

  test("BoolQ: 62 % of the answers are yes; IFEval: 834 instructions of 25 kinds in 541 prompts", async () => {
    const answers = (await rowsOf(await open("boolq@lm-eval"))).map((row) => row.answer);
    expect(tally(answers)).toEqual({ true: 2033, false: 1237 });
    const instructions = (await rowsOf(await open("ifeval@lm-eval"))).map((row) => list(row.instruction_id_list));
    expect([instructions.length, instructions.flat().length, new Set(instructions.flat()).size]).toEqual([
      541, 834, 25,
    ]);
  });

  test("MBPP's test split is the tasks 11 to 510; MGSM's English items are the first 250 of GSM8K", async () => {
    const numbers = (await rowsOf(await open("mbpp@lm-eval"))).map((row) => row.task_id);
    expect(numbers).toEqual(Array.from({ length: 500 }, (_, index) => 11 + index));
    const english: Flag = { path: ["evaluate"], value: "en", by: "--set evaluate=en" };
    const translated = (await rowsOf(await open("mgsm@lm-eval-direct", [english]))).map((row) =>
      text(row.question).trim(),
    );
    const originals = (await rowsOf(await open("gsm8k@chat-cot"))).map((row) => text(row.question).trim());
    expect(translated).toEqual(originals.slice(0, 250));
  });
});
