import { describe, expect, test } from "vitest";
import {
  bootstrapMean,
  clusteredStandardError,
  kendallTauB,
  macroMean,
  pairedDifference,
  pairwiseTests,
  scoreInterval,
  signFlip,
  spearman,
  weightedInterval,
  weightedMean,
} from "./index.ts";

const functions: [name: string, of: (values: number[]) => unknown][] = [
  ["scoreInterval", (values) => scoreInterval(values)],
  ["weightedMean", (values) => weightedMean(values, [1, 1, 1])],
  ["weightedMean by its weights", (values) => weightedMean([1, 1, 1], values)],
  ["weightedInterval", (values) => weightedInterval(values, [1, 1, 1], { clusters: ["a", "a", "b"] })],
  ["macroMean", (values) => macroMean([[0, 1], values])],
  ["bootstrapMean", (values) => bootstrapMean(values, { seed: 1, replicates: 10 })],
  ["clusteredStandardError", (values) => clusteredStandardError(values, ["a", "a", "b"])],
  ["pairedDifference", (values) => pairedDifference([0, 1, 0], values)],
  ["signFlip", (values) => signFlip(values, [0, 1, 0], { seed: 1 })],
  ["kendallTauB", (values) => kendallTauB(values, [1, 2, 3])],
  ["spearman", (values) => spearman([1, 2, 3], values)],
];

describe.each(functions)("%s", (_name, of) => {
  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "refuses %d instead of computing with it",
    (value) => {
      expect(() => of([1, value, 0])).toThrow(RangeError);
    },
  );
});

test("in tests of all pairs NaN is a missing score, and infinity is refused", () => {
  expect(
    pairwiseTests([
      [1, Number.NaN],
      [0, 1],
    ]).differences[0],
  ).toBe(1);
  expect(() =>
    pairwiseTests([
      [1, Number.POSITIVE_INFINITY],
      [0, 1],
    ]),
  ).toThrow(RangeError);
});
