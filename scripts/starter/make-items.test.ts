import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../harness/contracts/index.ts";
import { bundledTasks } from "../../harness/task/index.ts";
import { makeItems } from "./make-items.ts";

const read = (...path: string[]) => readFileSync(join(bundledTasks, ...path), "utf8");
const templates = {
  arithmetic: read("starter-arithmetic", "templates.yaml"),
  choice: read("starter-choice", "templates.yaml"),
  code: read("starter-code", "templates.yaml"),
};
const lines = (rows: readonly JsonObject[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

describe.each(["arithmetic", "choice", "code"] as const)("the starter %s items", (kind) => {
  test("are what the generator draws from seed 1", () => {
    const items = makeItems(templates[kind], 1);
    for (const split of ["test", "train"]) {
      expect(lines(items[split] ?? [])).toBe(read(`starter-${kind}`, `${split}.jsonl`));
    }
  });

  test("are other ones under another seed, as many, with ids and questions of their own", () => {
    const items = makeItems(templates[kind], 7);
    expect(items.test).toHaveLength(48);
    expect(lines(items.test ?? [])).not.toBe(read(`starter-${kind}`, "test.jsonl"));
    const all = [...(items.test ?? []), ...(items.train ?? [])];
    expect(new Set(all.map((item) => item.id)).size).toBe(all.length);
    expect(
      new Set(
        all.map(
          (item) => `${item.question as string}${JSON.stringify([...((item.choices as string[]) ?? [])].sort())}`,
        ),
      ).size,
    ).toBe(all.length);
  });
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])("worked solutions end in the answer, a positive whole number (seed %i)", (seed) => {
  const { test: items = [], train = [] } = makeItems(templates.arithmetic, seed);
  for (const { solution, answer } of [...items, ...train]) {
    expect(answer).toSatisfy((value) => Number.isInteger(value) && (value as number) >= 0);
    const numbers = (solution as string).match(/\d+/g)?.map(Number);
    expect(numbers?.slice(-2), solution as string).toContain(answer);
  }
});

test("right answers are spread over the letters", () => {
  const counts = [0, 0, 0, 0];
  for (const { answer } of makeItems(templates.choice, 1).test ?? [])
    counts[answer as number] = (counts[answer as number] ?? 0) + 1;
  for (const count of counts) expect(count).toBeGreaterThan(4);
});
