import { expect, test } from "vitest";
import { lastMentions } from "./last-mentions.ts";

test.each([
  ["apple mango pear", ["pear", "apple", "mango"], "apple mango pear"],
  ["First pear, then apple. Sorted: apple, pear.", ["pear", "apple"], "apple pear"],
  ["pears are no pear", ["pear"], "pear"],
  ["nothing listed", ["pear"], ""],
  ["o'clock (c++) a.b", ["o'clock", "a.b"], "o'clock a.b"],
  ["anything", [], ""],
])("%j mentions of %j", (text, words, expected) => {
  expect(lastMentions(text, words)).toBe(expected);
});
