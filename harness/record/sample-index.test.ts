import { expect, test } from "vitest";
import { SampleIndex } from "./index.ts";

test("places come in the order of the data set, not of their arrival", () => {
  const index = new SampleIndex();
  for (const ordinal of [5000, 2, 70]) index.set(ordinal, { offset: ordinal * 10, length: 9 }, false);
  expect([...index.places()].map((place) => place.ordinal)).toEqual([2, 70, 5000]);
  expect(index.finished).toBe(3);
});

test("an answer replaces an error of the same sample", () => {
  const index = new SampleIndex();
  index.set(1, { offset: 0, length: 5 }, true);
  expect([index.errored, index.finished, index.isFinished(1)]).toEqual([1, 0, false]);
  index.set(1, { offset: 6, length: 5 }, false);
  expect([index.errored, index.finished, index.isFinished(1)]).toEqual([0, 1, true]);
  expect([...index.places()]).toEqual([{ ordinal: 1, offset: 6, length: 5 }]);
});
