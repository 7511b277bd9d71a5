/** Rules of the protocol lint, in the order in which they are reported. */
export const lintRules = {
  "stop-in-answers": "a stop string occurs in right answers or in the answers of shots",
  "limit-below-answers": "the token limit is below the 95th percentile of the length of right answers",
  "shots-overlap": "shots come from the split that is evaluated, or are among its items",
  "format-untold": "the deciding extractor looks for words that the prompt doesn't ask for",
  "average-unset": "the task has categories and the protocol doesn't say over what it averages",
  "greedy-repeats": "several samples an item at temperature 0",
  "sampled-once": "one sample an item at a temperature above 0, on fewer than 200 items",
  "specimen-misread": "the protocol's own specimen of a right response isn't scored as right",
} as const;

export type LintRule = keyof typeof lintRules;

export const lintRuleNames = Object.keys(lintRules) as LintRule[];
