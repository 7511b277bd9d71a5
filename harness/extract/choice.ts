import type { ExtractStep } from "../contracts/index.ts";
import { findAll } from "./find-all.ts";
import { pythonRegex } from "./python-regex.ts";

type ChoiceStep = Extract<ExtractStep, { use: "choice" }>;

/** The option that a response names: its letter in brackets, and where the name stands. */
export interface NamedOption {
  text: string;
  start: number | null;
}

/**
 * lm-evaluation-harness' `multi_choice_regex`: the pattern; else an option's own text; else a letter after a colon.
 *
 * @see https://github.com/EleutherAI/lm-evaluation-harness/blob/4e7e0d47/lm_eval/filters/extraction.py
 */
export function choiceMatcher(step: ChoiceStep): (text: string, choices: readonly string[]) => NamedOption | undefined {
  const pattern = pythonRegex(step.pattern);
  const clean = cleaner(step);
  return (text, choices) => {
    const direct = at(findAll(pattern, text), step.take);
    if (direct?.text) return direct;
    const letters = new Map(
      choices.map((choice, index) => [clean(choice.trim()), `(${String.fromCharCode(65 + index)})`]),
    );
    const named = at(findAll(alternation([...letters.keys()]), clean(text)), step.take);
    if (named?.text.trim()) return { text: letters.get(named.text.trim()) ?? named.text, start: null };
    const bare = choices.map((_, index) => String.fromCharCode(65 + index));
    const behindColon = at(findAll(pythonRegex(`:[\\s]*(${bare.join("|")})`), text), step.take);
    return behindColon?.text ? { text: `(${behindColon.text})`, start: null } : undefined;
  };
}

function at<T>(list: readonly T[] | undefined, take: ChoiceStep["take"]): T | undefined {
  return list?.at(take === "first" ? 0 : take === "last" ? -1 : take);
}

/** Longest first, so that an option which begins another one can't shadow it. */
function alternation(options: readonly string[]): RegExp {
  const longestFirst = [...options].sort((a, b) => [...b].length - [...a].length);
  const escaped = longestFirst.map((option) => option.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  return new RegExp(`(${escaped.join("|")})`, "dgu");
}

function cleaner(step: ChoiceStep): (text: string) => string {
  const ignored = step.ignore.map((pattern) => pythonRegex(pattern));
  return (text) => {
    let result = text;
    for (const pattern of ignored) result = result.replace(pattern, "");
    if (step.ignoreCase) result = result.toLowerCase();
    if (step.ignorePunctuation) result = result.replace(/\p{P}/gu, "");
    return result;
  };
}
