import { type Found, findAll, withinTime } from "./find-all.ts";
import { pythonRegex } from "./python-regex.ts";

/** Dollars or double asterisks around an answer, and brackets around one letter behind a colon or comma: taken off before reading. */
const wrappers = [
  pythonRegex(String.raw`\x24\s*([A-Za-z\d][A-Za-z\d ,]*?)\s*\x24`),
  pythonRegex(String.raw`\*\*\s*([A-Za-z\d][A-Za-z\d ,]*?)\s*\*\*`),
];
const bracketed = pythonRegex(String.raw`(?i)(^|[:,])(\s*)\(([A-Za-z\d])\)(?=\s*(?:,|\.|\n|\Z))`);

/** A line that is the answer and nothing else; where there is none, an answer anywhere. */
const wholeLine = pythonRegex(String.raw`^ANSWER\s*:\s*([A-Za-z\d ,]+)\s*(?:$|\n|\.)`, "im");
const anywhere = pythonRegex(String.raw`(?i)ANSWER\s*:\s*([A-Za-z\d ,]+)(?:[^\w]|\n|$|\.)`);

/** Longer runs of white space than anybody writes would make these patterns slow. */
const longBlank = /\s{500}/;

/**
 * The option that the last "ANSWER: X" names, as Inspect's multiple-choice solver reads it: X must be the name of an option, in
 * either case; a comma beside it doesn't matter.
 *
 * @param options - how many there are: their names are A to Z, then 1, 2, …
 * @returns the name, with its place in `text` where nothing had to be taken off; `undefined`: none, or more than one
 * @see https://github.com/UKGovernmentBEIS/inspect_ai/blob/main/src/inspect_ai/solver/_multiple_choice.py (`parse_answers`)
 */
export function answerLetter(text: string, options: number): { text: string; start: number | null } | undefined {
  const found = longBlank.test(text) ? withinTime(() => lastAnswer(text)) : lastAnswer(text);
  if (!found) return undefined;
  const given = found.text.trim().toUpperCase();
  const [name, ...more] = given.split(",").filter((part) => part !== "");
  if (name === undefined || more.length > 0 || !isOption(name, options)) return undefined;
  return { text: name, start: found.start === null ? null : found.start + found.text.toUpperCase().indexOf(name) };
}

function lastAnswer(text: string): { text: string; start: number | null } | undefined {
  const plain = wrappers.reduce((left, wrapper) => left.replace(wrapper, "$1"), text).replace(bracketed, "$1$2$3");
  const last = findAll(wholeLine, plain)?.at(-1) ?? findAll(anywhere, plain)?.at(-1);
  return last && placed(last, plain === text);
}

function placed({ text, start }: Found, isUnchanged: boolean): { text: string; start: number | null } {
  return { text, start: isUnchanged ? start : null };
}

function isOption(name: string, options: number): boolean {
  const index = /^[A-Z]$/.test(name) ? name.charCodeAt(0) - 65 : /^[1-9]\d*$/.test(name) ? 25 + Number(name) : -1;
  return index >= 0 && index < options;
}
