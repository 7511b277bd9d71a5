import { expect, test } from "vitest";
import { metricSchema } from "../contracts/index.ts";
import { type ClassPair, classF1, matthews } from "./class-metrics.ts";
import { compileMetric } from "./index.ts";

/** Three classes, ten samples; the expected values are scikit-learn 1.9's. */
const pairs: ClassPair[] = [
  [0, 0],
  [0, 0],
  [0, 1],
  [1, 1],
  [1, 2],
  [1, 1],
  [2, 2],
  [2, 0],
  [2, 2],
  [0, 2],
];

test.each([
  ["micro", 0.6],
  ["macro", (4 / 7 + 2 / 3 + 4 / 7) / 3],
  ["weighted", 0.4 * (4 / 7) + 0.3 * (2 / 3) + 0.3 * (4 / 7)],
] as const)("F1 over classes, %s", (average, value) => {
  expect(classF1(average)(pairs, null)).toBeCloseTo(value, 12);
});

test("binary F1 is that of class 1, and has no meaning with more classes", () => {
  const binary: ClassPair[] = [
    [1, 1],
    [1, 0],
    [0, 1],
    [0, 0],
    [1, 1],
  ];
  expect(classF1("binary")(binary, null)).toBeCloseTo(2 / 3, 12);
  expect(matthews(binary, null)).toBeCloseTo(1 / 6, 12);
  expect(classF1("binary")(pairs, null)).toBeNull();
});

test("Matthews correlation is 0 where one side never varies, 1 where both agree", () => {
  expect(
    matthews(
      [
        [0, 0],
        [1, 0],
      ],
      null,
    ),
  ).toBe(0);
  expect(
    matthews(
      [
        [0, 0],
        [1, 1],
        [2, 2],
      ],
      null,
    ),
  ).toBeCloseTo(1, 12);
});

test("a pair that counts twice is as good as two pairs", () => {
  const times = [2, 1, 1, 0, 1, 1, 1, 1, 1, 1];
  const written = pairs.flatMap((pair, index) => Array.from({ length: times[index] ?? 0 }, () => pair));
  expect(classF1("weighted")(pairs, times)).toBeCloseTo(classF1("weighted")(written, null) ?? Number.NaN, 12);
  expect(matthews(pairs, times)).toBeCloseTo(matthews(written, null) ?? Number.NaN, 12);
});

test("a sample's pair is its right choice and its likeliest one", () => {
  const metric = compileMetric(metricSchema.parse({ metric: "class_f1", average: "weighted" }));
  const likelihood = (logprob: number) => ({ logprob, tokens: 1, greedy: null, straddled: false });
  const input = {
    answer: null,
    fields: { target: 1, choices: ["a", "b"], answer: "b", extra: {} },
    likelihoods: [likelihood(-1), likelihood(-2)],
    unconditional: null,
    grading: null,
  };
  expect(metric.together?.detail(input)).toEqual([1, 0]);
  expect(metric.score(input)).toBe(0);
});
