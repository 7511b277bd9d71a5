import { betaCdf } from "./distributions.ts";
import { logBinomial } from "./log-factorial.ts";
import { type TwoByTwo, tableSize } from "./two-by-two.ts";

/** What the rows on which two models disagree say about which is better. */
export interface McNemar {
  /** Exact two-sided p-value: what we report. */
  exact: number;
  /** Two-sided mid-p: less conservative, not guaranteed. */
  midP: number;
  /** (b − c)²/(b + c), to compare with papers; `null` without disagreement. */
  chiSquare: number | null;
  /** Share of rows on which they disagree; `null` without rows. */
  discordance: number | null;
  /** P(first is better) under a uniform Dirichlet prior on the table. Not a p-value. */
  probabilityFirstBetter: number;
}

/**
 * McNemar's test of a two-by-two table.
 *
 * @see McNemar 1947; Fagerland, Lydersen & Laake 2013 for mid-p.
 */
export function mcnemar(table: TwoByTwo): McNemar {
  const { onlyFirst, onlySecond } = table;
  const discordant = onlyFirst + onlySecond;
  const n = tableSize(table);
  const fewer = Math.min(onlyFirst, onlySecond);
  const exact = signTestP(fewer, discordant);
  const middle = Math.exp(logBinomial(discordant, fewer) - discordant * Math.LN2);
  // With b = c the doubled tail overshoots 1 by exactly that middle term, so mid-p is 1.
  const midP = onlyFirst === onlySecond ? 1 : exact - middle;
  return {
    exact,
    midP,
    chiSquare: discordant === 0 ? null : (onlyFirst - onlySecond) ** 2 / discordant,
    discordance: n === 0 ? null : discordant / n,
    probabilityFirstBetter: 1 - betaCdf(0.5, onlyFirst + 1, onlySecond + 1),
  };
}

/**
 * min(1, 2 · P(X ≤ fewer)) for X ~ Binomial(n, ½): the exact two-sided sign test. Keeps its relative precision in far tails.
 *
 * @param fewer the smaller of the two counts
 */
export function signTestP(fewer: number, n: number): number {
  if (2 * fewer >= n) return 1;
  let term = 1;
  let tail = 1;
  // Downwards from the largest term, each smaller than the last, until the rest can't show.
  for (let k = fewer; k > 0 && term > tail * 1e-17; k--) {
    term *= k / (n - k + 1);
    tail += term;
  }
  return Math.min(1, 2 * tail * Math.exp(logBinomial(n, fewer) - n * Math.LN2));
}
