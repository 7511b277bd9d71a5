import { expect, test } from "vitest";
import { compileTemplate } from "./compile.ts";

const evaluate = (template: string, variables: Record<string, unknown>) =>
  compileTemplate(template).evaluate(variables);

test("regex_findall lists the matches of a pattern's one group", () => {
  const input = "Which?\nOptions:\n(A) red (dark)\n(B) 10^2\n(C) blue";
  expect(evaluate('{{ input | regex_findall("\\\\([A-Z]\\\\)([^\\\\n^(]*)") }}', { input })).toEqual([
    " red ",
    " 10",
    " blue",
  ]);
});

test("regex_findall lists whole matches of a pattern without groups, and nothing where nothing matches", () => {
  expect(evaluate('{{ input | regex_findall("[0-9]+") | list }}', { input: "3 and 14" })).toEqual(["3", "14"]);
  expect(evaluate('{{ input | regex_findall("[0-9]+") }}', { input: "none" })).toEqual([]);
});
