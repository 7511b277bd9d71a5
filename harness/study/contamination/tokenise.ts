/** Of the words, rules and levels here: raise it when a change could give another verdict. */
export const contaminationVersion = "1";

/** Scripts without spaces between words: each of their characters is a token. */
const alone = ["Han", "Hiragana", "Katakana", "Thai", "Lao", "Khmer", "Myanmar"]
  .map((script) => `\\p{Script=${script}}`)
  .join("");
const anyWord = new RegExp(`[${alone}]|[[\\p{L}\\p{N}\\p{M}]--[${alone}]]+`, "gv");
const asciiWord = /[a-z0-9]+/g;
const isAscii = /^[\0-\x7f]*$/;
/** Characters that show nothing, and character references of HTML, which stand for punctuation nearly always. */
const invisible = /[\u00ad\u200b-\u200f\u2060\ufeff]/g;
const htmlReference = /&(?:[a-z]{2,6}|#\d{1,6}|#x[\da-f]{1,5});/gi;

/** Words as they are compared: compatibility forms and letter case folded, runs of letters and digits, nothing else. */
export function tokenise(text: string): string[] {
  const visible = text.includes("&") ? text.replace(htmlReference, " ") : text;
  if (isAscii.test(visible)) return visible.toLowerCase().match(asciiWord) ?? [];
  return visible.replace(invisible, "").normalize("NFKC").toLowerCase().match(anyWord) ?? [];
}

/** Stands for every word that no item has. */
export const unknownWord = -1;

/** Numbers for the words of a benchmark. */
export class Vocabulary {
  readonly #numbers = new Map<string, number>();
  #words: string[] | undefined;

  get size(): number {
    return this.#numbers.size;
  }

  /** Numbers of a text's words; new words get new numbers. */
  learn(text: string): Int32Array {
    return Int32Array.from(tokenise(text), (word) => {
      const known = this.#numbers.get(word);
      if (known !== undefined) return known;
      this.#numbers.set(word, this.#numbers.size);
      return this.#numbers.size - 1;
    });
  }

  /** A text's words without anything between them. */
  compact(numbers: Int32Array): string {
    this.#words ??= [...this.#numbers.keys()];
    return Array.from(numbers, (number) => this.#words?.[number] ?? "").join("");
  }

  /** Numbers of words; {@link unknownWord} for those that no item has. */
  read(words: readonly string[]): Int32Array {
    return Int32Array.from(words, (word) => this.#numbers.get(word) ?? unknownWord);
  }
}
