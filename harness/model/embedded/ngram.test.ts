import { expect, test } from "vitest";
import { PythonRandom } from "../../prompt/index.ts";
import { NgramModel } from "./ngram.ts";

const texts = ["the cat sat on the mat", "the hat of the cat is flat", "größe 🗻 und 高さ", "that rat"];

function trained(): NgramModel {
  const model = new NgramModel();
  for (const text of texts) model.train(text);
  return model;
}

const histories = ["", "t", "the ", "zzzz", "größ", "🗻", "e cat", "at"].map((text) => [...text].slice(-4));

test("probabilities over the alphabet and the unknown symbol sum to one behind every history", () => {
  const model = trained();
  for (const history of histories) {
    const { probabilities, unknown } = model.distribution(history);
    const total = probabilities.reduce((sum, value) => sum + value, 0) + unknown;
    expect(total, history.join("")).toBeCloseTo(1, 12);
    expect(unknown).toBeGreaterThan(0);
    expect(Math.min(...probabilities)).toBeGreaterThan(0);
    for (const [index, symbol] of model.alphabet.entries())
      expect(model.probability(history, symbol)).toBeCloseTo(probabilities[index] ?? Number.NaN, 14);
    expect(model.probability(history, "☃")).toBeCloseTo(unknown, 14);
  }
});

test("the recursion is Witten and Bell's, checked by hand", () => {
  const model = new NgramModel();
  model.train("ab");
  // Alphabet: a, b, end, and one unknown: uniform 1/4. Unigrams: three types once each.
  const unigram = (1 + 3 / 4) / 6;
  expect(model.probability([], "a")).toBeCloseTo(unigram, 15);
  // After "a" only "b" was seen, once.
  expect(model.probability(["a"], "b")).toBeCloseTo((1 + unigram) / 2, 15);
  expect(model.probability(["a"], "a")).toBeCloseTo(unigram / 2, 15);
});

test("a log-likelihood is the sum over the symbols, and likelier text gets more", () => {
  const model = trained();
  const { logprob, tokens } = model.logLikelihood("the c", "at 🗻");
  const steps = [..."at 🗻"].reduce(
    ({ history, sum }, next) => ({
      history: [...history, next].slice(-4),
      sum: sum + Math.log(model.probability(history, next)),
    }),
    { history: [..."he c"], sum: 0 },
  );
  expect(logprob).toBeCloseTo(steps.sum, 12);
  expect(tokens).toBe(4);
  expect(model.logLikelihood("the c", "at").logprob).toBeGreaterThan(model.logLikelihood("the c", "ta").logprob);
});

test("greedy means that every symbol is the likeliest one, and temperature 0 writes just that", () => {
  const model = trained();
  const options = { maxTokens: 20, temperature: 0, stop: [], random: () => 0.5 };
  const { text } = model.generate("the c", options);
  expect(text.length).toBeGreaterThan(2);
  expect(model.logLikelihood("the c", text).greedy).toBe(true);
  expect(model.logLikelihood("the c", "zz").greedy).toBe(false);
  expect(model.generate("the c", { ...options, random: () => 0.1 }).text).toBe(text);
});

test("draws follow the distribution, and the same seed writes the same text", () => {
  const model = trained();
  const random = new PythonRandom(1n);
  const history = [..."the "];
  const { probabilities, unknown } = model.distribution(history);
  const counts = new Map<string, number>();
  const draws = 20_000;
  for (let count = 0; count < draws; count += 1) {
    const symbol = model.draw(history, { temperature: 1, random: () => random.random() });
    counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  }
  for (const [index, symbol] of model.alphabet.entries()) {
    const expected = ((probabilities[index] ?? 0) / (1 - unknown)) * draws;
    expect(Math.abs((counts.get(symbol) ?? 0) - expected)).toBeLessThan(5 * Math.sqrt(expected) + 1);
  }
  const write = (seed: bigint) => {
    const source = new PythonRandom(seed);
    return model.generate("the ", { maxTokens: 60, temperature: 1, stop: [], random: () => source.random() }).text;
  };
  expect(write(7n)).toBe(write(7n));
  expect(write(7n)).not.toBe(write(8n));
});

test("a higher temperature flattens, a lower one sharpens", () => {
  const model = trained();
  const share = (temperature: number) => {
    const random = new PythonRandom(3n);
    let hits = 0;
    for (let count = 0; count < 3000; count += 1)
      if (model.draw([..."the "], { temperature, random: () => random.random() }) === model.likeliest([..."the "]))
        hits += 1;
    return hits;
  };
  expect(share(0.3)).toBeGreaterThan(share(1));
  expect(share(1)).toBeGreaterThan(share(3));
});

test("writing ends at a stop, at the end mark, or at the limit", () => {
  const model = trained();
  const options = { temperature: 0, random: () => 0, stop: [] as string[] };
  expect(model.generate("the c", { ...options, maxTokens: 2 })).toMatchObject({ cut: true });
  expect(model.generate("the c", { ...options, maxTokens: 100, stop: ["t"] }).text).toBe("at");
  expect(model.generate("that ra", { ...options, maxTokens: 100 }).cut).toBe(false);
});

test("training more changes what is predicted, also after a distribution was looked at", () => {
  const model = trained();
  const before = model.probability([..."the "], "x");
  model.distribution([..."the "]);
  for (let count = 0; count < 5; count += 1) model.train("the x");
  expect(model.probability([..."the "], "x")).toBeGreaterThan(before);
  expect(model.distribution([..."the "]).probabilities[model.alphabet.indexOf("x")]).toBeCloseTo(
    model.probability([..."the "], "x"),
    14,
  );
});
