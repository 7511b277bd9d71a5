import type { Likelihood, ScoringFields } from "../contracts/index.ts";

/** Log-likelihoods of the choices and what they are of. */
export interface ChoiceScores {
  likelihoods: readonly Likelihood[];
  /** The same continuations without their context (PMI). */
  unconditional: readonly Likelihood[] | null;
  fields: ScoringFields;
}

/** Position of the largest value; the first of equals, as numpy's `argmax`. */
function argmax(values: readonly number[]): number {
  let best = 0;
  for (let index = 1; index < values.length; index += 1) if ((values[index] ?? 0) > (values[best] ?? 0)) best = index;
  return best;
}

/** Indices of the right choices: an index, a text among the choices, or several of either. */
export function goldIndices({ target, choices }: ScoringFields): number[] {
  const entries = Array.isArray(target) ? target : [target];
  return entries.map((entry) => (typeof entry === "number" ? entry : (choices ?? []).indexOf(entry as string)));
}

/** 1 where the likeliest choice, each log-likelihood divided by its size, is a right one. */
function accuracyBy(size: (choice: string, likelihood: Likelihood) => number) {
  return ({ likelihoods, fields }: ChoiceScores): number => {
    const values = likelihoods.map(
      (likelihood, index) => likelihood.logprob / size(fields.choices?.[index] ?? "", likelihood),
    );
    return goldIndices(fields).includes(argmax(values)) ? 1 : 0;
  };
}

/**
 * Accuracies of lm-evaluation-harness: `acc_norm` divides by code points of the choice without its delimiter, `acc_bytes`
 * by UTF-8 bytes, `acc_tokens` by the model's own tokens.
 *
 * @see https://github.com/EleutherAI/lm-evaluation-harness/blob/4e7e0d47/lm_eval/api/task.py (`process_results`)
 */
export const acc = accuracyBy(() => 1);
export const accNorm = accuracyBy((choice) => [...choice].length);
export const accBytes = accuracyBy((choice) => Buffer.byteLength(choice));
export const accTokens = accuracyBy((_choice, { tokens }) => tokens ?? 1);

/** Accuracy of the gain over the choice's own likelihood (pointwise mutual information). */
export function accMutualInfo({ likelihoods, unconditional, fields }: ChoiceScores): number | null {
  if (!unconditional) return null;
  const gains = likelihoods.map((likelihood, index) => likelihood.logprob - (unconditional[index]?.logprob ?? 0));
  return goldIndices(fields).includes(argmax(gains)) ? 1 : 0;
}

/** Probabilities of the choices among themselves. */
function softmax(likelihoods: readonly Likelihood[]): number[] {
  const most = Math.max(...likelihoods.map(({ logprob }) => logprob));
  const weights = likelihoods.map(({ logprob }) => Math.exp(logprob - most));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** Brier score over the choices: Σ (p − [right])², between 0 and 2. */
export function brier({ likelihoods, fields }: ChoiceScores): number {
  const gold = new Set(goldIndices(fields));
  return softmax(likelihoods).reduce((sum, p, index) => sum + (p - (gold.has(index) ? 1 : 0)) ** 2, 0);
}

/** Probability mass on the right choices (TruthfulQA's mc2). */
export function mc2({ likelihoods, fields }: ChoiceScores): number {
  const probabilities = softmax(likelihoods);
  return goldIndices(fields).reduce((sum, index) => sum + (probabilities[index] ?? 0), 0);
}

/** 1 where a model that always takes its likeliest token would have written the right continuation. */
export function greedyMatch({ likelihoods, fields }: ChoiceScores): number | null {
  const at = likelihoods.length === 1 ? [0] : goldIndices(fields);
  const flags = at.map((index) => likelihoods[index]?.greedy ?? null);
  if (flags.includes(null)) return null;
  return flags.some(Boolean) ? 1 : 0;
}
