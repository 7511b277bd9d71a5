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

/** So many items that begin or end alike do so because of the prompt. */
const manyItems = 20;

/**
 * Numbers the words of a benchmark's items. What belongs to the prompt is left out: labels of options, words around a question, and
 * what all questions begin or end with.
 */
export function subjectsOf(texts: readonly ItemText[], vocabulary: Vocabulary): Subject[] {
  const parted = texts.map((text) => partsOf(text, vocabulary));
  const questions = parted.map(({ question }) => question);
  const isMany = texts.length >= manyItems;
  const before = isMany ? sharedLength(questions, (question, at) => question[at]) : 0;
  const behind = isMany ? sharedLength(questions, (question, at) => question.subarray(before).at(-1 - at)) : 0;
  return parted.map((parts) => {
    const question = parts.question.subarray(before, parts.question.length - behind);
    return { ...parts, question, whole: Int32Array.from([question, ...parts.choices].flatMap((words) => [...words])) };
  });
}

function partsOf(text: ItemText, vocabulary: Vocabulary): Omit<Subject, "whole"> {
  const parted = partChoices(text.question.replace(wrapperBehind, "").replace(wrapperBefore, ""));
  const options = parted.choices.length > 0 ? parted.choices : (text.choices ?? []);
  const question = vocabulary.learn(parted.question);
  const choices = options
    .filter((choice) => !sayNothing.has(choice.trim().toLowerCase()) && !/^\W*[A-Z]\W*$/.test(choice))
    .map((choice) => vocabulary.learn(choice))
    .filter((words) => words.length > 0);
  return { item: text.item, question, choices, answer: vocabulary.learn(text.answer) };
}

/** How many words from one end all texts share. */
function sharedLength(
  texts: readonly Int32Array[],
  word: (text: Int32Array, at: number) => number | undefined,
): number {
  const [first = new Int32Array(0)] = texts;
  for (let at = 0; ; at += 1) {
    const wanted = word(first, at);
    if (wanted === undefined || texts.some((text) => word(text, at) !== wanted)) return at;
  }
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
