import { describe, expect, test } from "vitest";
import { pythonProgram } from "./python-program.ts";

const read = (response: string) => pythonProgram(response, "solve")?.text;

describe("the program around a function", () => {
  test("is what a code block defines, less usage and prints", () => {
    const response = `Here's how:

\`\`\`python
import math
from typing import List

LIMIT = 10
UNUSED = 3

def helper(n):
    # a note
    return n % LIMIT

def solve(values: List[int]) -> int:
    """Adds 'em up: it's easy (really."""
    text = "def fake(): ["

    return sum(helper(v) for v in values)

print(solve([1, 2]))
assert solve([1]) == 1
if __name__ == "__main__":
    solve([])
\`\`\`
That's it.`;
    expect(read(response)).toBe(`import math
from typing import List
LIMIT = 10
def helper(n):
    # a note
    return n % LIMIT
def solve(values: List[int]) -> int:
    """Adds 'em up: it's easy (really."""
    text = "def fake(): ["

    return sum(helper(v) for v in values)
`);
  });

  test("is found in bare text between lines of prose", () => {
    expect(read("Sure, from what I know:\ndef solve(x):\n    return x\nThat's from the book, import it.")).toBe(
      "def solve(x):\n    return x\n",
    );
  });

  test("comes from the longest of several blocks", () => {
    const response =
      "```python\ndef solve(x):\n    return x\n```\nBetter:\n```\ndef solve(x):\n    y = x\n    return y\n```";
    expect(read(response)).toBe("def solve(x):\n    y = x\n    return y\n");
  });

  test("passes a stub over for the definition that returns, and takes a stub where there is nothing else", () => {
    expect(read('def solve(x):\n    """Do."""\n\ndef solve(x):\n    return 1\n')).toBe("def solve(x):\n    return 1\n");
    expect(read("def solve(x):\n    print(x)\n")).toBe("def solve(x):\n    print(x)\n");
  });

  test("keeps decorators, classes, multi-line signatures and lines inside triple quotes", () => {
    const code = `from functools import cache
class Node:
    def __init__(self, value):
        self.value = value
@cache
def solve(
    first,
    second,
):
    text = """
not a statement
"""
    return Node(text)
`;
    expect(read(`\`\`\`py\n${code}\`\`\``)).toBe(code);
  });

  test("reads names inside f-strings, and an assigned lambda", () => {
    expect(read('def name():\n    return "x"\ndef solve():\n    return f"{name()}"\n')).toContain("def name");
    expect(read("solve = lambda x: (\n    x + 1\n)\nprint(1)")).toBe("solve = lambda x: (\n    x + 1\n)\n");
  });

  test("survives an open fence, carriage returns and no definition at all", () => {
    expect(read("```python\ndef solve(x):\r\n    return x\r\n")).toBe("def solve(x):\r\n    return x\r\n");
    expect(read("I don't know (sorry")).toBeUndefined();
    expect(read("```python\ndef other():\n    return 1\n```")).toBeUndefined();
  });

  test("says where in the response it lies", () => {
    const response = "Look:\n```python\nimport os\ndef solve(x):\n    return x\nprint(2)\n```";
    const [start, end] = pythonProgram(response, "solve")?.span ?? [0, 0];
    expect(response.slice(start, end)).toBe("import os\ndef solve(x):\n    return x");
  });

  test("takes time in proportion to the text", () => {
    const response = `def solve(x):\n${"    y = ((('a'))) # it's\n".repeat(100_000)}    return 1\n`;
    expect(read(response)).toBe(response);
  });
});
