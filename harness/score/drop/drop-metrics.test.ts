import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../contracts/index.ts";
import { pythonFloat, pythonFloatText, strip } from "../python-text.ts";
import { bestAssignment } from "./best-assignment.ts";
import { dropMetric } from "./drop-metrics.ts";

function scores(answer: string, target: Json, separator?: string) {
  const fields = { target, choices: null, answer: "", extra: {} };
  return [dropMetric("match", separator)(answer, fields), dropMetric("f1", separator)(answer, fields)];
}

describe("DROP", () => {
  test.each<[what: string, answer: string, target: Json, em: number, f1: number]>([
    ["a number in other spelling", "5.0", [["5"]], 1, 1],
    ["thousands with a comma", "1,000", [["1000"]], 1, 1],
    ["articles, case and punctuation aside", "The Vikings!", [["vikings"]], 1, 1],
    ["a hyphen is a blank", "twenty-one", [["twenty one"]], 1, 1],
    ["another number shares nothing, whatever its words", "6 yards", [["5 yards"]], 0, 0],
    ["the right number with a word too many", "5 yards", [["5"]], 0, 0.67],
    ["a date's parts in another order", "March 4 1865", [["4 March 1865"]], 0, 1],
    ["the best of several right answers", "Joe", [["Tom"], ["Joe"], ["Eve"]], 1, 1],
    ["one span of two", "Tom Brady", [["Tom Brady", "Joe Montana"]], 0, 0.5],
    ["two spans in one are one", "Tom Brady, Joe Montana", [["Tom Brady", "Joe Montana"]], 0, 0.33],
    ["right answers as plain texts", "blue", ["red", "blue"], 1, 1],
    ["an empty right answer counts for nothing", "the", [[""]], 0, 0],
    ["no right answer at all", "x", [], 0, 0],
  ])("%s", (_what, answer, target, em, f1) => {
    expect(scores(answer, target)).toEqual([em, f1]);
  });

  test.each<[answer: string, target: Json, em: number, f1: number]>([
    ["Joe Montana; Tom Brady", [["Tom Brady", "Joe Montana"]], 1, 1],
    ["Joe Montana;;  ; Tom Brady ;", [["Tom Brady", "Joe Montana"]], 1, 1],
    ["Tom Brady; Tom Brady", [["Tom Brady"]], 0, 0.5],
    ["Tom; Joe; Eve", [["Tom", "Joe"]], 0, 0.67],
    [";", [["Tom"]], 0, 0],
  ])("with a separator, %j has its spans", (answer, target, em, f1) => {
    expect(scores(answer, target, ";")).toEqual([em, f1]);
  });
});

test("the assignment is the best there is", () => {
  const best = (rows: number[][], free: number[]): number => {
    const [row, ...rest] = rows;
    if (!row) return 0;
    const taking = free.map(
      (column) =>
        row[column]! +
        best(
          rest,
          free.filter((other) => other !== column),
        ),
    );
    return Math.max(free.length > rest.length ? Number.NEGATIVE_INFINITY : best(rest, free), ...taking);
  };
  const matrix = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })).chain(([height, width]) =>
    fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: width, maxLength: width }), {
      minLength: height,
      maxLength: height,
    }),
  );
  fc.assert(
    fc.property(matrix, (rows) => {
      const columns = bestAssignment(rows);
      const used = columns.filter((column) => column >= 0);
      expect(new Set(used).size).toBe(used.length);
      const total = columns.reduce((sum, column, row) => sum + (rows[row]?.[column] ?? 0), 0);
      expect(total).toBe(
        best(
          rows,
          rows[0]!.map((_, column) => column),
        ),
      );
    }),
  );
});

describe("texts as Python has them", () => {
  test.each([
    ["5", "5.0"],
    ["1e5", "100000.0"],
    ["1e16", "1e+16"],
    ["123456789012345678", "1.2345678901234568e+17"],
    ["0.0001", "0.0001"],
    ["0.00001", "1e-05"],
    ["-0", "-0.0"],
    ["1_000", "1000.0"],
    [" .5 ", "0.5"],
    ["inf", "inf"],
    ["-Infinity", "-inf"],
    ["nan", "nan"],
  ])("str(float(%j)) is %s", (text, expected) => {
    expect(pythonFloatText(pythonFloat(text) ?? 404)).toBe(expected);
  });

  test.each(["", "five", "1,000", "0x10", "1__0", "1e", "."])("float(%j) is an error", (text) => {
    expect(pythonFloat(text)).toBeNull();
  });

  test("strip takes Unicode's white space away and not JavaScript's byte-order mark", () => {
    expect(strip("\u3000\x1c a b\u2029\n")).toBe("a b");
    expect(strip("\ufeffa")).toBe("\ufeffa");
  });
});
