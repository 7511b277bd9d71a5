import { describe, expect, test } from "vitest";
import { type ExtractStep, extractStepSchema, pipelineSchema } from "../contracts/index.ts";
import { compilePipeline, pythonRegex } from "./index.ts";

/** Reads one response with one pipeline whose defaults are filled in by the schema. */
function read(steps: object[], response: string | string[], choices: string[] | null = null) {
  const parsed = steps.map((step) => extractStepSchema.parse(step)) as ExtractStep[];
  const responses = Array.isArray(response) ? response : [response];
  return compilePipeline({ id: "test", steps: parsed })({
    responses,
    fields: { choices, document: { entry_point: "add" } },
    render: (template) => template,
  });
}

const strict = [
  { use: "regex", pattern: "#### (\\-?[0-9\\.\\,]+)", take: "first", fallback: "[invalid]" },
  { use: "take-first" },
];
const flexible = [
  { use: "regex", pattern: "(-?[$0-9.,]{2,})|(-?[0-9]+)", take: -1, fallback: "[invalid]" },
  { use: "take-first" },
];

describe("GSM8K's two filters", () => {
  test.each([
    ["so 3 + 4 = 7\n#### 7", "7", "7"],
    ["#### -1,234.50", "-1,234.50", "-1,234.50"],
    ["the answer is $18.", null, "$18."],
    ["#### 5\n#### 6", "5", "6"],
    ["no idea", null, null],
    ["", null, null],
  ])("%j", (response, first, second) => {
    expect(read(strict, response).answer).toBe(first);
    expect(read(flexible, response).answer).toBe(second);
  });
});

test("Inspect's readers are steps like others, and say where they read", () => {
  const letter = read([{ use: "answer-letter" }], "So:\nANSWER: c", ["x", "y", "z"]);
  expect([letter.answer, letter.span]).toEqual(["C", [12, 13]]);
  expect(read([{ use: "answer-letter" }], "ANSWER: D", ["x", "y", "z"]).answer).toBeNull();
  const number = read([{ use: "numeric-word" }], "3 and $1,234.5.");
  expect([number.answer, number.span]).toEqual(["1234.5", [6, 15]]);
  expect(read([{ use: "numeric-word", take: "first" }], "3 and 4").answer).toBe("3");
});

test("the span of a composed program points at the piece of the response that it was made around", () => {
  const response = "    return a + b\ndef main():";
  const steps = [
    { use: "before", markers: ["\ndef"] },
    { use: "compose", template: "def add(a, b):" },
  ];
  expect(read(steps, response)).toMatchObject({ answer: "def add(a, b):", span: [0, 16] });
});

test("the span points at the answer in the response", () => {
  const response = "So 😀 the result is\n#### 42 apples";
  const { span } = read(strict, response);
  expect(response.slice(...(span ?? [0, 0]))).toBe("42");
});

describe("letters", () => {
  test.each([
    ["The answer is (B).", "B"],
    ["**C**", "C"],
    ["A is tempting, but D", "D"],
    ["Answer: B. because I can't", "B"],
    ["Above all, Earth", null],
    ["Option E", null],
  ])("%j", (response, letter) => {
    expect(read([{ use: "letter" }], response, ["w", "x", "y", "z"]).answer).toBe(letter);
  });
});

test("numbers lose dollar signs and separators", () => {
  expect(read([{ use: "number" }], "It costs $1,250.50 in all.").answer).toBe("1250.50");
  expect(read([{ use: "number" }], "from 3 to -4").answer).toBe("-4");
});

test("boxed answers keep their braces balanced", () => {
  expect(read([{ use: "boxed" }], "so \\boxed{1} or rather \\boxed{\\frac{a}{b}}.").answer).toBe("\\frac{a}{b}");
  expect(read([{ use: "boxed" }], "\\boxed{never closed").answer).toBe(null);
  expect(read([{ use: "boxed" }], "\\boxed{I would say: so it is \\boxed{\\{1, 2\\}}").answer).toBe("\\{1, 2\\}");
  expect(read([{ use: "boxed" }], "\\boxed{\\fbox{5} m} or } \\boxed {6}").answer).toBe("6");
  expect(read([{ use: "boxed", take: "first" }], "\\boxed{\\fbox{5} m} or } \\boxed {6}").answer).toBe("\\fbox{5} m");
  expect(read([{ use: "boxed" }], "\\boxed{".repeat(100_000)).answer).toBe(null);
});

test("the choice filter goes from the pattern to an option's text to a letter behind a colon", () => {
  const step = { use: "choice", pattern: "(\\([A-Z]\\))", take: "last", ignoreCase: true, ignorePunctuation: true };
  const choices = ["Red wine.", "Milk", "Tea", "Rain"];
  expect(read([step], "I think (A) or (C)", choices).answer).toBe("(C)");
  expect(read([step], "It must be milk!", choices).answer).toBe("(B)");
  expect(read([step], "nothing", choices).answer).toBe(null);
});

test("code is found in fences and by its definition", () => {
  const response = "Sure!\n```python\nimport math\ndef add(a, b):\n    return a + b\n```\nDone.";
  expect(read([{ use: "fence", languages: ["python"] }], response).answer).toBe(
    "import math\ndef add(a, b):\n    return a + b\n",
  );
  expect(
    read(
      [{ use: "definition", entryPoint: "add" }],
      "Here it is:\nimport math\n\ndef add(a, b):\n    return a + b\n\nHope it helps",
    ).answer,
  ).toContain("return a + b");
});

test("majority takes the most frequent, the first seen on ties", () => {
  const steps = [{ use: "regex", pattern: "(\\d+)" }, { use: "majority" }];
  expect(read(steps, ["1", "2", "2", "3"]).answer).toBe("2");
  expect(read(steps, ["4", "5"]).answer).toBe("4");
  expect(read([{ use: "take-first-k", k: 1 }, ...steps], ["1", "2", "2"]).answer).toBe("1");
});

test("thinking is left out by its closing tag", () => {
  const steps = [{ use: "after", marker: "</think>", optional: true }, { use: "number" }];
  expect(read(steps, "<think>maybe 3</think> 4").answer).toBe("4");
  expect(read(steps, "5").answer).toBe("5");
});

test("Python's regular expressions keep their meaning", () => {
  expect(pythonRegex("(?s)a.b").test("a\nb")).toBe(true);
  expect(pythonRegex("a.b").test("a\rb")).toBe(true);
  expect(pythonRegex("end$").test("end\n")).toBe(true);
  expect(pythonRegex("\\d").test("٣")).toBe(true);
  expect(pythonRegex("(?P<x>a)(?P=x)").test("aa")).toBe(true);
  expect("naïve word".match(pythonRegex("\\b\\w+\\b"))).toEqual(["naïve", "word"]);
  expect(pythonRegex("\\$\\-\\,\\'").test("$-,'")).toBe(true);
  expect(() => pythonRegex("(")).toThrow(/can't be used/);
});

test("hostile responses end in time", () => {
  const long = "a".repeat(10_000_000);
  expect(read(flexible, long).answer).toBe(null);
  expect(read([{ use: "regex", pattern: "(a+)+b" }], "a".repeat(60)).answer).toBe(null);
  expect(read(strict, "\u0000\ud800#### 7\udfff").answer).toBe("7");
});

test("of several patterns the first that matches anywhere decides", () => {
  const step = { use: "regex", pattern: ["answer is \\(?([A-J])\\)?", "[aA]nswer:\\s*([A-J])"] };
  expect(read([step], "Answer: B. No, the answer is (C).").answer).toBe("C");
  expect(read([step], "Answer: B").answer).toBe("B");
  expect(read([step], "B").answer).toBe(null);
});

test("texts are removed in order before what follows", () => {
  const steps = [
    { use: "remove", texts: ["**", "$"] },
    { use: "regex", pattern: "Answer: ([A-D])" },
  ];
  expect(read(steps, "**Answer: $C$**")).toMatchObject({ answer: "C", span: null });
});

test("numbers stand in digits, else in words", () => {
  const step = { use: "number-words", pattern: "(-?[0-9]+)", take: "last" };
  expect(read([step], "two drums and 3 flutes").answer).toBe("3");
  expect(read([step], "That makes Twenty-One.").answer).toBe("21");
  expect(read([step], "many").answer).toBe(null);
});

test("an option that begins another one doesn't shadow it", () => {
  const step = { use: "choice", pattern: "(\\([A-Z]\\))", take: "first", ignoreCase: true, ignorePunctuation: true };
  expect(read([step], "guilty of romance", ["Guilty", "Guilty of Romance"]).answer).toBe("(B)");
  expect(read([step], "So: B", ["x.", "y."]).answer).toBe("(B)");
});

test("steps are chosen by a value of the item, with others for the rest", () => {
  const pipeline = pipelineSchema.parse({
    id: "by-kind",
    by: "{{ kind }}",
    steps: [{ use: "number" }],
    cases: { letter: [{ use: "letter" }], word: [{ use: "regex", pattern: "(yes|no)" }] },
  });
  const readAs = (kind: string) =>
    compilePipeline(pipeline)({
      responses: ["no, B is 12"],
      fields: { choices: null, document: { kind } },
      render: (_template, document) => JSON.stringify(document.kind).slice(1, -1),
    }).answer;
  expect(["letter", "word", "other"].map(readAs)).toEqual(["B", "no", "12"]);
});
