import { expect, test } from "vitest";
import { snapshotScores } from "./snapshot-scores.ts";
import { fromCsv, toCsv } from "./text-table.ts";

const head =
  "run task protocol comparability_hash model partial metric pipeline group value unit lower_is_better".split(" ");
const line = (run: string, value: string, more: Record<string, string> = {}) => {
  const cells: Record<string, string> = { run, task: "planets", protocol: "chat", comparability_hash: "aa", value };
  const all = { ...cells, model: `maker/${run}`, partial: "false", metric: "exact_match", unit: "proportion", ...more };
  return head.map((name) => (all as Record<string, string>)[name] ?? "");
};
const order = (rows: string[][]) => snapshotScores(toCsv({ head, rows }))?.map(({ run }) => run);

test("CSV is read as it was written", () => {
  const table = {
    head: ["a", "b"],
    rows: [
      ['say "no", or\r\nyes', ""],
      ["", "1.5"],
      ["plain", '"'],
    ],
  };
  expect(fromCsv(toCsv(table))).toEqual(table);
  expect(fromCsv("a,b\n1,2")).toEqual({ head: ["a", "b"], rows: [["1", "2"]] });
  expect(fromCsv("")).toEqual({ head: [], rows: [] });
});

test("scores stand best first among those that are comparable, missing and partial ones after them", () => {
  const rows = [line("low", "0.2"), line("none", ""), line("part", "0.9", { partial: "true" }), line("high", "0.8")];
  expect(order(rows)).toEqual(["high", "low", "none", "part"]);
  expect(order([line("more", "9"), line("less", "2")].map((row) => [...row.slice(0, -1), "true"]))).toEqual([
    "less",
    "more",
  ]);
  expect(order([line("b", "0.9", { comparability_hash: "bb" }), line("a", "0.1")])).toEqual(["a", "b"]);
});

test("a file with other columns is not guessed at", () => {
  expect(snapshotScores("run,points\r\na,1\r\n")).toBeNull();
});
