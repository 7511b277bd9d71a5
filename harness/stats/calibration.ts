import { isBinary } from "./score-interval.ts";

/** Forecasts that fell into one bin. */
export interface CalibrationBin {
  n: number;
  /** Mean stated confidence, and the share that was right. */
  confidence: number;
  accuracy: number;
}

/** How well confidence matches being right. */
export interface Calibration {
  n: number;
  /** Bins that hold anything, from low to high confidence. */
  bins: CalibrationBin[];
  /** Mean |accuracy − confidence| over forecasts, by bin. Never below 0, so noise alone makes it positive. */
  expectedError: number;
  /** The worst bin's. */
  maximumError: number;
  /** Mean confidence minus accuracy: above 0 is overconfident. */
  overconfidence: number;
  /** Mean (confidence − right)². */
  brier: number;
}

/** How forecasts are put into bins. */
export interface CalibrationOptions {
  /** @default 10 */
  bins?: number;
  /** `width`: equally wide, closed on the right; `mass`: equally full, in order of confidence. @default "width" */
  binning?: "width" | "mass";
}

/**
 * Calibration of confidences between 0 and 1.
 *
 * @param right 1 where the answer was right, else 0
 * @returns `null` without forecasts
 * @throws RangeError on unequal lengths, confidences outside [0, 1], or rights other than 0 and 1
 * @see Naeini, Cooper & Hauskrecht 2015; Guo et al., arXiv 1706.04599.
 */
export function calibration(
  confidences: ArrayLike<number>,
  right: ArrayLike<number>,
  options: CalibrationOptions = {},
): Calibration | null {
  assertForecasts(confidences, right);
  const n = confidences.length;
  if (n === 0) return null;
  const bins = fillBins(confidences, right, options);
  const gaps = bins.map(({ accuracy, confidence }) => Math.abs(accuracy - confidence));
  let [squares, surplus] = [0, 0];
  for (let index = 0; index < n; index++) {
    squares += (confidences[index]! - right[index]!) ** 2;
    surplus += confidences[index]! - right[index]!;
  }
  return {
    n,
    bins,
    expectedError: gaps.reduce((total, gap, bin) => total + (gap * bins[bin]!.n) / n, 0),
    maximumError: Math.max(...gaps),
    overconfidence: surplus / n,
    brier: squares / n,
  };
}

function fillBins(
  confidences: ArrayLike<number>,
  right: ArrayLike<number>,
  { bins: count = 10, binning = "width" }: CalibrationOptions,
): CalibrationBin[] {
  const n = confidences.length;
  const order = Array.from({ length: n }, (_, index) => index).sort((a, b) => confidences[a]! - confidences[b]!);
  const bins = Array.from({ length: count }, () => ({ n: 0, confidence: 0, accuracy: 0 }));
  for (const [place, index] of order.entries()) {
    const confidence = confidences[index]!;
    // 0.7 · 10 is 7.000000000000001 in binary, which must not fall out of its closed bin.
    const wide = Math.ceil(confidence * count - 1e-9) - 1;
    const bin = bins[Math.max(0, binning === "width" ? wide : Math.floor((place * count) / n))]!;
    bin.n++;
    bin.confidence += confidence;
    bin.accuracy += right[index]!;
  }
  return bins
    .filter((bin) => bin.n > 0)
    .map((bin) => ({ n: bin.n, confidence: bin.confidence / bin.n, accuracy: bin.accuracy / bin.n }));
}

function assertForecasts(confidences: ArrayLike<number>, right: ArrayLike<number>): void {
  if (confidences.length !== right.length) {
    throw new RangeError(`${confidences.length} confidences need as many results, but there are ${right.length}.`);
  }
  if (!isBinary(right)) throw new RangeError("Calibration needs results of 0 and 1 only.");
  for (let index = 0; index < confidences.length; index++) {
    const confidence = confidences[index]!;
    if (!(confidence >= 0 && confidence <= 1)) {
      throw new RangeError(`A confidence lies between 0 and 1; number ${index} is ${confidence}.`);
    }
  }
}
