import type { LintRule } from "../../contracts/index.ts";

/** Something about a protocol that will cost or distort scores. */
export interface LintFinding {
  rule: LintRule;
  /** What was found, with numbers where there are data. */
  what: string;
}
