import { expect, test } from "vitest";
import { tokenise, unknownWord, Vocabulary } from "./tokenise.ts";

test.each([
  ["case and punctuation", "It's 3.5%—OK?", ["it", "s", "3", "5", "ok"]],
  ["escapes of HTML", "a &lt; b &amp;&#39;c&#x27;", ["a", "b", "c"]],
  ["compatibility forms", "ﬁne x² Ａ", ["fine", "x2", "a"]],
  ["accents, whole or in two characters", "é e\u0301", ["é", "é"]],
  ["characters that show nothing", "con\u200bta\u00admin\ufeffated", ["contaminated"]],
  ["scripts without spaces", "質問1か", ["質", "問", "1", "か"]],
  ["line ends", "one\r\ntwo\u2028three", ["one", "two", "three"]],
  ["nothing", " -- ", []],
  ["what every object has", "constructor __proto__", ["constructor", "proto"]],
])("words without %s", (_what, text, words) => {
  expect(tokenise(text)).toEqual(words);
});

test("words of a benchmark have numbers, others have none", () => {
  const vocabulary = new Vocabulary();
  expect([...vocabulary.learn("To be, or not to be")]).toEqual([0, 1, 2, 3, 0, 1]);
  expect([...vocabulary.read(["be", "constructor", "not"])]).toEqual([1, unknownWord, 3]);
  expect(vocabulary.compact(Int32Array.of(3, 0))).toBe("notto");
});
