import { expect, test } from "vitest";
import { type Protocol, protocolSchema, type Sample } from "../contracts/index.ts";
import { Aggregator } from "./aggregate.ts";
import { compileScorer } from "./score-sample.ts";

const base = {
  id: "own",
  title: "own",
  source: { project: "Assay", version: "1" },
  method: "generate",
  layout: "chat",
  question: "{{ q }}",
  answer: "{{ a }}",
  primary: { metric: "exact_match" },
  average: "macro",
  macroOver: "kind",
};

/** A sample of an item with the value of one metric, in a category. */
const sample = (item: string, kind: string, entry: { metric: string; value: number; weight?: number }) =>
  ({
    item,
    categories: { kind },
    cluster: null,
    answers: [],
    values: [{ filter: "none", ...entry }],
    response: null,
  }) as unknown as Sample;

async function scoresOf(protocol: Protocol, samples: Sample[]) {
  const aggregator = new Aggregator(protocol, compileScorer(protocol, null));
  for (const one of samples) await aggregator.add(one);
  const scores = await aggregator.scores();
  return (metric: string, group: string) => scores.find((score) => score.metric === metric && score.group === group);
}

test("the macro average of pass@2 is that of pass@2 alone", async () => {
  const protocol = protocolSchema.parse({
    ...base,
    epochs: 2,
    metrics: [{ metric: "pass", k: [1, 2] }],
    primary: { metric: "pass@1" },
  });
  const passes = { a: [1, 0], b: [0, 0], c: [1, 1] };
  const samples = Object.entries(passes).flatMap(([item, values]) =>
    values.map((value) => sample(item, item === "c" ? "hard" : "easy", { metric: "pass", value })),
  );
  const score = await scoresOf(protocol, samples);
  expect(score("pass@1", "macro:kind")?.value).toBeCloseTo((0.25 + 1) / 2, 12);
  expect(score("pass@2", "macro:kind")?.value).toBeCloseTo((0.5 + 1) / 2, 12);
  expect(score("pass^2", "macro:kind")?.value).toBeCloseTo((0 + 1) / 2, 12);
});

test("asking every item again with the same answers makes no macro average surer", async () => {
  const rights = { easy: [1, 1, 0, 1, 0, 1], hard: [0, 1, 0, 0] };
  const scoreOver = async (epochs: number) => {
    const protocol = protocolSchema.parse({ ...base, epochs, metrics: [{ metric: "exact_match" }] });
    const samples = Object.entries(rights).flatMap(([kind, values]) =>
      values.flatMap((value, row) =>
        Array.from({ length: epochs }, () => sample(`${kind}/${row}`, kind, { metric: "exact_match", value })),
      ),
    );
    return (await scoresOf(protocol, samples))("exact_match", "macro:kind");
  };
  const [once, often] = [await scoreOver(1), await scoreOver(5)];
  expect(often?.value).toBeCloseTo(once?.value ?? -1, 12);
  expect(often?.stderr).toBeCloseTo(once?.stderr ?? -1, 12);
  expect(often?.ci?.low).toBeCloseTo(once?.ci?.low ?? -1, 12);
});

test("perplexities of categories are averaged as perplexities, each text in its weight", async () => {
  const protocol = protocolSchema.parse({
    ...base,
    method: "perplexity",
    layout: "text",
    metrics: [{ metric: "word_perplexity" }],
    primary: { metric: "word_perplexity" },
  });
  const metric = "word_perplexity";
  const samples = [
    sample("a", "news", { metric, value: -2, weight: 10 }),
    sample("b", "news", { metric, value: -1, weight: 30 }),
    sample("c", "talk", { metric, value: -3, weight: 5 }),
    sample("d", "talk", { metric, value: -3, weight: 5 }),
  ];
  const score = await scoresOf(protocol, samples);
  expect(score(metric, "kind=news")?.value).toBeCloseTo(Math.exp(1.25), 12);
  expect(score(metric, "macro:kind")?.value).toBeCloseTo((Math.exp(1.25) + Math.exp(3)) / 2, 12);
  expect(score(metric, "macro:kind")?.ci).toBeNull();
});
