import { sha256 } from "@assay/harness/record";

/**
 * Shapes of credentials that providers hand out. Long and prefixed, so that prose and code rarely look like one. In groups,
 * because a search for a few beginnings is many times faster than one for all: every sample is searched.
 */
const shapes = [
  [
    "sk-(?:ant-|proj-|or-)?[A-Za-z0-9_-]{24,}",
    "hf_[A-Za-z0-9]{30,}",
    "gh[pousr]_[A-Za-z0-9]{36,}",
    "(?:AKIA|ASIA)[0-9A-Z]{16}",
    "AIza[0-9A-Za-z_-]{35}",
    "xox[abeprs]-[0-9A-Za-z-]{20,}",
    "-----BEGIN (?:[A-Z]+ )?PRIVATE KEY(?: BLOCK)?-----",
  ],
  ["github_pat_[A-Za-z0-9_]{50,}", "glpat-[A-Za-z0-9_-]{20,}", "gsk_[A-Za-z0-9]{40,}"],
  [
    "xai-[A-Za-z0-9]{60,}",
    "nvapi-[A-Za-z0-9_-]{50,}",
    "npm_[A-Za-z0-9]{36,}",
    "pplx-[A-Za-z0-9]{40,}",
    "r8_[A-Za-z0-9]{37,}",
  ],
].map((group) => new RegExp(group.join("|"), "g"));
/** What stands before a word. Records are JSON: before the first word of a line that is the escape of the line end. */
const border = /(?:^|[^A-Za-z0-9]|\\[nrtbf]|\\u[0-9a-fA-F]{4})$/;

/** First 12 hex digits of the SHA-256 of everything in a text that looks like a credential: enough to name it, never to use it. */
export function secretsIn(text: string): string[] {
  const found = shapes.flatMap((shape) => (text.match(shape) === null ? [] : [...text.matchAll(shape)]));
  const whole = found.filter(({ index }) => border.test(text.slice(Math.max(0, index - 6), index)));
  return [...new Set(whole.map(([secret]) => sha256(secret).slice(0, 12)))];
}
