import { expect, test } from "vitest";
import { compileTemplate } from "./compile.ts";

const evaluate = (source: string, variables: Record<string, unknown> = {}) =>
  compileTemplate(source).evaluate(variables);

test.each([
  ["{{ shuffled('abcd' | list, 'What is it?') }}", ["b", "d", "c", "a"]],
  ["{{ shuffled('abcdef' | list, 'größer 😀') }}", ["a", "c", "d", "b", "e", "f"]],
  ["{{ shuffled('abcd' | list, 42, 3) }}", ["b", "c", "a", "d"]],
  ["{{ shuffled([1, 2, 3, 4], seed=0) }}", [3, 1, 2, 4]],
  ["{{ shuffled([], 7) }}", []],
])("%s is CPython's order", (source, order) => {
  expect(evaluate(source)).toEqual(order);
});

test("the list itself stays as it was", () => {
  const list = [1, 2, 3, 4, 5];
  evaluate("{{ shuffled(list, 1) }}", { list });
  expect(list).toEqual([1, 2, 3, 4, 5]);
});

test("a seed there is not is refused", () => {
  expect(() => evaluate("{{ shuffled([1]) }}")).toThrow(/needs "seed"/);
  expect(() => evaluate("{{ shuffled('ab', 1) }}")).toThrow(/takes a list/);
});
