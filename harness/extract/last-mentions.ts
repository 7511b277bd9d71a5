import { findAll } from "./find-all.ts";
import { pythonRegex } from "./python-regex.ts";

/**
 * The words of a list that a text mentions, each once, in the order of their last mention.
 *
 * @see https://github.com/EleutherAI/lm-evaluation-harness/blob/v0.4.13/lm_eval/tasks/bbh/zeroshot/utils.py (`WordSortFilter`)
 */
export function lastMentions(text: string, words: readonly string[]): string {
  if (words.length === 0) return "";
  const escaped = words.map((word) => `\\b${word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}\\b`);
  const order = new Set<string>();
  for (const mention of findAll(pythonRegex(escaped.join("|")), text) ?? []) {
    order.delete(mention.text);
    order.add(mention.text);
  }
  return [...order].join(" ");
}
