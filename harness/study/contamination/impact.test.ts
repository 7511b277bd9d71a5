import { expect, test } from "vitest";
import type { RunRecord, Sample } from "../../contracts/index.ts";
import { type Impact, impactOn } from "./impact.ts";
import type { Finding } from "./scan-corpus.ts";

const record = {
  runId: "r",
  scores: [{ metric: "acc", filter: "none" }],
  setup: { model: { provider: "openai", name: "m" } },
} as unknown as RunRecord;

/** Items a0, a1 … with their values, one an epoch, in clusters of `clusterSize` items. */
async function impact(
  values: (number | null)[][],
  found: string[],
  more: { near?: string[]; short?: string[]; clusterSize?: number } = {},
): Promise<Impact | null> {
  const finding = (level: Finding["level"]) => (item: string) => ({ item, level }) as Finding;
  const samples = async function* () {
    for (const [number, epochs] of values.entries())
      for (const [epoch, value] of epochs.entries())
        yield {
          item: `a${number}`,
          epoch,
          cluster: more.clusterSize === undefined ? null : `c${Math.floor(number / more.clusterSize)}`,
          values: [
            { metric: "other", filter: "none", value: 0.5 },
            { metric: "acc", filter: "none", value },
          ],
        } as unknown as Sample;
  };
  const findings = [...found.map(finding("verbatim-question")), ...(more.near ?? []).map(finding("near-duplicate"))];
  return impactOn({ findings, notTestable: more.short ?? [] }, { record, samples: samples() }, 7);
}

test("the score of all tested items is set beside that of those not found", async () => {
  const result = await impact([[1], [1], [0], [0], [1], [0]], ["a0", "a1"]);
  expect(result).toMatchObject({
    model: "openai/m",
    tested: { items: 6, value: 0.5 },
    notFound: { items: 4, value: 0.25 },
    found: { items: 2, value: 1 },
    difference: { value: 0.25, ci: { method: "bootstrap-percentile", level: 0.95 } },
  });
  const { low, high } = result?.difference?.ci ?? { low: Number.NaN, high: Number.NaN };
  expect(low).toBeLessThan(0.25);
  expect(high).toBeGreaterThan(0.25);
  expect(await impact([[1], [1], [0], [0], [1], [0]], ["a0", "a1"])).toEqual(result);
});

test("epochs of an item count together, items that are too short or have no value don't count, and near isn't found", async () => {
  const result = await impact([[1, 0], [1, 1], [0, 0], [1, 1], [null]], ["a0"], { near: ["a1"], short: ["a3"] });
  expect(result).toMatchObject({
    tested: { items: 3, value: 0.5 },
    notFound: { items: 2, value: 0.5 },
    found: { items: 1, value: 0.5 },
    difference: { value: 0 },
  });
});

test("nothing is compared where all are found or none is", async () => {
  expect((await impact([[1], [0]], []))?.difference).toBeNull();
  expect((await impact([[1], [0]], ["a0", "a1"]))?.difference).toBeNull();
  expect(await impact([[1], [0]], [], { short: ["a0", "a1"] })).toBeNull();
  expect(await impact([], [])).toBeNull();
});

test("one cluster has a difference and no interval for it", async () => {
  expect(await impact([[1], [0]], ["a0"], { clusterSize: 2 })).toMatchObject({ difference: { value: 0.5, ci: null } });
});

test("items of a passage are drawn together: the interval is wider than for items by themselves", async () => {
  const values = Array.from({ length: 200 }, (_, number) => [Math.floor(number / 20) % 2]);
  const found = values.flatMap((_, number) => (number < 80 && Math.floor(number / 20) % 2 === 1 ? [`a${number}`] : []));
  const width = ({ difference }: Impact) => (difference?.ci?.high ?? Number.NaN) - (difference?.ci?.low ?? Number.NaN);
  const [apart, together] = [await impact(values, found), await impact(values, found, { clusterSize: 20 })];
  expect(width(together!)).toBeGreaterThan(2 * width(apart!));
});
