import type { ExtractStep, Protocol } from "../../contracts/index.ts";
import type { LintFinding } from "./finding.ts";

/**
 * The deciding extractor needs words in the response that neither the instructions nor the question ask for: at best the
 * shots show them, and models that follow shots loosely, chat models above all, are then read as having no answer.
 */
export function untoldFormat(protocol: Protocol): LintFinding | undefined {
  if (protocol.method !== "generate") return undefined;
  const pipeline = protocol.extract.find(({ id }) => id === protocol.primary.filter) ?? protocol.extract[0];
  const readings: ExtractStep[][] = [pipeline?.steps ?? [], ...Object.values(pipeline?.cases ?? {})];
  const words = readings.map(neededWords).filter((list) => list.length > 0);
  const { system, description, question, answerPrefix } = protocol;
  const told = fold([system, description, question, answerPrefix].join("\n"));
  const untold = words.find((list) => !list.some((text) => told.includes(fold(text))));
  if (!pipeline || !untold) return undefined;
  const needed = untold.map((text) => JSON.stringify(text)).join(" or ");
  const shown = protocol.shots.count > 0 ? "only the shots show it" : "nothing in the prompt shows it";
  return { rule: "format-untold", what: `${pipeline.id} needs ${needed} in a response, and ${shown}` };
}

function fold(text: string): string {
  return text.toLowerCase().replaceAll(/\s+/g, " ");
}

/** Steps that read any response. */
const undemanding = ["strip", "lowercase", "uppercase", "take-first", "before", "remove", "compose"];

/** Words of the first step without which nothing is read; alternatives beside each other, none where a step needs no words. */
function neededWords(steps: readonly ExtractStep[]): string[] {
  const first = steps.find((step) => !undemanding.includes(step.use));
  if (first?.use === "after") return first.optional ? [] : [first.marker];
  if (first?.use === "regex") {
    const literals = [first.pattern].flat().map(literalsOf);
    return literals.every((list) => list.length > 0) ? literals.flat() : [];
  }
  return first?.use === "boxed" ? ["boxed"] : [];
}

/** A phrase or a sign; a single word may be the answer itself. */
const isFormat = /#{2}|\p{L}[:\\]|\p{L} \p{L}/u;

/** Runs of plain text in a pattern, one an alternative; empty where some alternative has none. */
function literalsOf(pattern: string): string[] {
  const gap = "\u0000";
  const text = pattern
    .replace(/\(\?(?:<[=!]|[=!:]|P?<\w+>|[aimsux]+\))/g, (opening) => (opening.endsWith(")") ? gap : `${gap}(`))
    .replace(/\\([^A-Za-z0-9])/g, (_, sign: string) => (/[()[\]{}|.?*+^$]/.test(sign) ? gap : sign))
    .replace(/\\[A-Za-z0-9]/g, gap)
    .replace(/\[([a-z])([a-z])\]/gi, (whole, a: string, b: string) => (a.toLowerCase() === b.toLowerCase() ? a : whole))
    .replace(/\[(?:\\.|[^\]])*\]/g, gap)
    .replace(/.[?*]|\{\d*,?\d*\}/g, gap);
  const alternatives = splitAlternatives(text).map(
    (part) =>
      part
        .split(/[\u0000()^$.+]+/)
        .map((run) => run.trim())
        .filter((run) => isFormat.test(run))
        .toSorted((a, b) => b.length - a.length)[0],
  );
  return alternatives.every((run) => run !== undefined) ? alternatives.filter((run) => run !== undefined) : [];
}

/** Alternatives of a pattern; where they stand in one group at its end or beginning, the group's. */
function splitAlternatives(text: string): string[] {
  const parts = text.split("|");
  const outside = parts.length > 1 && /^[^()|]*\(/.test(text) ? (/^([^()|]*)\(/.exec(text)?.[1] ?? "") : "";
  return isFormat.test(outside) ? [outside] : parts;
}
