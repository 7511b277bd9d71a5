import { expect, test } from "vitest";
import { functionBody } from "./function-body.ts";

// What inspect_evals 0.26.0 reads in these.
test.each([
  ["a block that is called Python", "Sure:\n```python\ndef f(x):\n    return x\n```\nDone.", "    return x\n"],
  ["the Python block behind another one", "```\npip install x\n```\n```py\ndef f():\n    pass\n```", "    pass\n"],
  ["a block without a name", "```\ndef f():\n    pass\n```", "    pass\n"],
  ["no block", "    return x", "    return x"],
  ["a block in another language", "```js\nlet x = {a:\n    1}\n```", "```js\nlet x = {a:\n    1}\n```"],
  ["a block that never ends", "```Python3\ndef f():\n    pass", "    pass"],
  ["a nameless block that never ends", "def f():\n    pass\n```\n", "def f():\n    pass\n```\n"],
  ["a fence behind code", "```python\ndef f():\n    pass```", "    pass"],
  ["Windows' line ends", "```python\r\ndef f():\r\n    pass\r\n```", "    pass\n"],
  ["an empty block and another one", "```python\n\n```\n```python\ndef f():\n    pass\n```", "    pass\n"],
  ["nothing indented", "```python\nx = 1\n```", " = 1\n"],
  ["a helper first", "```python\ndef g():\n    pass\n\ndef f():\n    g()\n```", "    pass\n\ndef f():\n    g()\n"],
])("%s", (_, response, body) => {
  expect(functionBody(response)).toBe(body);
});

test.each([
  ["fences without end", "```".repeat(50_000)],
  ["openings without code", "```python\n".repeat(10_000)],
  ["blanks behind fences", `\`\`\`python${" ".repeat(100_000)}x`],
])("%s end in time", { timeout: 60_000 }, (_, response) => {
  expect(typeof functionBody(response)).toBe("string");
});
