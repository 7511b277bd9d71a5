import { describe, expect, test } from "vitest";
import { sha256 } from "../../record/index.ts";
import { knownShape } from "./known-shapes.ts";
import { closureOf, readPython, shapeOf } from "./python-source.ts";
import { rowFilter } from "./row-filter.ts";

const helperOf = (source: string, name: string) => {
  const module = readPython(source);
  return {
    name: `utils.${name}`,
    function: name,
    module,
    folder: "/",
    closure: closureOf(module, name),
    library: null,
  };
};

describe("a module in one spelling", () => {
  const source = `
"""A module."""
import re  # for later


WORDS = [
    "one",  # a comment
    'two # no comment',
]


@decorated
def count(text: str, words: list[str] = WORDS) -> int:
    """Counts.

    More words.
    """

    found: int = sum(
        1
        for word in words
        if word in text
    )
    return found


def other():
    return re.compile("#")
`;

  test("has no comments, docstrings, annotations or optional line breaks", () => {
    expect(readPython(source).bindings.get("count")).toBe(
      "@decorated\ndef count(text, words=WORDS):\n    found = sum(1 for word in words if word in text)\n    return found",
    );
    expect(readPython(source).bindings.get("WORDS")).toBe(`WORDS = ["one", 'two # no comment']`);
  });

  test("a function's closure is all it reaches, and nothing else", () => {
    const module = readPython(source);
    expect(closureOf(module, "count").split("\n").at(-1)).toMatch(/^WORDS = /);
    expect(closureOf(module, "count")).not.toContain("compile");
    expect(closureOf(module, "other")).toContain("import re");
    expect(closureOf(module, "missing")).toBe("");
  });

  test("a tuple of one keeps its comma, a call loses it", () => {
    expect(readPython("a = (1,)\nb = f(\n    1,\n)\n").statements).toEqual(["a = (1,)", "b = f(1)"]);
  });
});

describe("a shape", () => {
  test("is code without its words; what an f-string computes stays", () => {
    const { shape, strings } = shapeOf(`def ask(doc):\n    return f"Q: {doc['q']}\\n" + 'A:' + r"\\d"`, "ask");
    expect(shape).toBe(`def _(doc):\n    return f"§{doc['q']}§" + "§" + "§"`);
    expect(strings).toEqual(["Q: ", "\n", "A:", "\\d"]);
  });
});

describe("row filters", () => {
  const keep = (source: string, name: string) => {
    const { shape, strings } = shapeOf("", name);
    return rowFilter({ ...helperOf(source, name), shapeHash: shape, strings }, undefined as never)?.keep;
  };
  const filter =
    'from functools import partial\n\ndef only(rows, kind):\n    return rows.filter(lambda r: r["kind"] == kind)\n';

  test.each([
    ["a constant", 'def f(rows):\n    return rows.filter(lambda r: r["a b"] != "x")', "f", '__row__["a b"] != "x"'],
    ["a length", 'def f(rows):\n    return rows.filter(lambda r: len(r["list"]) > 0)', "f", "list|length > 0"],
    ["partial", `${filter}\nf = partial(only, kind="x's")`, "f", `kind == "x's"`],
    [
      "an f-string",
      'def only(rows, kind):\n    return rows.filter(lambda r: r["kind"] == f"a.{kind}")\n\nf = partial(only, kind="b")',
      "f",
      'kind == "a.b"',
    ],
    [
      "a factory",
      `${filter}\nKINDS = ["Big & Small", "Red"]\ntable = {f"f_{k.lower().replace(' & ', '_')}": partial(only, kind=k) for k in KINDS}\nglobals().update(table)`,
      "f_big_small",
      'kind == "Big & Small"',
    ],
  ])("by %s", (_, source, name, expected) => {
    expect(keep(source, name)).toBe(expected);
  });

  test.each([
    ["a filter that does more", 'def f(rows):\n    return rows.filter(lambda r: r["a"] == "x" and r["b"])', "f"],
    ["the wrong parameter", `${filter}\nf = partial(only, rows="x")`, "f"],
    [
      "a factory that is never registered",
      `${filter}\nK = ["a"]\nt = {f"f_{k}": partial(only, kind=k) for k in K}`,
      "f_a",
    ],
    ["a name alone", "f = something_else", "f"],
  ])("not by %s", (_, source, name) => {
    expect(keep(source, name)).toBeUndefined();
  });
});

describe("known helpers", () => {
  const knowledge = (source: string, name: string) => {
    const helper = helperOf(source, name);
    const { shape, strings } = shapeOf(helper.closure, name);
    return knownShape({ ...helper, shapeHash: sha256(shape).slice(0, 16), strings }, undefined as never);
  };

  test("are recognised by their code, with other words and under another name", () => {
    expect(knowledge('def gold(doc):\n    return doc["Right Answer"]', "gold")).toEqual({
      value: '{{ __row__["Right Answer"] }}',
    });
    const labels =
      'def gold(doc):\n    replacements = {0: "oui", 1: "non", 2: "si"}\n    return replacements[doc["label"]]';
    expect(knowledge(labels, "gold")).toEqual({ value: '{{ ["oui","non","si"][label] }}' });
    const blank = 'def texts(doc):\n    choices = ast.literal_eval(doc["opts"])\n    return choices\nimport ast';
    expect(knowledge(blank, "texts")).toEqual({ value: "{{ literal_eval(opts) }}" });
  });

  test("are not recognised when their code does anything else", () => {
    const labels =
      'def gold(doc):\n    replacements = {0: "oui", 1: "non", 2: "si"}\n    return replacements[doc["label"] - 1]';
    expect(knowledge(labels, "gold")).toBeUndefined();
  });

  test("an unknown shape is unknown, whatever its name", () => {
    const helper = { ...helperOf("def process_docs(d):\n    return d", "process_docs"), shapeHash: "0", strings: [] };
    expect(knownShape(helper, undefined as never)).toBeUndefined();
  });
});
