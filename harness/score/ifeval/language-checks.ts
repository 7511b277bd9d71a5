import { isLower, isUpper } from "../python-text.ts";
import { countCapitalWords } from "./capital-words.ts";
import { countSentences } from "./count-sentences.ts";
import { detectLanguage } from "./detect-language.ts";
import type { Check } from "./instruction.ts";

/** A text that no language can be told of (digits, signs) follows, as in the original. */
async function isIn(language: string, text: string): Promise<boolean> {
  const detected = await detectLanguage(text);
  return detected === null || detected === language;
}

/** Checks of language, case and length. */
export const languageChecks: Record<string, Check> = {
  "language:response_language": (response, given) => isIn(given.text("language"), response),
  "change_case:english_capital": async (response) => isUpper(response) && (await isIn("en", response.toLowerCase())),
  "change_case:english_lowercase": async (response) => isLower(response) && (await isIn("en", response)),
  "change_case:capital_word_frequency": (response, given) =>
    given.allows(countCapitalWords(response), { relation: "capital_relation", threshold: "capital_frequency" }),
  "length_constraints:number_words": (response, given) =>
    given.allows(response.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0, { relation: "relation", threshold: "num_words" }),
  "length_constraints:number_sentences": (response, given) =>
    given.allows(countSentences(response), { relation: "relation", threshold: "num_sentences" }),
};
