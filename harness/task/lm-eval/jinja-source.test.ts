import { expect, test } from "vitest";
import { compileTemplate } from "../../prompt/index.ts";
import { column, eachOf, fixed, formatted, shown } from "./jinja-source.ts";

test("fixed text comes out as it was, whatever braces it holds", () => {
  for (const text of ["plain", "a { b", "{", "}", "{{ x }}", "{% if %}", "{# c #}", "a{{", "tail {"])
    expect(compileTemplate(fixed(text)).render({})).toBe(text);
});

test("Python's format, by position and by name, with doubled braces", () => {
  expect(compileTemplate(formatted("{} and {{x}} and {}", [shown("a"), shown("b")])).render({ a: 1, b: "z" })).toBe(
    "1 and {x} and z",
  );
  expect(compileTemplate(formatted("{q}: {q} {r}", { q: shown("a"), r: "R" })).render({ a: "?" })).toBe("?: ? R");
});

test("a text for each entry, with separators between", () => {
  const template = compileTemplate(eachOf("list", "{{ loop.index0 }}={{ entry }}", "\n"));
  expect(template.render({ list: ["a", "b"] })).toBe("0=a\n1=b");
});

test("a column whose name is no name is read from the row", () => {
  expect(compileTemplate(shown(column("Option 1"))).render({ "Option 1": "x" })).toBe("x");
});
