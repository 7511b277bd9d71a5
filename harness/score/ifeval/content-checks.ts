import { pythonRegex } from "../../extract/index.ts";
import { splitBlanks, strip, stripCharacter } from "../python-text.ts";
import type { Check } from "./instruction.ts";

const frequency = { relation: "relation", threshold: "frequency" };

function countMatches(pattern: RegExp, text: string): number {
  let count = 0;
  for (const _match of text.matchAll(pattern)) count += 1;
  return count;
}

/** Keywords are patterns to the original; a keyword that is no pattern stands for itself. */
function keywordPattern(keyword: string, around = ""): RegExp {
  try {
    return pythonRegex(around + keyword + around, "i");
  } catch {
    return pythonRegex(around + keyword.replace(/[^\p{L}\p{N}\s]/gu, "\\$&") + around, "i");
  }
}

const has = (pattern: RegExp, text: string) => text.search(pattern) >= 0;

const postscripts: Record<string, RegExp> = { "P.P.S": /p\.\s?p\.\s?s/, "P.S.": /p\.\s?s\./ };

/** Squared brackets on one line. */
function countPlaceholders(text: string): number {
  let count = 0;
  for (const line of text.split("\n")) {
    for (let at = line.indexOf("["); at >= 0; ) {
      const end = line.indexOf("]", at);
      if (end < 0) break;
      count += 1;
      at = line.indexOf("[", end);
    }
  }
  return count;
}

/** The word that a paragraph begins with, up to the first punctuation mark, without quotes before it. */
function firstWord(paragraph: string): string {
  const [word = ""] = splitBlanks(paragraph);
  const bare = stripCharacter(stripCharacter(word, "'", "left"), '"', "left");
  return /^[^.,?!'"]*/.exec(bare)?.[0].toLowerCase() ?? "";
}

/** Checks of what is said: keywords, letters, placeholders, postscript, a repeated prompt, the first word of a paragraph. */
export const contentChecks: Record<string, Check> = {
  "keywords:existence": (response, given) =>
    given.texts("keywords").every((keyword) => has(keywordPattern(keyword), response)),
  "keywords:frequency": (response, given) =>
    given.allows(countMatches(keywordPattern(given.text("keyword").trim()), response), frequency),
  "keywords:forbidden_words": (response, given) =>
    !given.texts("forbidden_words").some((word) => has(keywordPattern(word, "\\b"), response)),
  "keywords:letter_frequency": (response, given) => {
    const letter = given.text("letter").trim().toLowerCase();
    const count = response.toLowerCase().split(letter).length - 1;
    return given.allows(count, { relation: "let_relation", threshold: "let_frequency" });
  },
  "detectable_content:number_placeholders": (response, given) =>
    countPlaceholders(response) >= given.number("num_placeholders"),
  "detectable_content:postscript": (response, given) => {
    const marker = given.text("postscript_marker").trim();
    return has(postscripts[marker] ?? keywordPattern(marker.toLowerCase()), response.toLowerCase());
  },
  "combination:repeat_prompt": (response, given) =>
    strip(response)
      .toLowerCase()
      .startsWith(strip(given.text("prompt_to_repeat")).toLowerCase()),
  "length_constraints:nth_paragraph_first_word": (response, given) => {
    const paragraphs = response.split("\n\n");
    const filled = paragraphs.filter((paragraph) => strip(paragraph) !== "").length;
    const nth = given.number("nth_paragraph");
    const chosen = strip(paragraphs[nth - 1] ?? "");
    if (nth > filled || chosen === "") return false;
    return filled === given.number("num_paragraphs") && firstWord(chosen) === given.text("first_word").toLowerCase();
  },
};
