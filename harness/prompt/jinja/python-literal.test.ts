import { describe, expect, test } from "vitest";
import { compileTemplate } from "./compile.ts";
import { pythonLiteral } from "./python-literal.ts";

describe("Python literals", () => {
  test.each([
    ["['a', 'b']", ["a", "b"]],
    [`["it's", 'say "hi"', 'a\\'b\\n\\u00e9\\x41']`, ["it's", 'say "hi"', "a'b\néA"]],
    ["[1, -2, 2.5, True, False, None,]", [1, -2, 2.5, true, false, null]],
    ["{'a': [1], 'b': {'c': 'd'}}", { a: [1], b: { c: "d" } }],
    ["'a' 'b'", "ab"],
    ["  7", 7],
    ["0x1F", 31],
    ["[]", []],
    ["('a')", "a"],
    ["'''x'y'''", "x'y"],
    ["'\\d'", "\\d"],
  ])("%s", (text, value) => {
    expect(pythonLiteral(text)).toEqual(value);
  });

  test("a tuple of one entry needs its comma", () => {
    expect([...(pythonLiteral("('a',)") as string[])]).toEqual(["a"]);
  });

  test.each(["[1", "x", "1 2", "007", "", "[a]", "{'a'}", "f()"])("%s is none", (text) => {
    expect(() => pythonLiteral(text)).toThrow(/not a Python literal/);
  });

  test("templates read them with a function, with or without something to fall back on", () => {
    expect(compileTemplate("{{ literal_eval(text) }}").evaluate({ text: "['a']" })).toEqual(["a"]);
    expect(compileTemplate("{{ literal_eval(text, text) }}").evaluate({ text: "[oops" })).toBe("[oops");
    expect(() => compileTemplate("{{ literal_eval(text) }}").evaluate({ text: "oops" })).toThrow(/literal/);
  });

  test("templates reach columns whose names aren't names", () => {
    const template = compileTemplate('{{ __row__["Answer Key"] if __row__["Answer Key"] is defined else "none" }}');
    expect(template.evaluate({ "Answer Key": 2 })).toBe(2);
    expect(template.evaluate({})).toBe("none");
  });
});
