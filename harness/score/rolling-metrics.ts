import type { Likelihood, ScoringFields } from "../contracts/index.ts";

/**
 * How many units a text has, as lm-evaluation-harness counts them: pieces between runs of white space (a text that begins or
 * ends with some has an empty piece there), or UTF-8 bytes.
 *
 * @see https://github.com/EleutherAI/lm-evaluation-harness/blob/v0.4.13/lm_eval/api/task.py (`count_words`, `count_bytes`)
 */
export const unitCounts = {
  words: (text: string): number => text.split(/[\s\x1c-\x1f\x85]+/).length,
  bytes: (text: string): number => Buffer.byteLength(text),
} as const;

/** Log-likelihood of a whole text per word or byte of it. */
export function perUnit(
  unit: keyof typeof unitCounts,
  likelihood: Likelihood | null,
  fields: ScoringFields,
): number | null {
  const count = unitCounts[unit](fields.answer);
  return likelihood === null || count === 0 ? null : likelihood.logprob / count;
}
