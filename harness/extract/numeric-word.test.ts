import { expect, test } from "vitest";
import { numericWords, significant } from "./numeric-word.ts";

// What inspect_ai 0.3.285 reads in these, by match(numeric=True).
test.each([
  ["It is 42.", "42"],
  ["$1,234.50.", "1234.5"],
  ["**18** eggs", "18"],
  ["\\$20", "20"],
  ["(42)!", "42"],
  ["an 18-year stay", null],
  ["#### 7", "7"],
  ["60%", null],
  ["x=5", null],
  ["1e5", "1e+05"],
  ["1e999", null],
  ["nan inf 7", "7"],
  ["123456789", "1.2346e+08"],
  ["0.00001234", "1.234e-05"],
  ["12344.5", "12344"],
  ["12345.5", "12346"],
  ["-0", "-0"],
  ["−5", "-5"],
  ["--5", "5"],
  ["½", "0.5"],
  ["2½", "2.5"],
  ["3²", "9"],
  ["-2²", "4"],
  ["10⁻²", "0.01"],
  ["²", "2"],
  ["１２", "12"],
  ["٣", "3"],
  ["1'000", "1000"],
  ["Ⅻ", "12"],
  ["⑫", "12"],
  ["十二", "12"],
  ["三百五十", "350"],
  ["五万三千", "53000"],
  ["二〇二五", "2025"],
  ["三点五", "3.5"],
  ["3千", "3000"],
  ["廿五", "25"],
  ["5e", null],
  ["½½", null],
  ["答え:18", null],
  ["", null],
])("the last number word of %j is %j", (text, number) => {
  expect(numericWords(text).at(-1)?.text ?? null).toBe(number);
});

test("each has its place in the text", () => {
  expect(numericWords("so **3** or $4.").map(({ span }) => span)).toEqual([
    [3, 8],
    [12, 15],
  ]);
});

test.each([
  [0, 5, "0"],
  [100_000, 5, "1e+05"],
  [99_999.4, 5, "99999"],
  [99_999.6, 5, "1e+05"],
  [0.5, 1, "0.5"],
  [2.5, 1, "2"],
  [3.5, 1, "4"],
  [1 / 3, 3, "0.333"],
])("%d with %d digits is %s, as Python writes it", (value, digits, text) => {
  expect(significant(value, digits)).toBe(text);
});
