import type { Json, ScoringFields } from "../../contracts/index.ts";
import { pythonRegex } from "../../extract/index.ts";
import { pythonFloat, pythonFloatText, splitBlanks } from "../python-text.ts";
import { asciiPunctuation } from "../text-metrics.ts";
import { bestAssignment } from "./best-assignment.ts";

const articles = pythonRegex("\\b(a|an|the)\\b");

/** An answer as DROP compares it: one text and one bag of words a span. */
interface Bags {
  texts: string[];
  bags: Set<string>[];
}

/**
 * DROP's two metrics: the best over all right answers, each a list of spans. A response is one span, or, with a separator,
 * as many as it parts. The right answers of the data set are turned into spans by the task (a number, a date as
 * "day month year", or spans).
 *
 * @see https://github.com/allenai/allennlp-reading-comprehension/blob/master/allennlp_rc/eval/drop_eval.py
 */
export function dropMetric(
  which: "match" | "f1",
  separator: string | undefined,
): (answer: string, fields: ScoringFields) => number {
  return (answer, { target }) => {
    const given = bagsOf(separator === undefined ? [answer] : spansOf(answer, separator));
    const compare = which === "match" ? isMatch : alignedF1;
    return Math.max(0, ...rightAnswers(target).map((spans) => compare(given, bagsOf(spans))));
  };
}

function spansOf(answer: string, separator: string): string[] {
  const spans = answer.split(separator).map((span) => span.trim());
  return spans.filter((span) => span !== "");
}

/** A text or a list of texts is one span an answer; answers without text don't count. */
function rightAnswers(target: Json): string[][] {
  const answers = (Array.isArray(target) ? target : [target]).map((answer) =>
    (Array.isArray(answer) ? answer : [answer]).map(String),
  );
  return answers.filter(([first = ""]) => first.trim() !== "");
}

function bagsOf(spans: readonly string[]): Bags {
  const texts = spans.map(normalise);
  return { texts, bags: texts.map((text) => new Set(splitBlanks(text))) };
}

function normalise(span: string): string {
  return span
    .split(/[ -]/)
    .map((token) => splitBlanks(fixNumber(withoutPunctuation(token.toLowerCase())).replace(articles, " ")).join(" "))
    .filter((token) => token !== "")
    .join(" ");
}

function withoutPunctuation(token: string): string {
  return pythonFloat(token) === null ? token.replace(asciiPunctuation, "") : token;
}

function fixNumber(token: string): string {
  const value = pythonFloat(token);
  return value === null ? token : pythonFloatText(value);
}

function isMatch(given: Bags, right: Bags): number {
  const texts = new Set(right.texts);
  return given.texts.length === right.texts.length && new Set(given.texts).symmetricDifference(texts).size === 0
    ? 1
    : 0;
}

/** Mean F1 of the best one-to-one alignment, to two decimals as the original rounds it. */
function alignedF1(given: Bags, right: Bags): number {
  const scores = right.bags.map((gold) => given.bags.map((bag) => (sharesNumber(gold, bag) ? wordF1(bag, gold) : 0)));
  const total = bestAssignment(scores).reduce((sum, column, row) => sum + (scores[row]?.[column] ?? 0), 0);
  return roundHalfEven((total / Math.max(right.bags.length, given.bags.length)) * 100) / 100;
}

/** Where the right span has numbers, one of them must be in the answer's span. */
function sharesNumber(gold: Set<string>, given: Set<string>): boolean {
  const numbers = [...gold].filter((word) => pythonFloat(word) !== null);
  return numbers.length === 0 || numbers.some((number) => given.has(number));
}

function wordF1(given: Set<string>, gold: Set<string>): number {
  const common = gold.intersection(given).size;
  const precision = given.size === 0 ? 1 : common / given.size;
  const recall = gold.size === 0 ? 1 : common / gold.size;
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
