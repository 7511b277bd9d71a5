import { expect, test } from "vitest";
import { itemTable, itemTableSchema } from "./item-table.ts";
import type { Column } from "./schemas.ts";

const column = (runs: number, more: Partial<Column> = {}): Column => ({
  id: "planets.chat.0123456789.exact_match",
  task: "planets",
  protocol: "chat",
  setup: "0".repeat(64),
  overrides: [],
  metric: "exact_match",
  filter: "none",
  group: "all",
  unit: "proportion",
  lowerIsBetter: false,
  level: 0.95,
  rankMethod: null,
  separated: null,
  detectable: null,
  undecided: null,
  cells: Array.from({ length: runs }, (_, run) => ({ run: `run-${run}` }) as Column["cells"][number]),
  ...more,
});
const scores = (rows: readonly (readonly number[])[], items = ["a", "b", "c"]) =>
  rows.map((values) => ({ items, values: Float64Array.from(values), clusters: null }));

test("items stand hardest first, with how many runs were right and how often two runs part", () => {
  const table = itemTable(
    column(3),
    scores([
      [1, 0, 1],
      [1, 0, 0],
      [1, 0, 1],
    ]),
  );
  expect(table).toMatchObject({
    runs: ["run-0", "run-1", "run-2"],
    items: ["b", "c", "a"],
    counted: [3, 3, 3],
    right: [0, 2, 3],
    mean: [0, 0.666667, 1],
    split: [0, 0.666667, 0],
    gap: [null, null, null],
    marks: ["WWW", "RWR", "RRR"],
  });
  expect(itemTableSchema.parse(table)).toEqual(table);
});

test("an answer that doesn't count is neither right nor wrong", () => {
  const table = itemTable(
    column(2),
    scores([
      [Number.NaN, 0.5, 1],
      [Number.NaN, 0, 1],
    ]),
  );
  expect(table).toMatchObject({
    items: ["b", "c", "a"],
    counted: [2, 2, 0],
    mean: [0.25, 1, null],
    split: [1, 0, null],
    marks: ["PW", "RR", "--"],
  });
  expect(table?.difficulty.counts.reduce((sum, count) => sum + count, 0)).toBe(2);
});

test("an item that the worse half gets right and the better half wrong is suspect", () => {
  const better = [1, 0, 1];
  const worse = [0, 1, 0];
  const table = itemTable(column(6), scores([better, better, better, worse, worse, worse]));
  expect(table?.items).toEqual(["a", "b", "c"]);
  expect(table?.gap).toEqual([1, -1, 1]);
  expect(table?.suspects).toBe(1);
});

test("runs are matched by item, and categories' weights don't turn a right answer into half of one", () => {
  const [first] = scores([[0.5, 0, 2]]);
  const weighed = { ...first, plain: Float64Array.from([1, 0, 1]) } as NonNullable<typeof first>;
  const [second] = scores([[1, 1, 1]], ["c", "b", "a"]);
  const table = itemTable(column(2), [weighed, second ?? null]);
  expect(table).toMatchObject({ items: ["b", "a", "c"], right: [1, 2, 2] });
});

test("scores that are no share of full marks, or of one run, give no table", () => {
  const two = scores([
    [1, 0, 1],
    [1, 0, 0],
  ]);
  expect(itemTable(column(2, { unit: "perplexity" }), two)).toBeNull();
  expect(itemTable(column(2, { lowerIsBetter: true }), two)).toBeNull();
  expect(itemTable(column(2), [two[0] ?? null, null])).toBeNull();
});
