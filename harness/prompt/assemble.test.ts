import { expect, test } from "vitest";
import { assemble, splitContinuation } from "./index.ts";

const parts = {
  system: "SYS",
  description: "DESC\n\n",
  shots: [0, 1].map((index) => ({ question: `q${index}`, answer: `a${index}`, answerPrefix: "The answer is" })),
  question: "q3",
  answerPrefix: "The answer is",
  targetDelimiter: " ",
  shotDelimiter: "\n\n",
};

test("text is joined with the delimiters of lm-evaluation-harness", () => {
  expect(assemble(parts, { layout: "text", multiturn: true })).toEqual({
    kind: "text",
    prompt: "SYS\n\nDESC\n\nq0 The answer is a0\n\nq1 The answer is a1\n\nq3 The answer is",
  });
});

test("chat has a turn for every shot and a started answer", () => {
  expect(assemble(parts, { layout: "chat", multiturn: true })).toEqual({
    kind: "chat",
    messages: [
      { role: "system", content: "SYS\n\nDESC\n\n" },
      { role: "user", content: "q0" },
      { role: "assistant", content: "The answer is a0" },
      { role: "user", content: "q1" },
      { role: "assistant", content: "The answer is a1" },
      { role: "user", content: "q3" },
      { role: "assistant", content: "The answer is" },
    ],
  });
});

test("in a single turn all shots stand in one user message", () => {
  expect(assemble(parts, { layout: "chat", multiturn: false })).toEqual({
    kind: "chat",
    messages: [
      { role: "system", content: "SYS\n\nDESC\n\n" },
      { role: "user", content: "q0 The answer is a0\n\nq1 The answer is a1\n\nq3" },
      { role: "assistant", content: "The answer is" },
    ],
  });
});

test("no delimiter follows a system text: as the reference does", () => {
  const plain = { ...parts, description: "", shots: [], answerPrefix: "" };
  expect(
    assemble({ ...plain, system: "You are helpful.", question: "Q: 1?" }, { layout: "text", multiturn: true }),
  ).toEqual({ kind: "text", prompt: "You are helpful.Q: 1?" });
});

test("white space at the end of a context moves to the continuation", () => {
  expect(splitContinuation("Answer: ", "yes")).toEqual({ context: "Answer:", continuation: " yes" });
});

test("a shot without an answer of its own is its question and nothing else, as in lm-evaluation-harness", () => {
  const shots = [{ question: "Q: 1+1?\nA: 2\n\n", answer: "", answerPrefix: "" }];
  const bare = { ...parts, system: "", description: "", answerPrefix: "", shots };
  expect(assemble(bare, { layout: "text", multiturn: true })).toEqual({ kind: "text", prompt: "Q: 1+1?\nA: 2\n\nq3" });
});
