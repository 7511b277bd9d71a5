import { expect, test } from "vitest";
import { rankHistory } from "./rank-history.ts";
import type { Column } from "./schemas.ts";
import type { SnapshotScore } from "./snapshot-scores.ts";

const score = (model: string, low: number, high: number, setup = "aa") =>
  ({ model, setup, rank: { low, high } }) as SnapshotScore;
const column = {
  setup: "aa",
  cells: [
    { model: "new", rank: { low: 1, high: 1 } },
    { model: "old", rank: { low: 2, high: 3 } },
    { model: "old", rank: { low: 3, high: 3 } },
  ],
} as unknown as Column;
const now = { snapshot: "c", updated: "2026-03-01", models: 10 };
const state = (snapshot: string, ...scores: SnapshotScore[]) => ({ snapshot, updated: null, scores });

test("ranks of a model are told for every snapshot that ranked the setup, in the present order", () => {
  const past = [
    state("a", score("old", 1, 2), score("old", 2, 2), score("gone", 1, 2)),
    state("b", score("old", 1, 1)),
  ];
  expect(rankHistory(column, past, now)).toEqual({
    snapshots: [
      { snapshot: "a", updated: null },
      { snapshot: "b", updated: null },
      { snapshot: "c", updated: "2026-03-01" },
    ],
    models: [
      { model: "new", ranks: [null, null, { low: 1, high: 1 }] },
      {
        model: "old",
        ranks: [
          { low: 1, high: 2 },
          { low: 1, high: 1 },
          { low: 2, high: 3 },
        ],
      },
    ],
  });
});

test("another setup's ranks don't count, and without any there is no history", () => {
  expect(rankHistory(column, [state("a", score("old", 1, 1, "bb"))], now)).toBeNull();
  expect(rankHistory(column, [], now)).toBeNull();
  const [first] = rankHistory(column, [state("a", score("new", 1, 1))], { ...now, models: 1 })?.models ?? [];
  expect(first?.model).toBe("new");
});
