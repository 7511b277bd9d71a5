import { describe, expect, test } from "vitest";
import { VerbatimSearch } from "./find-verbatim.ts";
import { type ItemText, subjectsOf } from "./subject.ts";
import { tokenise, Vocabulary } from "./tokenise.ts";

const bees: ItemText = {
  item: "bees",
  question:
    "Question: A beekeeper moved forty hives from an orchard in bloom to a heath twelve miles away; why did half of the bees come back?\nA. They were hungry\nB. The distance was too short\nC. The queen had died\nD. It rained for a week\nAnswer:",
  choices: ["A", "B", "C", "D"],
  answer: "B",
};
const sum: ItemText = {
  item: "sum",
  question:
    "Question: Mira buys seven notebooks at three crowns each and pays with a fifty crown note. How much change does she get?\nAnswer:",
  choices: null,
  answer: "The notebooks cost 7 times 3 which is 21 crowns, so she gets 50 minus 21, that is 29 crowns.\n#### 29",
};
const short: ItemText = {
  item: "short",
  question: "Which metal is liquid here?",
  choices: ["mercury", "gallium alloy", "lead"],
  answer: "mercury",
};
const tiny: ItemText = { item: "tiny", question: "Why not?", choices: ["so", "thus"], answer: "so" };
const lone: ItemText = { item: "lone", question: "Is the passage above right?", choices: ["yes", "no"], answer: "" };
const items = [bees, sum, short, tiny, lone];

function search(text: string, among: readonly ItemText[] = items): Record<string, string> {
  const vocabulary = new Vocabulary();
  const subjects = subjectsOf(among, vocabulary);
  const sightings = new VerbatimSearch(subjects, vocabulary.size).look(vocabulary.read(tokenise(text)));
  return Object.fromEntries(sightings.map(({ subject, level }) => [among[subject]!.item, level]));
}

const around = (text: string) => `Some words before it, of no use at all. ${text} And others behind.`;
const bareQuestion = bees.question.replace("Question: ", "").split("\n")[0]!;

describe("a question with options", () => {
  test("is seen whole, whatever labels and line ends there are", () => {
    expect(search(around(bees.question))).toEqual({ bees: "verbatim-item" });
    const relabelled = bees.question.replaceAll(/\n([A-D])\. /g, " ($1) ").toUpperCase();
    expect(search(around(relabelled))).toEqual({ bees: "verbatim-item" });
    expect(search(around(bees.question.replaceAll(" ", "\n")))).toEqual({ bees: "verbatim-item" });
  });

  test("is seen without its options", () => {
    expect(search(around(bareQuestion))).toEqual({ bees: "verbatim-question" });
  });

  test("is seen with some words changed, added or left out", () => {
    const edited = bareQuestion.replace("forty", "some forty old").replace("bloom to", "flower to");
    expect(search(around(edited))).toEqual({ bees: "verbatim-question" });
  });

  test("of which only a part stands there is near, where that part is long and nobody else's", () => {
    const first = (count: number) => bareQuestion.split(" ").slice(0, count).join(" ");
    // Of 24 words.
    expect(search(around(first(15)))).toEqual({ bees: "near-duplicate" });
    expect(search(around(first(9)))).toEqual({});
    const twin = { ...bees, item: "twin", question: `${first(15)}, but nobody ever knew the reason why it was so?` };
    expect(search(around(first(15)), [bees, twin])).toEqual({});
  });

  test("isn't put together from pieces that stand apart", () => {
    const words = bareQuestion.split(" ");
    const pieces = [words.slice(0, 9), words.slice(9, 18), words.slice(18)].map((piece) => piece.join(" "));
    expect(search(around(pieces.toReversed().join(" ")))).toEqual({});
    expect(search(around(pieces.join(" and so on and on for a very long while ")))).toEqual({});
  });

  test("counts its options only in its neighbourhood", () => {
    const far = `${bareQuestion} ${"something else ".repeat(60)} ${bees.question.split("\n").slice(1).join(" ")}`;
    expect(search(far)).toEqual({ bees: "verbatim-question" });
  });
});

test("a free answer, or half of a solution, makes a question a whole item", () => {
  expect(search(around(`${sum.question} ${sum.answer}`))).toEqual({ sum: "verbatim-item" });
  expect(search(around(`${sum.question} ${sum.answer.slice(0, 70)}`))).toEqual({ sum: "verbatim-item" });
  expect(search(around(`${sum.question} 28`))).toEqual({ sum: "verbatim-question" });
  const brief = { ...sum, answer: "29" };
  expect(search(around(`${sum.question} It is 29.`), [brief])).toEqual({ sum: "verbatim-item" });
});

test("a question of few words needs all of them, and options or an answer beside them", () => {
  expect(search(around("Which metal is liquid here? Lead, mercury, gallium alloy."))).toEqual({
    short: "verbatim-item",
  });
  expect(search(around("Which metal is liquid here? Lead or mercury?"))).toEqual({ short: "verbatim-question" });
  expect(search(around("Which metal is liquid here? Lead?"))).toEqual({});
  expect(search(around("Which metal is liquid now? Lead, mercury, gallium alloy."))).toEqual({});
});

test("what is too short to tell is said so, and never found", () => {
  const vocabulary = new Vocabulary();
  const subjects = subjectsOf(items, vocabulary);
  const verbatim = new VerbatimSearch(subjects, vocabulary.size);
  expect(items.map((_, number) => verbatim.isTestable(number))).toEqual([true, true, true, false, false]);
  expect(search("Why not? So. Thus. Is the passage above right? yes no")).toEqual({});
});

test("what twenty-one items share begins no search, and what each has of its own does", () => {
  const template = "Read the following statement with care and then decide which of the following is true of it:";
  const many = Array.from({ length: 21 }, (_, number) => ({
    item: `i${number}`,
    question: `Person${number} of town${number} says: ${template} thing${number} is in yard${number}`,
    choices: null,
    answer: "",
  }));
  expect(search(around(template), many)).toEqual({});
  expect(search(around(many[3]!.question), many)).toEqual({ i3: "verbatim-question" });
});

test("a benchmark of empty items is searched for without trouble", () => {
  expect(search("anything at all", [{ item: "none", question: "", choices: [], answer: "" }])).toEqual({});
  expect(search("", items)).toEqual({});
});
