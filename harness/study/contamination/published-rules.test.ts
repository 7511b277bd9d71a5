import { expect, test } from "vitest";
import { NgramIndex } from "./ngram-index.ts";
import { PublishedRules } from "./published-rules.ts";
import { type ItemText, type Subject, subjectsOf } from "./subject.ts";
import { SubstringIndex } from "./substring-index.ts";
import { tokenise, Vocabulary } from "./tokenise.ts";

const alphabet = [..."abcdefghijklmnopqrstuvwxyz"].map((letter) => letter.repeat(3));
const wordsFrom = (first: number, count: number) => alphabet.slice(first, first + count).join(" ");
const item = (question: string): ItemText => ({ item: "i", question, choices: null, answer: "" });

/** What each rule says of one item over a corpus: found, not found, or too short (null). */
function verdicts(question: string, ...documents: string[]): Record<string, boolean | null> {
  const vocabulary = new Vocabulary();
  const [subject] = subjectsOf([item(question)], vocabulary) as [Subject];
  const rules = new PublishedRules([subject], [vocabulary.compact(subject.whole)], 0);
  for (const document of documents) {
    const words = tokenise(document);
    rules.look(vocabulary.read(words), words.join(""));
  }
  return Object.fromEntries(
    rules.counts().map(({ rule, found, testable }) => [rule, testable === 0 ? null : found === 1]),
  );
}

test("a run of 13 words is enough for the 13-gram rule, and 12 are not", () => {
  expect(verdicts(wordsFrom(0, 26), wordsFrom(5, 13))["any-13-gram"]).toBe(true);
  expect(verdicts(wordsFrom(0, 26), wordsFrom(5, 12), wordsFrom(0, 12))["any-13-gram"]).toBe(false);
  expect(verdicts(wordsFrom(0, 12), wordsFrom(0, 12))["any-13-gram"]).toBeNull();
});

test("of 19 runs of 8 words PaLM's rule wants 14, wherever they stand", () => {
  // 26 words have 19 runs of 8; 70 % of them are 13.3.
  expect(verdicts(wordsFrom(0, 26), wordsFrom(0, 21))["8-grams-70"]).toBe(true);
  expect(verdicts(wordsFrom(0, 26), wordsFrom(0, 20))["8-grams-70"]).toBe(false);
  expect(verdicts(wordsFrom(0, 26), wordsFrom(0, 14), wordsFrom(12, 14))["8-grams-70"]).toBe(true);
});

test("Llama 3's ratio counts words inside seen runs, each once", () => {
  // 80 % of 26 words are 20.8.
  expect(verdicts(wordsFrom(0, 26), wordsFrom(0, 11), wordsFrom(16, 10))["8-gram-cover-80"]).toBe(true);
  expect(verdicts(wordsFrom(0, 26), wordsFrom(0, 10), wordsFrom(16, 10))["8-gram-cover-80"]).toBe(false);
  expect(verdicts(wordsFrom(0, 26), wordsFrom(0, 20))["8-gram-cover-80"]).toBe(false);
});

test("GPT-4's rule looks for 50 characters in a row, whatever stands between words", () => {
  const question = wordsFrom(0, 26);
  expect(verdicts(question, question.replaceAll(" ", "\n* "))["50-characters"]).toBe(true);
  expect(verdicts(question, wordsFrom(0, 12), wordsFrom(13, 13))["50-characters"]).toBe(false);
  expect(verdicts(wordsFrom(0, 16), wordsFrom(0, 16))["50-characters"]).toBeNull();
});

test("an index numbers equal runs alike, and counts the texts that hold them", () => {
  const [a, b] = [Int32Array.of(1, 2, 3, 1, 2, 3), Int32Array.of(9, 1, 2, 3)];
  const index = new NgramIndex(3, [a, b]);
  expect(index.byText.map((grams) => [...grams])).toEqual([
    [0, 1, 2, 0],
    [3, 0],
  ]);
  expect([...index.holders]).toEqual([2, 1, 1, 1]);
  const found: [number, number][] = [];
  index.scan(Int32Array.of(1, 2, -1, 3, 1, 2, 3, 1, 9, 1, 2, 3), (gram, at) => found.push([gram, at]));
  expect(found).toEqual([
    [2, 3],
    [0, 4],
    [1, 5],
    [3, 8],
    [0, 9],
  ]);
});

test("an index finds every run among many that collide, and no other", () => {
  const texts = Array.from({ length: 3000 }, (_, text) => Int32Array.of(text, 7, text + 1, 7));
  const index = new NgramIndex(2, texts);
  // 3,001 runs end in 7, 3,000 begin with it, and 7 7 does both.
  expect(index.size).toBe(6000);
  let hits = 0;
  for (let word = 0; word < 3000; word += 1) index.scan(Int32Array.of(word, word), () => (hits += 1));
  // 7 7 is the only run of a word with itself.
  expect(hits).toBe(1);
  for (const text of texts.slice(0, 50)) index.scan(text, () => (hits += 1));
  expect(hits).toBe(1 + 150);
});

test("substrings are found at every offset, compared and not only hashed", () => {
  const index = new SubstringIndex(3);
  // "Aa" and "BB" have the same hash in base 31.
  const [one, two, three] = [index.add("Aax"), index.add("xyz"), index.add("end")];
  expect(index.add("Aax")).toBe(one);
  index.look("..BBx..xyxyz..en");
  expect([one, two, three].map((number) => index.isFound(number))).toEqual([false, true, false]);
  index.look("end");
  expect(index.isFound(three)).toBe(true);
  expect(() => index.add("four")).toThrow(RangeError);
});
