import { describe, expect, test } from "vitest";
import { findAll } from "./find-all.ts";
import { pythonRegex } from "./python-regex.ts";

const texts = (pattern: string, text: string, flags = "") =>
  (findAll(pythonRegex(pattern, flags), text) ?? []).map((found) => found.text);

/** What Python 3.11's `re.findall` gives. */
describe("finds what Python finds", () => {
  test.each<[pattern: string, text: string, found: string[], flags?: string]>([
    ["^(.*?)\\s*$", "D)\n𝟘(A)\t", []],
    ["^(.*?)(?=\\n|$)", "D)\n😀 next", ["D)"]],
    ["\\Ax*", "a😀", [""]],
    ["x*\\Z", "a😀", [""]],
    ["^.", "😀\nb", ["😀", "b"], "m"],
    [".$", "😀\nb\n", ["😀", "b"], "m"],
    [".$", "😀\nb\n", ["b"]],
    ["\\A[\\W_]*(Yes|No)[\\W_]*\\Z", "éNo", [], "i"],
    ["\\A[\\W_]*(Yes|No)[\\W_]*\\Z", "— _No_ e\u0301", []],
    ["\\A[\\W_]*(Yes|No)[\\W_]*\\Z", "—‿_No_\u0301", ["No"]],
    ["[^\\W\\d_]+", "naïve_42 żółw", ["naïve", "żółw"]],
    ["[^\\s]+", "a\ufeffb\x1cc\x85d\u3000e", ["a\ufeffb", "c", "d", "e"]],
    ["[\\S]+", "a\x1fb\u2028c", ["a", "b", "c"]],
    ["\\s", "\ufeff\u200b\x1d", ["\x1d"]],
  ])("%j in %j", (pattern, text, found, flags) => {
    expect(texts(pattern, text, flags)).toEqual(found);
  });
});
