import { cleanLatex } from "./clean-latex.ts";

/** An answer by its outermost shape. Leaves are cleaned LaTeX. */
export type Answer =
  | { kind: "leaf"; text: string }
  | { kind: "equation"; left: string; right: string }
  | { kind: "bag"; entries: Answer[] }
  | { kind: "row"; open: string; close: string; entries: Answer[] }
  | { kind: "matrix"; rows: Answer[][] };

/** Reads LaTeX (or plain text) as lists, sets, tuples, intervals, unions, matrices, `±`, equations and leaves. */
export function readAnswer(source: string): Answer {
  return read(cleanLatex(source));
}

function read(text: string): Answer {
  const inner = text.trim();
  const member = /^[a-zA-Z]\s*\\in\s+([\s\S]+)$/.exec(inner) ?? /^[a-zA-Z]\s*\\in(?=[[({\\])([\s\S]+)$/.exec(inner);
  if (member) return read(member[1] ?? "");
  const matrix = /^\\begin\{[pbvBV]?matrix\}([\s\S]*)\\end\{[pbvBV]?matrix\}$/.exec(inner);
  if (matrix) return { kind: "matrix", rows: matrixRows(matrix[1] ?? "") };
  const union = splitTop(inner, /^\\cup(?![a-zA-Z])/);
  if (union.length > 1) return { kind: "bag", entries: union.map(read) };
  const listed = isThousands(inner) ? [inner] : splitTop(inner, /^[,;]/);
  if (listed.length > 1) return bagOf(listed.map(read));
  const set = enclosed(inner, "\\{", "\\}");
  if (set !== undefined) return bagOf(splitTop(set, /^[,;]/).map(read));
  const row = rowOf(inner);
  if (row) return row;
  const equation = splitTop(inner, /^=/);
  if (equation.length === 2) return equationOf(equation as [string, string]);
  return plusMinus(inner) ?? { kind: "leaf", text: inner };
}

/** `x = …` and `f(x) = …` name the answer; any other equation is one. */
function equationOf([left, right]: [string, string]): Answer {
  const isName = /^\s*(?:[a-zA-Z]|[a-zA-Z]_\{?\w\}?|[a-zA-Z]\s*\(\s*[a-zA-Z]\s*\)|\\[a-z]+)\s*$/.test(left);
  if (isName && readsAsValue(right)) return read(right);
  return { kind: "equation", left: left.trim(), right: right.trim() };
}

/** No letters but those of commands and constants: then `x = 5` is about the 5, while `y = 2x` is about the line. */
function readsAsValue(text: string): boolean {
  return !/(?<![\\a-zA-Z])(?![eiπ](?![a-zA-Z]))[a-zA-Z]/.test(text.replace(/\\[a-zA-Z]+/g, " "));
}

/** `(a, b)`, `[a, b)` and their kin: brackets and order count. One entry in brackets is no row. */
function rowOf(text: string): Answer | undefined {
  const [open, close] = [text[0] ?? "", text.at(-1) ?? ""];
  if (!"([".includes(open) || !")]".includes(close) || !spansWhole(text)) return undefined;
  const parts = splitTop(text.slice(1, -1), /^,/);
  if (parts.length > 1) return { kind: "row", open, close, entries: parts.map(read) };
  return /^\(\s*[A-Za-z]\s*\)$/.test(text) ? { kind: "leaf", text: text.slice(1, -1).trim() } : undefined;
}

/** Lists inside lists and `±` in a list are one list. */
function bagOf(entries: Answer[]): Answer {
  return { kind: "bag", entries: entries.flatMap((entry) => (entry.kind === "bag" ? entry.entries : [entry])) };
}

function plusMinus(text: string): Answer | undefined {
  if (!/\\pm(?![a-zA-Z])|±/.test(text)) return undefined;
  const entries = ["+", "-"].map((sign) => read(text.replace(/\\pm(?![a-zA-Z])|±/g, sign).replace(/^\+\s*/, "")));
  return { kind: "bag", entries };
}

function matrixRows(body: string): Answer[][] {
  const rows = body.split(/\\\\(?:\[[^\]]*\])?/).filter((row) => row.trim() !== "");
  return rows.map((row) => row.split("&").map((cell) => read(cell)));
}

function isThousands(text: string): boolean {
  return /^-?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(text);
}

function enclosed(text: string, open: string, close: string): string | undefined {
  return text.startsWith(open) && text.endsWith(close) ? text.slice(open.length, -close.length) : undefined;
}

/** Whether the bracket that opens the text is closed by its last character. */
function spansWhole(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    depth += depthChange(text, at);
    if (depth === 0) return at === text.length - 1;
  }
  return false;
}

function depthChange(text: string, at: number): number {
  const character = text[at] ?? "";
  if ("([{".includes(character)) return 1;
  return ")]}".includes(character) ? -1 : 0;
}

/** Splits at separators that stand outside all brackets. */
function splitTop(text: string, separator: RegExp): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const match = depth === 0 && /[,;=\\]/.test(text[at] ?? "") ? separator.exec(text.slice(at, at + 8)) : null;
    if (match) {
      parts.push(text.slice(start, at));
      start = at + match[0].length;
      at = start - 1;
    } else depth += depthChange(text, at);
  }
  return [...parts, text.slice(start)].map((part) => part.trim());
}
