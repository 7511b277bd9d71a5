import { expect, test } from "vitest";
import { clusteredStandardError } from "./clustered-error.ts";
import { scoreInterval } from "./score-interval.ts";
import { weightedInterval } from "./weighted-interval.ts";

const groups = [
  [1, 1, 1, 0],
  [0, 0, 1],
  [1, 1, 1, 1, 1],
  [0, 0],
  [1, 0, 0, 1],
];
const rows = groups.flat();
const clusters = groups.flatMap((group, index) => group.map(() => index));
const means = groups.map((group) => group.reduce((sum, value) => sum + value, 0) / group.length);
const sizes = groups.map((group) => group.length);

test("shares weighed by size give the mean and the error of the rows clustered by group", () => {
  const weighted = weightedInterval(means, sizes, { bounds: [0, 1] });
  const clustered = scoreInterval(rows, { clusters });
  expect(weighted?.value).toBeCloseTo(clustered?.value ?? Number.NaN, 12);
  expect(weighted?.stderr).toBeCloseTo(clusteredStandardError(rows, clusters) ?? Number.NaN, 12);
  expect(weighted?.ci?.low).toBeCloseTo(clustered?.ci?.low ?? Number.NaN, 12);
  expect(weighted?.ci?.high).toBeCloseTo(clustered?.ci?.high ?? Number.NaN, 12);
});

test("equal weights give the plain mean and its standard error", () => {
  const values = [0.2, 0.4, 0.9, 0.5];
  const weighted = weightedInterval(values, [3, 3, 3, 3]);
  const plain = scoreInterval(values);
  expect(weighted?.value).toBeCloseTo(plain?.value ?? Number.NaN, 12);
  expect(weighted?.stderr).toBeCloseTo(plain?.stderr ?? Number.NaN, 12);
});

test("rows of one cluster count as one", () => {
  const joined = weightedInterval(
    rows,
    rows.map(() => 1),
    { clusters },
  );
  expect(joined?.stderr).toBeCloseTo(clusteredStandardError(rows, clusters) ?? Number.NaN, 12);
  expect(joined).toMatchObject({ n: rows.length, units: groups.length });
});

test("one unit has no error, and nothing has no value", () => {
  expect(weightedInterval([0.5], [2])).toMatchObject({ value: 0.5, stderr: null, ci: null });
  expect(weightedInterval([], [])).toBeNull();
  expect(weightedInterval([1, 0], [0, 0])).toBeNull();
});
