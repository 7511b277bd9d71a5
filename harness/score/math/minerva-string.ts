/** Replaced in this order, everywhere, as appendix D of Lewkowycz et al. (2022) lists them. */
const substitutions: [before: string, after: string][] = [
  ["an ", ""],
  ["a ", ""],
  [".$", "$"],
  ["\\$", ""],
  ["\\ ", ""],
  [" ", ""],
  ["mbox", "text"],
  [",\\text{and}", ","],
  ["\\text{and}", ","],
  ["\\text{m}", "\\text{}"],
];

const removedWords =
  "square ways integers dollars mph inches ft hours km units sue points feet minutes digits cents degrees cm gm pounds meters meals edges students childrentickets multiples".split(
    " ",
  );

/** Removed in this order; a word stands for itself, `\ldots` and its kin for the text. */
const removed: string[] = [
  ...removedWords.slice(0, 10),
  "\\ldots",
  ...removedWords.slice(10),
  "\\text{s}",
  "\\text{.}",
  "\\text{\ns}",
  "\\text{}^2",
  "\\text{}^3",
  "\\text{\n}",
  "\\text{}",
  "\\mathrm{th}",
  "^\\circ",
  "^{\\circ}",
  "\\;",
  ",\\!",
  "{,}",
  '"',
  "\\dots",
];

/**
 * Minerva's normal form of a final answer (Lewkowycz et al. 2022, appendix D) with the amendments of lm-evaluation-harness
 * 0.4.13: unit words are taken off at word borders first and never out of a command's name, indexed roots are braced, and
 * commas go only from numbers with thousands separators.
 *
 * @see https://github.com/EleutherAI/lm-evaluation-harness/blob/v0.4.13/lm_eval/tasks/minerva_math/utils.py
 */
export function minervaString(answer: string): string {
  let text = answer.split("=").at(-1) ?? "";
  for (const word of removedWords) text = text.replace(new RegExp(`(?<!\\\\)${border}${word}${border}`, "gu"), "");
  for (const [before, after] of substitutions) text = text.replaceAll(before, after);
  for (const gone of removed) text = /^[a-z]+$/.test(gone) ? outsideCommands(text, gone) : text.replaceAll(gone, "");
  text = text.replace(/[^\n]*?\$([^\n]*?)\$[^\n]*/g, "$$$1$$");
  for (const wrapper of ["text", "textbf", "overline"])
    text = text.replace(new RegExp(`\\\\${wrapper}\\{([^\\n]*?)\\}`, "g"), "$1");
  text = text
    .replace(/\\boxed\{([^\n]*)\}/g, "$1")
    .replace(/frac([^{])([^\n])/gu, "frac{$1}{$2}")
    .replace(/sqrt(\[[^\]]*\])([\p{L}\p{N}_])/gu, "sqrt$1{$2}")
    .replace(/sqrt(?!\[)([^{])/gu, "sqrt{$1}")
    .replaceAll("$", "");
  return /^-?\d{1,3}(?:,\d{3})+$/.test(text) ? text.replaceAll(",", "") : text;
}

/** Python's `\b`, which knows all letters. */
const border = "(?:(?<=[\\p{L}\\p{N}_])(?![\\p{L}\\p{N}_])|(?<![\\p{L}\\p{N}_])(?=[\\p{L}\\p{N}_]))";

function outsideCommands(text: string, word: string): string {
  return text
    .split(/(\\[a-zA-Z]+)/)
    .map((part, at) => (at % 2 === 0 ? part.replaceAll(word, "") : part))
    .join("");
}
