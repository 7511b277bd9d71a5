import { expect, test } from "vitest";
import { compileTemplate } from "./compile.ts";

test.each([
  ["text beyond what a string can hold", "{{ 'x' * 10**10 }}"],
  ["a list beyond all memory", "{{ [1, 2] * 10**9 }}"],
  ["a range beyond all memory", "{% for i in range(10**9) %}x{% endfor %}"],
  ["a macro that calls itself", "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}"],
])("%s is refused as a fault of the template", (_, source) => {
  expect(() => compileTemplate(source).render({})).toThrow(
    expect.objectContaining({ code: "TEMPLATE_FAILED", why: expect.stringContaining("The template is") }),
  );
});
