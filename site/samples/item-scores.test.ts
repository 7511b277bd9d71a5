import type { RunRecord, Sample } from "@assay/harness/contracts";
import { beforeAll, expect, test } from "vitest";
import { makeResults, smallWorld } from "../testing/make-results.ts";
import { scratch } from "../testing/scratch.ts";
import { addSample, emptyColumns, itemScoresOf } from "./item-scores.ts";

let record: RunRecord;
beforeAll(async () => {
  const world = { ...smallWorld, models: smallWorld.models.slice(0, 1), tasks: smallWorld.tasks.slice(2), shots: [0] };
  [record] = (await makeResults(scratch("item-scores"), world)) as [RunRecord];
});

type Row = [item: string, value: number | null, area: string, more?: object];

function columnsOf(rows: readonly Row[]) {
  const columns = emptyColumns();
  rows.forEach(([item, value, area, more], epoch) => {
    const sample = {
      item,
      epoch,
      categories: { area },
      cluster: null,
      response: null,
      outcome: { kind: "scored", truncated: false },
      values: [{ metric: "exact_match", filter: "stated", value, ...more }],
    };
    addSample(columns, sample as unknown as Sample, { metric: "exact_match", filter: "stated" });
  });
  return columns;
}

/** The record with its primary score as given. */
function scored(change: object): RunRecord {
  const scores = record.scores.map((score) => (score.group === "all" ? { ...score, ...change } : score));
  const protocol = { ...record.setup.protocol, average: "macro" as const };
  return { ...record, scores, setup: { ...record.setup, protocol } };
}

const rows: Row[] = [
  ["a", 1, "gems"],
  ["b", 0, "gems"],
  ["c", 0, "gems"],
  ["d", 1, "soils"],
];

test("epochs of an item are averaged, and what doesn't count is missing", () => {
  const scores = itemScoresOf(columnsOf([...rows, ["a", 0, "gems"], ["e", null, "soils"]]), record);
  expect(scores?.items).toEqual(["a", "b", "c", "d", "e"]);
  expect([...(scores?.values ?? [])]).toEqual([0.5, 0, 0, 1, Number.NaN]);
});

test("where the score is the mean of categories, the weighted items have that mean", () => {
  const values = itemScoresOf(columnsOf(rows), scored({ group: "macro:area" }))?.values ?? new Float64Array();
  expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo((1 / 3 + 1) / 2, 12);
});

test("lower is better is turned round, a perplexity's log-likelihood is not", () => {
  const lower = itemScoresOf(columnsOf(rows), scored({ lowerIsBetter: true, unit: "points" }));
  expect([...(lower?.values ?? [])].map(Math.abs)).toEqual([1, 0, 0, 1]);
  expect(lower?.values[0]).toBe(-1);
  const perplexity = itemScoresOf(columnsOf([["a", -2, "gems"]]), scored({ lowerIsBetter: true, unit: "perplexity" }));
  expect([...(perplexity?.values ?? [])]).toEqual([-2]);
});

test("scores that are no mean of items give nothing to rank by", () => {
  expect(itemScoresOf(columnsOf([["a", 1, "gems", { weight: 3 }]]), record)).toBeNull();
  expect(itemScoresOf(columnsOf([["a", 1, "gems", { detail: [1, 0] }]]), record)).toBeNull();
});
