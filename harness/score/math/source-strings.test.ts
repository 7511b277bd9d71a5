import { describe, expect, test } from "vitest";
import { hendrycksEqual, hendrycksString } from "./hendrycks-string.ts";
import { minervaString } from "./minerva-string.ts";

// What the Python originals give for the same texts (lm-evaluation-harness 0.4.13, run once).
describe("hendrycks", () => {
  test.each([
    ["\\dfrac12", "\\frac{1}{2}"],
    ["\\frac1{72}", "\\frac{1}{72}"],
    [" .25", "0.25"],
    ["0.5", "\\frac{1}{2}"],
    ["3/4", "\\frac{3}{4}"],
    ["x=7", "7"],
    ["y_1=7", "y_1=7"],
    ["12\\text{ cm}", "12"],
    ["\\left(1,\\!000\\right)", "(1,000)"],
    ["90^{\\circ}", "90"],
    ["\\sqrt3 + \\sqrt{5}", "\\sqrt{3}+\\sqrt{5}"],
    ["50\\%", "50"],
  ])("%j becomes %j", (text, normal) => {
    expect(hendrycksString(text)).toBe(normal);
  });

  test.each(["\\sqrt", "a/b", "1\\text{ m}\\text{ s}", "\\frac"])(
    "gives up on %j, which is then compared as it is",
    (text) => {
      expect(hendrycksString(text)).toBeUndefined();
      expect(hendrycksEqual(text, text)).toBe(true);
      expect(hendrycksEqual(text, `${text} `)).toBe(false);
    },
  );
});

describe("minerva", () => {
  test.each([
    ["$x = 5$", "5"],
    ["1,000,000", "1000000"],
    ["0,1", "0,1"],
    ["12\\text{ cm}^2", "12"],
    ["5 square units", "5"],
    ["\\left[2,5\\right)", "\\left[2,5\\right)"],
    ["\\frac12", "\\frac{1}{2}"],
    ["\\sqrt[3]8", "\\sqrt[3]{8}"],
    ["\\sqrt2", "\\sqrt{2}"],
    ["the answer is $7$ apples", "7"],
    ["\\boxed{42}", "42"],
    ["30^\\circ", "30"],
  ])("%j becomes %j", (text, normal) => {
    expect(minervaString(text)).toBe(normal);
  });
});
