export { benjaminiHochberg, holm } from "./adjust-p.ts";
export { betaInterval, clopperPearson, jeffreys, wilson } from "./binomial-intervals.ts";
export { type BootstrapMeanOptions, type BootstrapOptions, bootstrapMean, bootstrapReplicates } from "./bootstrap.ts";
export { bcaInterval, jackknifeStandardError, percentileInterval, quantile } from "./bootstrap-interval.ts";
export { type Calibration, type CalibrationBin, type CalibrationOptions, calibration } from "./calibration.ts";
export { type ClusterCorrection, clusteredStandardError, designEffect } from "./clustered-error.ts";
export type { ClusterId } from "./clusters.ts";
export { type Agreement, cohenKappa } from "./cohen-kappa.ts";
export { decimalsFor } from "./decimals-for.ts";
export { equivalenceP } from "./equivalence.ts";
export { kendallTauB } from "./kendall-tau.ts";
export { type GroupMember, lmEvalGroupStderr } from "./lm-eval-group-stderr.ts";
export { type MacroMean, macroMean } from "./macro-mean.ts";
export { majorityAtK } from "./majority-vote.ts";
export { type McNemar, mcnemar } from "./mcnemar.ts";
export { mean, sampleVariance, standardError } from "./mean.ts";
export { type EqualPrompts, expectedRange, nullSpread, residualVariance } from "./null-spread.ts";
export { type PairedDifference, type PairedOptions, pairedDifference } from "./paired-difference.ts";
export { type PairwiseOptions, type PairwiseTests, pairIndex, pairwiseTests } from "./pairwise-tests.ts";
export { gPassAtK, meanGPassAtK, passAtK, passHatK, type SampleCounts } from "./pass-at-k.ts";
export {
  minimumDetectableDifference,
  type PowerOptions,
  pairedVariance,
  requiredItems,
  resampledVariance,
  unpairedVariance,
} from "./power.ts";
export { randomStream } from "./random.ts";
export { type Ranking, type RankRange, type RankSet, rankSets } from "./rank-sets.ts";
export { type ScoredMean, type ScoreIntervalOptions, scoreInterval } from "./score-interval.ts";
export { type SignFlip, type SignFlipOptions, signFlip } from "./sign-flip.ts";
export { spearman } from "./spearman.ts";
export { type HonestSpread, honestSpread, type SpreadOptions, type SpreadTest, spreadTest } from "./spread-test.ts";
export { type Estimate, type TIntervalOptions, tInterval } from "./t-interval.ts";
export { tangoInterval } from "./tango-interval.ts";
export { type TwoByTwo, twoByTwo } from "./two-by-two.ts";
export {
  type CrossedComponents,
  crossedComponents,
  type NestedComponents,
  nestedComponents,
  type ScoreTable,
} from "./variance-components.ts";
export { weightedInterval } from "./weighted-interval.ts";
export { weightedMean } from "./weighted-mean.ts";
