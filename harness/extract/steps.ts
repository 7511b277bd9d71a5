import type { ExtractStep, JsonObject } from "../contracts/index.ts";
import { answerLetter } from "./answer-letter.ts";
import { lastBoxed } from "./boxed.ts";
import { choiceMatcher } from "./choice.ts";
import { type Found, findAll } from "./find-all.ts";
import { functionBody } from "./function-body.ts";
import { lastMentions } from "./last-mentions.ts";
import { numericWords } from "./numeric-word.ts";
import { pythonProgram } from "./python-program.ts";
import { pythonRegex } from "./python-regex.ts";
import { numberWordsPattern, wordedNumber } from "./worded-number.ts";

/** A candidate for the answer; `start` is its UTF-16 offset in the response, or null where it is no piece of it. */
export interface Candidate {
  text: string;
  start: number | null;
  /** The step that found it. */
  by: string;
  /** Where in the response the piece lies that a text was composed around. */
  taken?: [number, number];
}

/** What steps may look at besides the response. */
export interface StepContext {
  choices: readonly string[] | null;
  document: JsonObject;
  /** Renders a template over the document. */
  render(template: string, variables: JsonObject): string;
}

/** A compiled step: `null` stands for "nothing found". */
export type Step = (candidates: (Candidate | null)[], context: StepContext) => (Candidate | null)[];

type TextStep = (candidate: Candidate, context: StepContext) => Candidate | null;

const each =
  (step: TextStep): Step =>
  (candidates, context) =>
    candidates.map((candidate) => candidate && step(candidate, context));

/** Picks by `first`, `last` or position. */
function pick<T>(list: readonly T[] | undefined, take: "first" | "last" | number): T | undefined {
  if (take === "first") return list?.[0];
  return list?.at(take === "last" ? -1 : take);
}

function piece(of: Candidate, found: Found, by: string): Candidate {
  const lead = found.text.length - found.text.trimStart().length;
  return { text: found.text.trim(), start: of.start === null ? null : of.start + found.start + lead, by };
}

function sum(start: number | null, further: number | null): number | null {
  return start === null || further === null ? null : start + further;
}

function fallbackOf(step: { fallback?: string | undefined }): Candidate | null {
  return step.fallback === undefined ? null : { text: step.fallback, start: null, by: "fallback" };
}

/** Letters in round brackets, before a bracket, colon or full stop, or alone: the form in which options are named. */
const loneLetter = pythonRegex("(?<![A-Za-z0-9])\\(?([A-Z])\\)?(?![A-Za-z0-9'’])");
const numberPattern = pythonRegex("-?\\$?[0-9](?:[0-9,]*[0-9])?(?:\\.[0-9]+)?");

const compilers: { [Use in ExtractStep["use"]]: (step: Extract<ExtractStep, { use: Use }>) => Step } = {
  regex: (step) => {
    const patterns = [step.pattern].flat().map((source) => ({ source, pattern: pythonRegex(source, step.flags) }));
    return each((candidate) => {
      for (const { source, pattern } of patterns) {
        const found = pick(findAll(pattern, candidate.text), step.take);
        if (found) return piece(candidate, found, `regex ${source}`);
      }
      return fallbackOf(step);
    });
  },
  "number-words": (step) => {
    const pattern = pythonRegex(step.pattern);
    const words = pythonRegex(step.words ?? numberWordsPattern);
    return each((candidate) => {
      const found = pick(findAll(pattern, candidate.text), step.take);
      if (found?.text) return piece(candidate, found, `number ${step.pattern}`);
      const worded = pick(findAll(words, candidate.text.toLowerCase()), step.take);
      const value = worded && wordedNumber(worded.text);
      return value === undefined ? null : { text: String(value), start: null, by: "number in words" };
    });
  },
  "last-mentions": (step) =>
    each((candidate, context) => ({
      text: lastMentions(candidate.text, context.render(step.words, context.document).split(/\s+/).filter(Boolean)),
      start: null,
      by: "last mentions",
    })),
  remove: (step) =>
    each((candidate) => {
      const text = step.texts.reduce((left, unwanted) => left.replaceAll(unwanted, ""), candidate.text);
      return text === candidate.text ? candidate : { ...candidate, text, start: null };
    }),
  choice: (step) => {
    const match = choiceMatcher(step);
    return each((candidate, context) => {
      const found = match(candidate.text, context.choices ?? []);
      return found
        ? {
            ...piece(candidate, { text: found.text, start: found.start ?? 0 }, `choice ${step.pattern}`),
            ...(found.start === null ? { start: null } : {}),
          }
        : fallbackOf(step);
    });
  },
  letter: (step) =>
    each((candidate, { choices }) => {
      const count = choices?.length ?? 26;
      const letters = findAll(loneLetter, candidate.text)?.filter(({ text }) => text.charCodeAt(0) - 65 < count);
      const found = pick(letters, step.take);
      return found ? piece(candidate, found, "letter") : null;
    }),
  "answer-letter": () =>
    each(({ text, start }, { choices }) => {
      const found = answerLetter(text, choices?.length ?? 26);
      if (!found) return null;
      return { text: found.text, start: sum(start, found.start), by: "answer letter" };
    }),
  "numeric-word": (step) =>
    each(({ text, start }) => {
      const found = pick(numericWords(text), step.take);
      if (!found) return null;
      const taken = start === null ? {} : { taken: [start + found.span[0], start + found.span[1]] as [number, number] };
      return { text: found.text, start: null, by: "numeric word", ...taken };
    }),
  number: (step) =>
    each((candidate) => {
      const found = pick(findAll(numberPattern, candidate.text), step.take);
      return found ? { ...piece(candidate, found, "number"), text: found.text.replace(/[$,]/g, "") } : null;
    }),
  boxed: (step) =>
    each((candidate) => {
      const found = pick(lastBoxed(candidate.text), step.take);
      return found ? piece(candidate, found, "boxed") : null;
    }),
  after: (step) => each((candidate) => afterMarker(candidate, step)),
  before: (step) =>
    each((candidate) => {
      const ends = step.markers.map((marker) => candidate.text.indexOf(marker)).filter((at) => at >= 0);
      return { ...candidate, text: candidate.text.slice(0, Math.min(candidate.text.length, ...ends)) };
    }),
  line: (step) =>
    each((candidate) => {
      const lines = findAll(pythonRegex("[^\\n]*\\S[^\\n]*"), candidate.text);
      const found = pick(lines, step.take);
      return found ? piece(candidate, found, "line") : null;
    }),
  fence: (step) => each((candidate) => fenced(candidate, step)),
  definition: (step) =>
    each((candidate, context) => definition(candidate, context.render(step.entryPoint, context.document))),
  "function-body": () =>
    each((candidate) => {
      const text = functionBody(candidate.text);
      const at = candidate.text.indexOf(text);
      if (text === "") return null;
      return { text, start: candidate.start === null || at < 0 ? null : candidate.start + at, by: "function body" };
    }),
  compose: (step) =>
    each((candidate, context) => ({
      ...candidate,
      ...(candidate.start === null ? {} : { taken: [candidate.start, candidate.start + candidate.text.length] }),
      start: null,
      text: context.render(step.template, { ...context.document, answer: candidate.text }),
    })),
  strip: () => each((candidate) => piece(candidate, { text: candidate.text, start: 0 }, candidate.by)),
  lowercase: () => each((candidate) => ({ ...candidate, text: candidate.text.toLowerCase() })),
  uppercase: () => each((candidate) => ({ ...candidate, text: candidate.text.toUpperCase() })),
  map: (step) =>
    each((candidate) => {
      const mapped = step.mapping[candidate.text];
      return mapped === undefined ? fallbackOf(step) : { ...candidate, text: mapped };
    }),
  "take-first": () => (candidates) => candidates.slice(0, 1),
  "take-first-k": (step) => (candidates) => candidates.slice(0, step.k),
  majority: () => (candidates) => [mostFrequent(candidates)],
};

/** Compiles a step. @throws InputError where its pattern is no regular expression */
export function compileStep(step: ExtractStep): Step {
  return (compilers[step.use] as (step: ExtractStep) => Step)(step);
}

function afterMarker(candidate: Candidate, step: Extract<ExtractStep, { use: "after" }>): Candidate | null {
  const fold = (text: string) => (step.ignoreCase ? text.toLowerCase() : text);
  const [text, marker] = [fold(candidate.text), fold(step.marker)];
  const at = step.take === "last" || step.take === -1 ? text.lastIndexOf(marker) : text.indexOf(marker);
  if (at < 0) return step.optional ? candidate : null;
  const from = at + marker.length;
  return {
    text: candidate.text.slice(from),
    start: candidate.start === null ? null : candidate.start + from,
    by: `after ${JSON.stringify(step.marker)}`,
  };
}

function fenced(candidate: Candidate, step: Extract<ExtractStep, { use: "fence" }>): Candidate | null {
  const blocks: Found[] = [];
  const opening = /```([^\n`]*)\n/g;
  for (let match = opening.exec(candidate.text); match; match = opening.exec(candidate.text)) {
    const start = opening.lastIndex;
    const end = candidate.text.indexOf("```", start);
    const language = (match[1] ?? "").trim().toLowerCase();
    if (step.languages.length === 0 || language === "" || step.languages.includes(language))
      blocks.push({ text: candidate.text.slice(start, end < 0 ? undefined : end), start });
    if (end < 0) break;
    opening.lastIndex = end + 3;
  }
  const found = pick(blocks, step.take);
  if (!found) return step.optional ? candidate : null;
  return { text: found.text, start: candidate.start === null ? null : candidate.start + found.start, by: "fence" };
}

function definition(candidate: Candidate, names: string): Candidate | null {
  const [entryPoint = "", ...alsoNeeded] = names.trim().split(/\s+/);
  const found = pythonProgram(candidate.text, entryPoint, alsoNeeded);
  if (!found) return null;
  const { start } = candidate;
  return {
    text: found.text,
    start: null,
    by: `definition of ${entryPoint}`,
    ...(start === null ? {} : { taken: [start + found.span[0], start + found.span[1]] }),
  };
}

function mostFrequent(candidates: readonly (Candidate | null)[]): Candidate | null {
  const counts = new Map<string, { candidate: Candidate | null; count: number }>();
  for (const candidate of candidates) {
    const key = candidate === null ? "\u0000none" : candidate.text;
    const entry = counts.get(key) ?? { candidate, count: 0 };
    entry.count += 1;
    counts.set(key, entry);
  }
  let best: { candidate: Candidate | null; count: number } | undefined;
  for (const entry of counts.values()) if (!best || entry.count > best.count) best = entry;
  return best?.candidate ? { ...best.candidate, by: `majority ${best.count} of ${candidates.length}` } : null;
}
