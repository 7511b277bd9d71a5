import { expect, test } from "vitest";
import { answerLetter } from "./answer-letter.ts";

// What inspect_ai 0.3.285 reads in these, with four options.
test.each([
  ["ANSWER: B", "B"],
  ["answer : c", "C"],
  ["Let me think.\n**ANSWER: D**", "D"],
  ["ANSWER: **B**.", "B"],
  ["ANSWER: $ A $", "A"],
  ["ANSWER: (b)", "B"],
  ["ANSWER: A,", "A"],
  ["ANSWER:\n\nA", "A"],
  ["ANSWER: A\nNo, ANSWER: B here\nANSWER: C\nGood.", "C"],
  ["No, ANSWER: B (sure)", "B"],
  ["ANSWER: A, B", null],
  ["ANSWER: AB", null],
  ["ANSWER: E", null],
  ["ANSWER: A\nANSWER: ", null],
  ["ANSWER: A is right", null],
  ["B", null],
  ["", null],
])("%j names %j", (text, option) => {
  expect(answerLetter(text, 4)?.text ?? null).toBe(option);
});

test("the place of the letter is known where nothing was taken off around it", () => {
  expect(answerLetter("Well,\nANSWER: b.", 4)).toEqual({ text: "B", start: 14 });
  expect(answerLetter("ANSWER: **b**", 4)).toEqual({ text: "B", start: null });
});

test("options behind Z have numbers for names", () => {
  expect(answerLetter("ANSWER: 2", 28)?.text).toBe("2");
  expect(answerLetter("ANSWER: 3", 28)).toBeUndefined();
});

test.each([
  ["blanks without an end", `ANSWER: A${" ".repeat(200_000)}!`],
  ["an answer a line", "ANSWER: A, \n".repeat(5_000)],
  ["dollars with blanks between", `$a${" ".repeat(400)}`.repeat(200)],
])("%s end in time", { timeout: 60_000 }, (_, text) => {
  expect([undefined, "A"]).toContain(answerLetter(text, 4)?.text);
});
