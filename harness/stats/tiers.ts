import { type PairwiseTests, pairIndex } from "./pairwise-tests.ts";

/**
 * Groups models that can't be told from the best of their group: going down by mean, a model that the leader of the
 * current tier beats opens the next tier and leads it. Models without rows come last, each with the last tier's number.
 *
 * @param cut the largest p-value that counts as "beats"
 */
export function tiersOf(tests: PairwiseTests, cut: number): Uint32Array {
  const { count, means, differences, pValues } = tests;
  const beats = (leader: number, model: number) => {
    const [i, j] = leader < model ? [leader, model] : [model, leader];
    const pair = pairIndex(i, j, count);
    const lead = leader < model ? differences[pair]! : -differences[pair]!;
    return lead > 0 && pValues[pair]! <= cut;
  };
  const key = (model: number) => (Number.isNaN(means[model]) ? Number.NEGATIVE_INFINITY : means[model]!);
  const order = Array.from({ length: count }, (_, model) => model).sort((a, b) => key(b) - key(a) || a - b);
  const tiers = new Uint32Array(count);
  let tier = 1;
  let leader = order[0] ?? 0;
  for (const model of order) {
    if (model !== leader && beats(leader, model)) {
      tier++;
      leader = model;
    }
    tiers[model] = tier;
  }
  return tiers;
}
