import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { resolve } from "../../task/index.ts";
import { writeToyTask } from "../testing/toy-task.ts";
import { lintProtocol } from "./lint-protocol.ts";

/** Lints a protocol of the toy task (sums, with the categories even and odd) that extends one of its own. */
async function lint(fields: string, { base = "chat", size = 20 } = {}) {
  const root = writeToyTask(size);
  const path = join(root, "toy", "protocols", "tried.yaml");
  writeFileSync(path, `id: tried\nextends: ${base}\ntitle: tried\n${fields}\n`);
  const report = await lintProtocol(resolve("toy@tried", { roots: [root] }));
  return {
    ...report,
    rules: report.findings.map(({ rule }) => rule),
    text: report.findings.map(({ what }) => what).join("\n"),
  };
}

/** Fields under which nothing is found, to be changed one by one. */
const sound = 'average: micro\nquestion: "What is {{ a }} + {{ b }}? End with: The answer is"';

test("a sound protocol has no findings, with its data read", async () => {
  expect(await lint(sound)).toMatchObject({ findings: [], dataMissing: null });
});

describe("what is found", () => {
  test("a stop inside of right answers and of shots, counted; not one at their end", async () => {
    const inside = await lint(
      `${sound}\nanswer: "It is {{ total }}. Done"\ntarget: "{{ total | string }}"\ngenerate: { stop: ["is", "Done"] }`,
    );
    expect(inside.rules).toEqual(["stop-in-answers", "specimen-misread"]);
    expect(inside.text).toContain('the stop "is" occurs in 20 of 20 right answers (first test/0)');
    const shots = await lint(`${sound}\nshots: { count: 1, split: train, answer: "A: {{ total }}\\nQ: more" }`);
    expect(shots.rules).toEqual(["stop-in-answers"]);
    expect(shots.text).toMatch(/"Q:" occurs in 12 of 12 shots/);
  });

  test("a token limit below what right answers take", async () => {
    const { rules, text } = await lint(
      `${sound}\nanswer: "{{ 'word ' * 100 }}{{ total }}"\ntarget: "{{ total | string }}"`,
    );
    expect(rules).toEqual(["limit-below-answers"]);
    expect(text).toMatch(/right answers take up to about 12\d tokens, the limit is 50/);
  });

  test("shots that are evaluated items, by their text or because the split is the same", async () => {
    const same = await lint("average: micro\nshots: { split: test, exclude: none }", { base: "letters" });
    expect(same.rules).toEqual(["shots-overlap"]);
    const spelled = await lint(
      `${sound}\nshots: { count: 1, sampler: fixed, items: [{ question: "what is 3 +  1? End with: The answer is", answer: "4" }] }`,
    );
    expect(spelled.rules).toEqual(["shots-overlap"]);
    const rendered = await lint(
      `${sound}\nshots: { count: 1, sampler: fixed, question: "What is {{ question }}? End with: The answer is", items: [{ question: 3 + 1, answer: "4" }] }`,
    );
    expect([rendered.dataMissing, rendered.rules]).toEqual([null, ["shots-overlap"]]);
  });

  test("words that an extractor needs and only the shots show, or nothing", async () => {
    const nothing = await lint("average: micro");
    expect(nothing.rules).toEqual(["format-untold"]);
    expect(nothing.text).toBe('strict needs "answer is" in a response, and nothing in the prompt shows it');
    expect((await lint("average: micro\nshots: { count: 2, split: train }")).text).toContain("only the shots show it");
    expect((await lint("average: micro\nprimary: { metric: exact_match, filter: flexible }")).rules).toEqual([]);
    const composed = await lint(
      'average: micro\nprimary: { metric: exact_match, filter: ended }\nextract: [{ id: ended, steps: [{ use: compose, template: "{{ answer }}!" }, { use: regex, pattern: "answer is (.*)!" }] }]',
    );
    expect(composed.text).toContain('ended needs "answer is"');
  });

  test("an average that isn't written, or is a macro average over nothing", async () => {
    expect((await lint(sound.replace("average: micro\n", ""))).rules).toEqual(["average-unset"]);
    expect((await lint("average: macro", { base: "letters" })).text).toContain("without `macroOver`");
  });

  test("samples that are all alike, and one sample at a temperature on few items", async () => {
    expect((await lint(`${sound}\nepochs: 4`)).rules).toEqual(["greedy-repeats"]);
    expect((await lint(`${sound}\ngenerate: { temperature: 0.7 }`)).rules).toEqual(["sampled-once"]);
    expect((await lint(`${sound}\ngenerate: { temperature: 0.7 }\nepochs: 4`)).rules).toEqual([]);
    expect((await lint(`${sound}\ngenerate: { temperature: 0.7 }`, { size: 250 })).rules).toEqual([]);
  });

  test("a specimen that its own extractor misreads", async () => {
    const { rules, text } = await lint(`${sound}\nspecimen: "So: {{ answer }}"`);
    expect(rules).toEqual(["specimen-misread"]);
    expect(text).toContain("20 of the first 20");
  });
});

test("without data the rules that need none are applied, and the report says so", async () => {
  const report = await lint("evaluate: gone\nepochs: 2");
  expect(report.rules).toEqual(["format-untold", "average-unset", "greedy-repeats"]);
  expect(report.dataMissing).toMatch(/gone/);
});
