import { rmSync } from "node:fs";
import type { RunRecord } from "@assay/harness/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeResults, smallWorld } from "../testing/make-results.ts";
import { scratch } from "../testing/scratch.ts";
import { columnsOf } from "./columns.ts";
import { setupNoiseOf, withinSetupNoise } from "./setup-noise.ts";

const folder = scratch("setup-noise");
let records: RunRecord[] = [];
beforeAll(async () => {
  records = await makeResults(folder, {
    ...smallWorld,
    models: smallWorld.models.slice(0, 2),
    tasks: smallWorld.tasks.slice(0, 1),
    shots: [0, 2, 5],
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The world's runs with scores of our choosing: one list a model, one score a setup. */
function noiseOf(values: number[][], change: (record: RunRecord, setup: number) => RunRecord = (record) => record) {
  const columns = columnsOf(records);
  const models = [...new Set(records.map(({ model }) => model))];
  for (const [setup, column] of columns.entries())
    for (const cell of column.cells) cell.value = values[models.indexOf(cell.model)]?.[setup] ?? null;
  return setupNoiseOf(
    records.map((record, at) => change(record, Math.floor(at / models.length))),
    columns,
  );
}

describe("setup noise", () => {
  test("is the lowest, the highest and the deviation with n - 1 over a model's setups, and its median over models", () => {
    const [noise] = noiseOf([
      [0.5, 0.6, 0.7],
      [0.2, 0.2, 0.5],
    ]);
    expect(noise?.models.map(({ setups }) => setups)).toEqual([3, 3]);
    expect(noise?.models[0]).toMatchObject({ low: 0.5, high: 0.7 });
    expect(noise?.models[0]?.sd).toBeCloseTo(0.1, 12);
    expect(noise?.models[1]?.sd).toBeCloseTo(Math.sqrt(0.03), 12);
    expect(noise?.range).toBeCloseTo(0.25, 12);
  });

  test("takes three setups of a model, on the same data", () => {
    expect(
      noiseOf([
        [0.5, 0.6],
        [0.2, 0.2, 0.5],
      ])[0]?.models,
    ).toHaveLength(1);
    expect(noiseOf([[0.5, 0.6], [0.2]])).toEqual([]);
    const otherData = (record: RunRecord, setup: number) =>
      setup === 0
        ? { ...record, setup: { ...record.setup, dataset: { ...record.setup.dataset, itemsSha256: "other" } } }
        : record;
    expect(
      noiseOf(
        [
          [0.5, 0.6, 0.7],
          [0.2, 0.2, 0.5],
        ],
        otherData,
      ),
    ).toEqual([]);
  });

  test("covers differences that are smaller than the band, and says nothing without a score or a band", () => {
    const [noise] = noiseOf([[0.5, 0.6, 0.75]]);
    expect(withinSetupNoise(noise, 0.75, 0.51)).toBe(true);
    expect(withinSetupNoise(noise, 0.75, 0.5)).toBe(false);
    expect(withinSetupNoise(noise, 0.75, null)).toBe(false);
    expect(withinSetupNoise(undefined, 0.75, 0.74)).toBe(false);
  });
});
