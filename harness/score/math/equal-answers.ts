import { cleanLatex } from "./clean-latex.ts";
import { readRational, sameRational } from "./rational.ts";
import { type Answer, readAnswer } from "./read-answer.ts";

/** Decides whether two LaTeX expressions have the same value wherever both are defined. */
export type JudgeExpressions = (pair: ExpressionPair) => Promise<boolean>;

/** Two expressions, or two equations given as left and right sides. */
export type ExpressionPair =
  | { kind: "expressions"; a: string; b: string }
  | { kind: "equations"; a: [string, string]; b: [string, string] };

/** Longer answers are compared as text only. */
const mostCharacters = 2_000;
const mostEntries = 32;

/**
 * Whether two answers to a mathematical question are the same: as text, as exact numbers, entry by entry where they are
 * lists, tuples, intervals or matrices, and by value where they are expressions. In doubt they are not the same.
 */
export async function equalAnswers(given: string, target: string, judge: JudgeExpressions): Promise<boolean> {
  if (given.trim() === "") return false;
  if (given.trim() === target.trim()) return true;
  if (given.length > mostCharacters || target.length > mostCharacters) return false;
  return !differInName(given, target) && equal(readAnswer(given), readAnswer(target), judge);
}

/** `y = 5` against `x = 5`: other lines, and other unknowns. */
function differInName(given: string, target: string): boolean {
  const [a, b] = [given, target].map(
    (text) => /^\s*([a-zA-Z])\s*(?:=|\\in(?![a-zA-Z]))[^=]*$/.exec(cleanLatex(text))?.[1],
  );
  return a !== undefined && b !== undefined && a !== b;
}

async function equal(a: Answer, b: Answer, judge: JudgeExpressions): Promise<boolean> {
  if (a.kind === "leaf" && b.kind === "leaf") return equalLeaves(a.text, b.text, judge);
  if (a.kind === "bag" && b.kind === "bag") return equalBags(a.entries, b.entries, judge);
  if (a.kind === "bag" && a.entries.length === 1 && a.entries[0]) return equal(a.entries[0], b, judge);
  if (b.kind === "bag" && b.entries.length === 1 && b.entries[0]) return equal(a, b.entries[0], judge);
  if (a.kind === "row" && b.kind === "row") {
    return a.open === b.open && a.close === b.close && equalInOrder(a.entries, b.entries, judge);
  }
  if (a.kind === "matrix" && b.kind === "matrix") {
    const shapes = a.rows.length === b.rows.length && a.rows.every((row, at) => row.length === b.rows[at]?.length);
    return shapes && equalInOrder(a.rows.flat(), b.rows.flat(), judge);
  }
  if (a.kind === "equation" && b.kind === "equation") {
    return judge({ kind: "equations", a: [a.left, a.right], b: [b.left, b.right] });
  }
  if (a.kind === "equation" && b.kind === "leaf") return nameOnly(a) && equalLeaves(a.right, b.text, judge);
  if (b.kind === "equation" && a.kind === "leaf") return nameOnly(b) && equalLeaves(a.text, b.right, judge);
  return false;
}

/** `y = 2x + 3` against `2x + 3`: the left side only names the right one. */
function nameOnly({ left }: { left: string }): boolean {
  return /^[a-zA-Z](?:\s*\(\s*[a-zA-Z]\s*\))?$/.test(left);
}

async function equalInOrder(a: readonly Answer[], b: readonly Answer[], judge: JudgeExpressions): Promise<boolean> {
  if (a.length !== b.length || a.length > mostEntries) return false;
  for (const [at, entry] of a.entries()) if (!(await equal(entry, b[at]!, judge))) return false;
  return true;
}

/** Every entry has a partner of its own; equality being transitive, taking the first that fits is enough. */
async function equalBags(a: readonly Answer[], b: readonly Answer[], judge: JudgeExpressions): Promise<boolean> {
  if (a.length !== b.length || a.length > mostEntries) return false;
  const left = [...b];
  for (const entry of a) {
    let found = -1;
    for (let at = 0; at < left.length && found < 0; at += 1) if (await equal(entry, left[at]!, judge)) found = at;
    if (found < 0) return false;
    left.splice(found, 1);
  }
  return true;
}

async function equalLeaves(a: string, b: string, judge: JudgeExpressions): Promise<boolean> {
  const [left, right] = [withoutSpaces(a), withoutSpaces(b)];
  if (left === right) return left !== "";
  const numbers = [numbersIn(a), numbersIn(b)] as const;
  if (numbers[0] && numbers[1]) {
    return numbers[0].some((one) => numbers[1]?.some((other) => sameRational(one, other)));
  }
  const based = [baseOf(left), baseOf(right)] as const;
  if (based[0] || based[1]) return sameDigits(based[0] ?? [left, ""], based[1] ?? [right, ""]);
  if (isWords(a) || isWords(b)) return left.toLowerCase() === right.toLowerCase();
  return judge({ kind: "expressions", a, b });
}

function withoutSpaces(text: string): string {
  return text.replace(/\s+/g, "").replace(/([_^])\{(\w)\}/g, "$1$2");
}

/** A percentage stands for itself and for its hundredth: sources write 10 %, 0.1 and 10 for the same answer. */
function numbersIn(text: string): NonNullable<ReturnType<typeof readRational>>[] | undefined {
  const percent = /^(.*?)\s*\\?%$/.exec(text.trim());
  const value = readRational(percent ? (percent[1] ?? "") : text);
  if (!value) return undefined;
  return percent ? [value, { over: value.over, under: value.under * 100n }] : [value];
}

/** `52_8`: digits in a base. */
function baseOf(text: string): [digits: string, base: string] | undefined {
  const match = /^([\dA-Fa-f]+)_\{?(\d+)\}?$/.exec(text);
  return match ? [match[1] ?? "", match[2] ?? ""] : undefined;
}

/** The same digits in the same base; an answer may leave the base unsaid. */
function sameDigits(a: [string, string], b: [string, string]): boolean {
  return a[0] === b[0] && (a[1] === b[1] || a[1] === "" || b[1] === "");
}

/** Words, not a product of letters. */
function isWords(text: string): boolean {
  return /^[A-Za-z][A-Za-z'’-]{2,}(?:\s+[A-Za-z'’-]+)*$/.test(text.trim()) || /^[A-Z]$/.test(text.trim());
}
