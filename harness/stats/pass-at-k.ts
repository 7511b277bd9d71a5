import { InputError } from "../contracts/index.ts";
import { logBinomial } from "./log-factorial.ts";

/** One item's samples: how many there are, and how many of them are right. */
export interface SampleCounts {
  n: number;
  correct: number;
}

/**
 * The chance that at least one of k samples is right, without bias: 1 − C(n − c, k)/C(n, k), as a product that neither
 * overflows nor cancels. Average it over items.
 *
 * @throws InputError `PASS_AT_K_TOO_FEW_SAMPLES` when there are fewer than k samples
 * @see Chen et al., arXiv 2107.03374, section 2.1.
 */
export function passAtK(counts: SampleCounts, k: number): number {
  assertSamples(counts, k);
  const { n, correct } = counts;
  if (n - correct < k) return 1;
  let none = 1;
  for (let sample = n - correct + 1; sample <= n; sample++) none *= 1 - k / sample;
  return 1 - none;
}

/**
 * pass^k, the chance that all of k samples are right: C(c, k)/C(n, k).
 *
 * @throws InputError `PASS_AT_K_TOO_FEW_SAMPLES` when there are fewer than k samples
 * @see Yao et al. (τ-bench), arXiv 2406.12045.
 */
export function passHatK(counts: SampleCounts, k: number): number {
  assertSamples(counts, k);
  let all = 1;
  for (let drawn = 0; drawn < k; drawn++) all *= Math.max(0, counts.correct - drawn) / (counts.n - drawn);
  return all;
}

/**
 * G-Pass@k: the chance that at least the share `threshold` of k samples (and at least one) is right.
 *
 * @throws InputError `PASS_AT_K_TOO_FEW_SAMPLES` when there are fewer than k samples
 * @see Liu et al., arXiv 2412.13147.
 */
export function gPassAtK(counts: SampleCounts, k: number, threshold: number): number {
  assertSamples(counts, k);
  // 0.3 · 10 is 3.0000000000000004 in binary, which must not ask for four.
  const needed = Math.max(1, Math.ceil(threshold * k - 1e-9));
  const { n, correct } = counts;
  const all = logBinomial(n, k);
  let chance = 0;
  for (let right = needed; right <= Math.min(k, correct); right++) {
    chance += Math.exp(logBinomial(correct, right) + logBinomial(n - correct, k - right) - all);
  }
  return Math.min(1, chance);
}

/** mG-Pass@k: G-Pass@k averaged over thresholds above one half, (2/k) · Σ over i from ⌈k/2⌉ + 1 to k of G-Pass@k at i/k. */
export function meanGPassAtK(counts: SampleCounts, k: number): number {
  assertSamples(counts, k);
  let total = 0;
  for (let right = Math.ceil(k / 2) + 1; right <= k; right++) total += gPassAtK(counts, k, right / k);
  return (2 * total) / k;
}

/** Throws unless the counts are possible and hold k samples. */
export function assertSamples({ n, correct }: SampleCounts, k: number): void {
  if (!Number.isInteger(k) || k < 1) throw new RangeError(`k is a whole number from 1, not ${k}.`);
  if (!Number.isInteger(n) || !Number.isInteger(correct) || correct < 0 || correct > n) {
    throw new RangeError(`Right samples are a whole number from 0 to all of them, not ${correct} of ${n}.`);
  }
  if (n < k) {
    throw new InputError({
      code: "PASS_AT_K_TOO_FEW_SAMPLES",
      what: `k = ${k} needs at least ${k} samples of every item, but an item has ${n}.`,
      why: "With fewer samples than k the estimate would be biased.",
      fix: `Run with --epochs ${k} or more, or ask for a smaller k.`,
      details: { n, k },
    });
  }
}
