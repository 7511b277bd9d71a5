import { expect, test } from "vitest";
import { createSampler, PythonRandom } from "./index.ts";

test("draws are CPython's, bit for bit", () => {
  const random = new PythonRandom(1234);
  expect([1, 2, 3, 4].map(() => random.bits(32))).toEqual([4150886329, 3342196574, 1892932127, 501869158]);
  expect(new PythonRandom(0).shuffle([1, 2, 3, 4])).toEqual([3, 1, 2, 4]);
  expect(new PythonRandom(1234).sample(21, 5)).toEqual([14, 3, 0, 2, 1]);
  expect(new PythonRandom(1234).sample(22, 5)).toEqual([14, 3, 0, 2, 18]);
  expect(new PythonRandom(1234).sample(1119, 25)).toEqual([
    902, 239, 15, 185, 71, 171, 201, 726, 484, 35, 63, 32, 708, 991, 949, 304, 186, 374, 234, 29, 1030, 996, 511, 132,
    1108,
  ]);
});

const pool = (size: number) => Array.from({ length: size }, (_, index) => `train/${index}`);

test("random advances one stream item by item, as lm-evaluation-harness does on GSM8K", () => {
  const sampler = createSampler({ sampler: "random", count: 5, seed: 1234, exclude: "item", pool: pool(7473) });
  expect(sampler.draw("test/0")).toEqual([6374, 3610, 957, 61, 742]);
  expect(sampler.draw("test/1")).toEqual([7462, 6610, 4769, 286, 5501]);
});

test("the lm-eval exclusion draws one more than it keeps", () => {
  const sampler = createSampler({ sampler: "random", count: 5, seed: 1234, exclude: "lm-eval", pool: pool(40398) });
  expect(sampler.draw("validation/0")).toEqual([28883, 7657, 490, 5940, 38156]);
});

test("stable shots depend on seed and item only, and never hold the item", () => {
  const options = { sampler: "stable", count: 3, seed: 7, exclude: "item", pool: pool(10) } as const;
  const one = createSampler(options);
  const other = createSampler(options);
  const forward = ["train/1", "train/2", "train/3"].map((id) => one.draw(id));
  const backward = ["train/3", "train/2", "train/1"].map((id) => other.draw(id)).reverse();
  expect(forward).toEqual(backward);
  for (let item = 0; item < 10; item += 1) expect(one.draw(`train/${item}`)).not.toContain(item);
  expect(createSampler({ ...options, seed: 8 }).draw("train/1")).not.toEqual(forward[0]);
});

test("more shots than the pool has are refused", () => {
  expect(() => createSampler({ sampler: "first_n", count: 4, seed: 1, exclude: "item", pool: pool(3) })).toThrow(
    /4 shots/,
  );
});

test("HELM's draw takes a row of each class in turn, equal classes shuffled as CPython does", () => {
  const labels = Array.from({ length: 60 }, (_, row) => {
    const tail = row % 5 === 0 ? "é" : row % 11 === 0 ? "𝒳" : "ｚ";
    return String.fromCharCode(97 + (row % 7)).repeat(1 + (row % 3)) + tail;
  });
  const rows = labels.map((_, row) => `dev/${row}`);
  const helm = { sampler: "helm", exclude: "none", pool: rows, labels } as const;
  const drawn = createSampler({ ...helm, count: 12, seed: 0 });
  expect(drawn.draw("test/0")).toEqual([38, 49, 37, 6, 18, 32, 56, 12, 29, 42, 4, 43]);
  expect(drawn.draw("test/1")).toEqual(drawn.draw("test/0"));
  expect(createSampler({ ...helm, count: 50, seed: 3 }).draw("test/0")).toEqual([
    27, 7, 38, 37, 24, 43, 51, 34, 18, 57, 8, 26, 14, 42, 12, 46, 52, 53, 23, 5, 15, 11, 0, 10, 35, 44, 30, 45, 41, 33,
    22, 50, 19, 25, 40, 20, 55, 48, 28, 59, 16, 3, 1, 9, 13, 39, 36, 29, 47, 56,
  ]);
});
