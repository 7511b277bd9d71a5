import { pythonRegex } from "./python-regex.ts";

/** A block ends at a fence on a line of its own, before any other fence at a line's start, at one behind code, or with the text. */
const close = String.raw`(?:^\x60\x60\x60[ \t\r]*$|(?=^\x60\x60\x60)|(?<=\S)\x60\x60\x60[ \t\r]*$|(\Z))`;
const python = "(?:python3|python|py)";
const labelled = pythonRegex(
  String.raw`(?:^\x60\x60\x60[ \t]*${python}(?=[\s\x60])[^\n]*|\x60\x60\x60[ \t]*${python}[ \t]*)\r?\n(.*?)${close}`,
  "ims",
);
const fenced = pythonRegex(String.raw`^\x60\x60\x60[ \t]*([^\s\x60]*)[^\n]*\r?\n(.*?)${close}`, "ms");

/**
 * What a response puts under a function's head, as inspect_evals' HumanEval reads it: the lines behind the first ":" that an indented one
 * follows, in the first block that is called Python, else in the first closed block that isn't called anything. Without a block
 * it is the whole response.
 *
 * @see https://github.com/UKGovernmentBEIS/inspect_evals/blob/main/src/inspect_evals/humaneval/humaneval.py (`find_code`)
 */
export function functionBody(response: string): string {
  const block = firstBlock(response)?.replaceAll("\r\n", "\n");
  // Where nothing is indented, the source cuts off the first character all the same.
  return block === undefined ? response : block.slice(block.indexOf(":\n    ") + 2);
}

function firstBlock(response: string): string | undefined {
  for (const [, block = ""] of response.matchAll(labelled)) if (block.trim() !== "") return block;
  for (const [, label, block = "", end] of response.matchAll(fenced))
    if (label === "" && block.trim() !== "" && end === undefined) return block;
  return undefined;
}
