import { expect, test } from "vitest";
import { parsePythonJson } from "./foreign-files.ts";

test("Python's NaN and Infinity are null, also behind a text of many megabytes, and only outside of texts", () => {
  const long = "x".repeat(10_000_000);
  const text = `{"long":"${long}","told":"NaN \\"Infinity\\"","a":NaN,"b":-Infinity}`;
  expect(parsePythonJson(text, "a.json")).toEqual({ long, told: 'NaN "Infinity"', a: null, b: null });
});
