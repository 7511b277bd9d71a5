import { expect, test } from "vitest";
import type { ModelResponse, Sample } from "../contracts/index.ts";
import { Aggregator } from "./aggregate.ts";
import { planRequests } from "./plan.ts";
import { prepare } from "./prepare.ts";
import { compileScorer } from "./score-sample.ts";
import { resolveFixture } from "./testing/fixture-task.ts";

const noModel = { provider: "none", name: "none", baseUrl: null, options: {} };

/** Scores of a bundled protocol over rows of our own, with these responses in the order of the items. */
async function scoresFor(reference: string, responses: Pick<ModelResponse, "text" | "likelihoods">[]) {
  const prepared = await prepare(resolveFixture(reference), noModel);
  const { protocol } = prepared.resolved;
  const scorer = compileScorer(protocol, null);
  const aggregator = new Aggregator(protocol, scorer);
  const texts: string[] = [];
  for await (const planned of planRequests(prepared)) {
    const { item, request, scoring } = planned;
    const response = { refusal: null, finishReason: "stop", ...responses[texts.length] } as ModelResponse;
    const scored = await scorer.score({ scoring, document: item.document, request }, response);
    const { categories, cluster, row } = item;
    await aggregator.add({
      item: item.id,
      row,
      epoch: 0,
      categories,
      cluster,
      fields: scoring,
      ...scored,
    } as unknown as Sample);
    texts.push(scoring.answer);
  }
  const scores = (await aggregator.scores()).filter(({ group }) => group === "all");
  return { texts, scores: Object.fromEntries(scores.map((score) => [score.metric, score])) };
}

const likelihood = (logprob: number) => ({
  text: null,
  likelihoods: [{ logprob, tokens: null, greedy: null, straddled: false }],
});

test("perplexity per word and byte, and bits per byte, are those of all texts together", async () => {
  const logprobs = [-40, -75.5, -31];
  const { texts, scores } = await scoresFor("lambada@rolling", logprobs.map(likelihood));
  const total = logprobs.reduce((sum, logprob) => sum + logprob, 0);
  const words = texts.reduce((sum, text) => sum + text.split(/\s+/).length, 0);
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  expect(scores.word_perplexity?.value).toBeCloseTo(Math.exp(-total / words), 9);
  expect(scores.byte_perplexity?.value).toBeCloseTo(Math.exp(-total / bytes), 9);
  expect(scores.bits_per_byte?.value).toBeCloseTo(-total / bytes / Math.LN2, 9);
  expect(scores.bits_per_byte).toMatchObject({ unit: "bits", lowerIsBetter: true, n: 3 });
  expect(scores.bits_per_byte?.ci?.low).toBeLessThan(scores.bits_per_byte?.value ?? 0);
  expect(scores.bits_per_byte?.ci?.high).toBeGreaterThan(scores.bits_per_byte?.value ?? 0);
});

test("IFEval's instructions weigh the same, whichever prompt they stand in", async () => {
  const texts = [
    "Owls, by night.",
    "<<A boat>> floats on the calm lake.",
    "Eulen jagen in der dunklen Nacht.\nP.S. Bis bald.",
  ];
  const { scores } = await scoresFor(
    "ifeval@lm-eval",
    texts.map((text) => ({ text, likelihoods: null })),
  );
  expect(scores.prompt_level_strict_acc?.value).toBeCloseTo(2 / 3, 12);
  expect(scores.inst_level_strict_acc?.value).toBeCloseTo(5 / 6, 12);
  expect(scores.inst_level_strict_acc).toMatchObject({ n: 3, ci: { method: "ratio-t" } });
});

test("a response that isn't there weighs as much as one that follows nothing", async () => {
  const { scores } = await scoresFor("ifeval@lm-eval", [
    { text: "Owls by night.", likelihoods: null },
    { text: "", likelihoods: null },
    { text: "", likelihoods: null },
  ]);
  expect(scores.inst_level_strict_acc?.value).toBeCloseTo(1 / 6, 12);
});

test("a text that a limit left without a response isn't taken for one that was foretold without surprise", async () => {
  for (const reference of ["lambada@rolling", "lambada@lm-eval"]) {
    const prepared = await prepare(resolveFixture(reference), noModel);
    const scorer = compileScorer(prepared.resolved.protocol, null);
    for await (const { scoring } of planRequests(prepared)) {
      const { values } = scorer.withoutResponse({ kind: "limited", limit: "context" }, scoring);
      const expected = scorer.metrics.map(({ id, lowerIsBetter }) => ({ metric: id, value: lowerIsBetter ? null : 0 }));
      expect(values.map(({ metric, value }) => ({ metric, value }))).toEqual(expected);
      expect(expected.some(({ value }) => value === null)).toBe(true);
    }
  }
});

test("a sample that a limit left without a response keeps its weight", async () => {
  const prepared = await prepare(resolveFixture("ifeval@lm-eval"), noModel);
  const scorer = compileScorer(prepared.resolved.protocol, null);
  const weights: unknown[] = [];
  for await (const { scoring } of planRequests(prepared)) {
    const { values } = scorer.withoutResponse({ kind: "limited", limit: "context" }, scoring);
    weights.push(values.find(({ metric }) => metric === "inst_level_strict_acc"));
  }
  const value = { metric: "inst_level_strict_acc", filter: "none", value: 0 };
  expect(weights).toEqual([1, 2, 3].map((weight) => ({ ...value, weight })));
});
