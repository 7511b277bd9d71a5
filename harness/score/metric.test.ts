import { describe, expect, test } from "vitest";
import { type Json, type Likelihood, metricSchema, type ScoringFields } from "../contracts/index.ts";
import { compileMetric } from "./index.ts";

const fields = (target: Json, choices: string[] | null = null): ScoringFields => ({
  target,
  choices,
  answer: "",
  extra: {},
});

function scoreText(spec: object, answer: string, target: Json, choices: string[] | null = null) {
  return compileMetric(metricSchema.parse(spec)).score({
    answer,
    fields: fields(target, choices),
    likelihoods: null,
    unconditional: null,
    grading: null,
  });
}

function scoreChoices(
  metric: string,
  logprobs: number[],
  options: { target: Json; choices: string[]; unconditional?: number[]; tokens?: number[]; greedy?: boolean[] },
) {
  const wrap = (list: number[]): Likelihood[] =>
    list.map((logprob, index) => ({
      logprob,
      tokens: options.tokens?.[index] ?? null,
      greedy: options.greedy?.[index] ?? null,
      straddled: false,
    }));
  return compileMetric(metricSchema.parse({ metric })).score({
    answer: null,
    fields: fields(options.target, options.choices),
    likelihoods: wrap(logprobs),
    unconditional: options.unconditional ? wrap(options.unconditional) : null,
    grading: null,
  });
}

const gsm8k = { metric: "exact_match", ignoreCase: true, ignore: [",", "\\$", "(?s).*#### ", "\\.$"] };

describe("exact match", () => {
  test.each([
    [gsm8k, "1,000", "so…\n#### 1000", 1],
    [gsm8k, "$18.", "#### 18", 1],
    [gsm8k, "18.5", "#### 18", 0],
    [{ metric: "exact_match" }, "b", "B", 0],
    [{ metric: "exact_match", ignoreCase: true, ignorePunctuation: true }, "(b).", "B", 1],
    [{ metric: "exact_match" }, "two", ["one", "two"], 1],
    [{ metric: "exact_match", ignoreNumbers: true }, "a1", "a2", 1],
  ] as const)("%j: %j against %j", (spec, answer, target, value) => {
    expect(scoreText(spec, answer, target as Json)).toBe(value);
  });

  test("an index stands for its choice", () => {
    expect(scoreText({ metric: "exact_match" }, "y", 1, ["x", "y"])).toBe(1);
  });
});

test.each([
  ["1,200.0", "1200", 1],
  ["$-3", "-3", 1],
  ["three", "3", 0],
  ["1e3", "1000", 1],
  ["", "0", 0],
  ["9007199254740993", "9007199254740992", 0],
  ["9007199254740993.0", "9,007,199,254,740,993", 1],
  ["1e400", "1e401", 0],
  ["1.20e3", "0001200", 1],
  ["-0.0", "0", 1],
  [".5", "0.50", 1],
  [".", "0", 0],
  ["e5", "0", 0],
])("numbers: %j against %j", (answer, target, value) => {
  expect(scoreText({ metric: "numeric_match" }, answer, target)).toBe(value);
});

test("a million digits are no number, and take no time", () => {
  expect(scoreText({ metric: "numeric_match" }, `${"0".repeat(1_000_000)}x`, "1")).toBe(0);
});

test("numeric_match compares only so many significant digits where it is told to", () => {
  const compare = (answer: string) => scoreText({ metric: "numeric_match", digits: 5 }, answer, "123456");
  expect(compare("1.2346e+05")).toBe(1);
  expect(compare("123,460")).toBe(1);
  expect(compare("123459")).toBe(1);
  expect(compare("123444")).toBe(0);
});

test("SQuAD's match and F1", () => {
  expect(scoreText({ metric: "squad_match" }, "The Cat!", "cat")).toBe(1);
  expect(scoreText({ metric: "token_f1" }, "big black cat", ["cat", "black dog"])).toBeCloseTo(0.5);
});

describe("choices", () => {
  const choices = ["yes", "absolutely not 😀"];
  test("acc takes the likeliest, the first of equals", () => {
    expect(scoreChoices("acc", [-2, -2], { target: 0, choices })).toBe(1);
    expect(scoreChoices("acc", [-3, -2], { target: "yes", choices })).toBe(0);
    expect(scoreChoices("acc", [-3, -2], { target: [0, 1], choices })).toBe(1);
  });

  test("acc_norm divides by code points, acc_bytes by UTF-8 bytes", () => {
    const even = [-3, -16];
    expect(scoreChoices("acc_norm", even, { target: 0, choices })).toBe(1);
    expect(scoreChoices("acc_norm", [-3, -15.5], { target: 1, choices })).toBe(1);
    expect(scoreChoices("acc_bytes", [-3, -18.5], { target: 1, choices })).toBe(1);
    expect(scoreChoices("acc_norm", [-3, -18.5], { target: 1, choices })).toBe(0);
    expect(scoreChoices("acc_tokens", [-3, -5], { target: 1, choices, tokens: [1, 4] })).toBe(1);
  });

  test("mutual information subtracts what the choice is worth by itself", () => {
    expect(scoreChoices("acc_mutual_info", [-1, -2], { target: 1, choices, unconditional: [-1, -9] })).toBe(1);
  });

  test("brier and mc2 work on probabilities among the choices", () => {
    expect(scoreChoices("brier", [Math.log(0.8), Math.log(0.2)], { target: 0, choices })).toBeCloseTo(0.08);
    expect(scoreChoices("mc2", [Math.log(0.3), Math.log(0.1)], { target: [0], choices })).toBeCloseTo(0.75);
    expect(scoreChoices("brier", [-1e9, -2e9], { target: 0, choices })).toBeCloseTo(0);
  });

  test("greedy match is unknown where the server doesn't tell", () => {
    expect(scoreChoices("greedy_match", [-1], { target: 0, choices: ["x"], greedy: [true] })).toBe(1);
    expect(scoreChoices("greedy_match", [-1], { target: 0, choices: ["x"] })).toBe(null);
  });
});
