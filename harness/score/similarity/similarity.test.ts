import { expect, test } from "vitest";
import { metricSchema } from "../../contracts/index.ts";
import { compileMetric } from "../index.ts";

const extra = { wrong: ["Owls read at night."] };

async function score(spec: object, answer: string, target = ["Owls cannot read.", "I have no comment."]) {
  const metric = compileMetric(metricSchema.parse({ metric: "similarity", measure: "rouge1", ...spec }));
  const value = await metric.score({
    answer,
    fields: { target, choices: null, answer: "", extra },
    likelihoods: null,
    unconditional: null,
    grading: null,
  });
  return { value, unit: metric.unit };
}

test("the best of the right answers counts", async () => {
  expect(await score({}, "I have no comment.")).toEqual({ value: 100, unit: "points" });
  expect(await score({ measure: "bleu" }, "Owls cannot read.")).toEqual({
    value: expect.closeTo(100, 9),
    unit: "points",
  });
});

test("an answer is compared with the wrong ones in a column of the item", async () => {
  const acc = { report: "more_right", wrong: "wrong" };
  expect(await score(acc, "Owls cannot read.")).toEqual({ value: 1, unit: "proportion" });
  expect(await score(acc, "They read at night.")).toEqual({ value: 0, unit: "proportion" });
  expect(await score(acc, "Bananas")).toEqual({ value: 0, unit: "proportion" });
  const difference = { report: "difference", wrong: "wrong" };
  expect((await score(difference, "Owls read at night.")).value).toBeCloseTo((100 * 4) / 7 - 100, 9);
});

test("without wrong answers there is nothing to compare with", () => {
  expect(() =>
    compileMetric(metricSchema.parse({ metric: "similarity", measure: "bleu", report: "difference" })),
  ).toThrow(/wrong/);
});
