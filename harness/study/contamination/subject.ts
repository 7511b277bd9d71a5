import type { Vocabulary } from "./tokenise.ts";

/** An item in the parts by which it is looked for. */
export interface ItemText {
  item: string;
  question: string;
  /** Texts of the options; null: the answer is free. */
  choices: string[] | null;
  /** The right answer, a solution or a program; with options it isn't looked at. */
  answer: string;
}

/** An {@link ItemText} as numbered words. */
export interface Subject {
  item: string;
  question: Int32Array;
  choices: Int32Array[];
  answer: Int32Array;
  /** Question and options in a row: what the rules of other projects look for. */
  whole: Int32Array;
}

const label = /^[ \t]*\(?([A-Z])[).:][ \t]+(\S.*)$/;
const wrapperBefore = /^\s*(?:question|problem|q)\s*:\s*/i;
const wrapperBehind = /\s*(?:answer|solution|a)\s*:\s*$/i;
const sayNothing = new Set(["yes", "no", "true", "false"]);

/** Numbers the words of an item. Labels of options and words around a question are the prompt's, not the benchmark's. */
export function subjectOf(text: ItemText, vocabulary: Vocabulary): Subject {
  const parted = partChoices(text.question.replace(wrapperBehind, "").replace(wrapperBefore, ""));
  const options = parted.choices.length > 0 ? parted.choices : (text.choices ?? []);
  const question = vocabulary.learn(parted.question);
  const choices = options
    .filter((choice) => !sayNothing.has(choice.trim().toLowerCase()) && !/^\W*[A-Z]\W*$/.test(choice))
    .map((choice) => vocabulary.learn(choice))
    .filter((words) => words.length > 0);
  const whole = Int32Array.from([question, ...choices].flatMap((words) => [...words]));
  return { item: text.item, question, choices, answer: vocabulary.learn(text.answer), whole };
}

/** Takes lines labelled A, B, C … off the end of a question. */
function partChoices(question: string): { question: string; choices: string[] } {
  const lines = question.split("\n");
  const first = lines.findIndex(
    (line, at) => label.exec(line)?.[1] === "A" && label.exec(lines[at + 1] ?? "")?.[1] === "B",
  );
  if (first < 0) return { question, choices: [] };
  const choices: string[] = [];
  let end = first;
  for (; end < lines.length; end += 1) {
    const [, letter, text] = label.exec(lines[end] ?? "") ?? [];
    if (letter !== String.fromCharCode(65 + choices.length)) break;
    choices.push(text ?? "");
  }
  return { question: [...lines.slice(0, first), ...lines.slice(end)].join("\n"), choices };
}
