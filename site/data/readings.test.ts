import type { RunRecord } from "@assay/harness/contracts";
import { beforeAll, describe, expect, test } from "vitest";
import { makeResults, smallWorld } from "../testing/make-results.ts";
import { scratch } from "../testing/scratch.ts";
import { primaryScore } from "./primary-score.ts";
import { readingsOf } from "./readings.ts";

const folder = scratch("readings");
let records: RunRecord[] = [];
beforeAll(async () => {
  const [model] = smallWorld.models;
  const world = { ...smallWorld, models: [model!], tasks: smallWorld.tasks.slice(0, 1) };
  records = await makeResults(folder, world);
});

/** The two runs of a model, each with the score that a strict and a lenient pipeline read. */
function runsWith(scores: { strict: number; lenient: number; missed: number }[]): RunRecord[] {
  return records.map((record, at) => {
    const { strict, lenient, missed } = scores[at]!;
    const primary = primaryScore(record)!;
    const kept = record.scores.filter((score) => score !== primary && score.metric !== primary.metric);
    const other = { ...primary, filter: "lenient", value: lenient, unparsed: 0 };
    return { ...record, scores: [...kept, other, { ...primary, value: strict, unparsed: missed }] };
  });
}

describe("readings of the same responses", () => {
  test("part what the pipeline changes from what the setup changes", () => {
    const readings = readingsOf(
      runsWith([
        { strict: 0.5, lenient: 0.75, missed: 60 },
        { strict: 0.6, lenient: 0.65, missed: 0 },
      ]),
    );
    const [primary] = readings!.pipelines;
    expect(readings!.pipelines).toEqual([primaryScore(records[0]!)!.filter, "lenient"]);
    expect(readings!.extraction).toBeCloseTo(0.15, 12);
    expect(readings!.format.map(({ pipeline, models }) => [pipeline, models])).toEqual([
      [primary, 1],
      ["lenient", 1],
    ]);
    expect(readings!.format[0]?.spread).toBeCloseTo(0.1, 12);
    expect(readings!.format[1]?.spread).toBeCloseTo(0.1, 12);
    expect(readings!.runs[0]?.scores.map(({ unparsed }) => unparsed)).toEqual([60 / primaryScore(records[0]!)!.n, 0]);
  });

  test("of one setup say nothing of the format; of one pipeline there is nothing to tell", () => {
    const [one] = runsWith([
      { strict: 0.5, lenient: 0.75, missed: 60 },
      { strict: 0.6, lenient: 0.65, missed: 0 },
    ]);
    expect(readingsOf([one!])?.format.map(({ spread }) => spread)).toEqual([null, null]);
    expect(readingsOf(records)).toBeNull();
    expect(readingsOf([])).toBeNull();
  });
});
