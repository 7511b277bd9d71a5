import { expect, test } from "vitest";
import { type ItemText, subjectsOf } from "./subject.ts";
import { Vocabulary } from "./tokenise.ts";

/** The parts of items as words in a row. */
function parts(
  ...texts: Partial<ItemText>[]
): { question: string; choices: string[]; answer: string; whole: string }[] {
  const vocabulary = new Vocabulary();
  const items = texts.map((text, number) => ({ item: `i${number}`, question: "", choices: null, answer: "", ...text }));
  return subjectsOf(items, vocabulary).map(({ question, choices, answer, whole }) => ({
    question: vocabulary.compact(question),
    choices: choices.map((choice) => vocabulary.compact(choice)),
    answer: vocabulary.compact(answer),
    whole: vocabulary.compact(whole),
  }));
}

test("labelled lines are options, and neither labels nor words around a question are its own", () => {
  const question = "Question: Who was it?\n(A) Ada\n(B) Bob\n(C) A. Cox\nAnswer:";
  expect(parts({ question, choices: ["A", "B", "C"], answer: "B" })).toEqual([
    { question: "whowasit", choices: ["ada", "bob", "acox"], answer: "b", whole: "whowasitadabobacox" },
  ]);
});

test("options that aren't in the question come from the protocol; letters, yes, no and signs say nothing", () => {
  expect(parts({ question: "Which?", choices: [" red ", " blue", "+"] })[0]).toMatchObject({
    choices: ["red", "blue"],
  });
  expect(parts({ question: "Is it?", choices: [" no", " yes"] })[0]).toMatchObject({ choices: [] });
  expect(parts({ question: "Which?", choices: ["A", " B", "(C)"] })[0]).toMatchObject({ choices: [] });
});

test("one line that begins like a label is text", () => {
  expect(parts({ question: "Continue:\nA. Turing was born in" })[0]).toMatchObject({
    question: "continueaturingwasbornin",
  });
});

test("what twenty questions begin and end with is the prompt's; what fewer share may be their own", () => {
  const asked = (count: number) =>
    parts(
      ...Array.from({ length: count }, (_, n) => ({
        question: `Say only what is true. ${n} plus ${n + 1} is how many?`,
      })),
    );
  expect(asked(20)[3]?.question).toBe("3plus4");
  expect(asked(19)[3]?.question).toBe("sayonlywhatistrue3plus4ishowmany");
});

test("twenty equal questions leave nothing, and empty ones do no harm", () => {
  expect(parts(...Array.from({ length: 20 }, () => ({ question: "the same" })))[0]?.question).toBe("");
  expect(parts(...Array.from({ length: 20 }, () => ({})))).toHaveLength(20);
  expect(parts()).toEqual([]);
});
