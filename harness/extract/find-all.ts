import { createContext, Script } from "node:vm";

/** One match with what Python's `findall` would give for it. */
export interface Found {
  /** The first group that is not empty, or the whole match of a pattern without groups. */
  text: string;
  /** UTF-16 offsets of `text`. */
  start: number;
}

/** Text above this length, and patterns that can backtrack exponentially, are matched under a time limit. */
const longText = 50_000;
const nestedQuantifier = /[+*}]\)?[+*{]|\([^()]*[+*][^()]*\)[+*{]/;
const limitMs = 2000;

const guarded = new Script("work()");
const sandbox: { work: (() => unknown) | null } = { work: null };
const context = createContext(sandbox);

/** Every match in order. @returns `undefined` when the expression took longer than two seconds: nothing can be said. */
export function findAll(pattern: RegExp, text: string): Found[] | undefined {
  if (text.length <= longText && !nestedQuantifier.test(pattern.source)) return matchAll(pattern, text);
  return withinTime(() => matchAll(pattern, text));
}

/** What pure `work` gives, or `undefined` when it takes longer than two seconds: it is ended then. */
export function withinTime<Result>(work: () => Result): Result | undefined {
  const outer = sandbox.work;
  sandbox.work = work;
  try {
    return guarded.runInContext(context, { timeout: limitMs }) as Result;
  } catch (error) {
    if ((error as { code?: string }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return undefined;
    throw error;
  } finally {
    sandbox.work = outer;
  }
}

function matchAll(pattern: RegExp, text: string): Found[] {
  const found: Found[] = [];
  for (const match of text.matchAll(pattern)) {
    const groups = match.length - 1;
    const chosen = groups === 0 ? 0 : Math.max(1, firstFilled(match));
    const start = match.indices?.[chosen]?.[0] ?? match.index;
    found.push({ text: match[chosen] ?? "", start });
  }
  return found;
}

function firstFilled(match: RegExpMatchArray): number {
  for (let group = 1; group < match.length; group += 1) if (match[group]) return group;
  return 0;
}
