import type { Json, MetricSpec, ScoringFields } from "../contracts/index.ts";
import { pythonRegex, significant } from "../extract/index.ts";
import { splitBlanks } from "./python-text.ts";

type ExactMatch = Extract<MetricSpec, { metric: "exact_match" }>;

/** `string.punctuation` of Python. */
export const asciiPunctuation = /[!-/:-@[-`{-~]/g;

/** The right answers as texts: an index stands for its choice, a list for any of its entries. */
export function targetTexts({ target, choices }: ScoringFields): string[] {
  const entries = Array.isArray(target) ? target : [target];
  return entries.map((entry) =>
    typeof entry === "number" && choices ? (choices[entry] ?? String(entry)) : textOf(entry),
  );
}

function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/**
 * lm-evaluation-harness' `exact_match`: patterns removed from both sides in order, then case, punctuation and digits,
 * then equality. Several right answers: any of them.
 *
 * @see https://github.com/EleutherAI/lm-evaluation-harness/blob/4e7e0d47/lm_eval/api/metrics.py
 */
export function exactMatch(
  spec: ExactMatch,
  compile: (pattern: string) => RegExp,
): (answer: string, fields: ScoringFields) => number {
  const ignored = spec.ignore.map(compile);
  const normalise = (text: string) => {
    let result = text;
    for (const pattern of ignored) result = result.replace(pattern, "");
    if (spec.ignoreCase) result = result.toLowerCase();
    if (spec.ignorePunctuation) result = result.replace(asciiPunctuation, "");
    if (spec.ignoreNumbers) result = result.replace(/[0-9]/g, "");
    return result;
  };
  return (answer, fields) => {
    const given = normalise(answer);
    return targetTexts(fields).some((target) => normalise(target) === given) ? 1 : 0;
  };
}

/** Equal as numbers: `$1,200.0.` is `1200`. A text that is no number is wrong. `digits`: only so many significant ones count. */
export function numericMatch(digits?: number): (answer: string, fields: ScoringFields) => number {
  const numberOf = (text: string) => {
    const value = exactNumber(text);
    return value === null || digits === undefined ? value : Number(significant(Number(value), digits));
  };
  return (answer, fields) => {
    const given = numberOf(answer);
    return given !== null && targetTexts(fields).some((target) => numberOf(target) === given) ? 1 : 0;
  };
}

/** Longer texts are no numbers that anybody asks for. */
const mostDigits = 1_000;

/** A number in one spelling, `-12e3`: doubles would take large ones that differ for the same. */
function exactNumber(text: string): string | null {
  const cleaned = text
    .trim()
    .replace(/[$,\s]/g, "")
    .replace(/\.$/, "");
  if (cleaned.length > mostDigits) return null;
  const match = /^([+-]?)(?=\.?\d)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(cleaned);
  if (!match) return null;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  const written = `${whole}${fraction}`.replace(/^0+/, "");
  const significantDigits = written.replace(/0+$/, "");
  if (significantDigits === "") return "0e0";
  const power = Number(exponent) - fraction.length + written.length - significantDigits.length;
  return `${sign === "-" ? "-" : ""}${significantDigits}e${power}`;
}

const articles = pythonRegex("\\b(a|an|the)\\b");

/** SQuAD's normalisation: lower case, no ASCII punctuation, no articles, single blanks. */
function squadWords(text: string): string[] {
  return splitBlanks(text.toLowerCase().replace(asciiPunctuation, "").replace(articles, " "));
}

/** SQuAD's exact match. @see https://rajpurkar.github.io/SQuAD-explorer/ (evaluation script v1.1) */
export function squadMatch(answer: string, fields: ScoringFields): number {
  const given = squadWords(answer).join(" ");
  return targetTexts(fields).some((target) => squadWords(target).join(" ") === given) ? 1 : 0;
}

/** SQuAD's F1 over words, the best over the right answers. */
export function tokenF1(answer: string, fields: ScoringFields): number {
  const given = squadWords(answer);
  return Math.max(0, ...targetTexts(fields).map((target) => wordF1(given, squadWords(target))));
}

function wordF1(given: readonly string[], target: readonly string[]): number {
  if (given.length === 0 || target.length === 0) return given.length === target.length ? 1 : 0;
  const left = new Map<string, number>();
  for (const word of target) left.set(word, (left.get(word) ?? 0) + 1);
  let common = 0;
  for (const word of given) {
    const count = left.get(word) ?? 0;
    if (count > 0) common += 1;
    left.set(word, count - 1);
  }
  if (common === 0) return 0;
  const [precision, recall] = [common / given.length, common / target.length];
  return (2 * precision * recall) / (precision + recall);
}
