import { randomStream } from "../../stats/index.ts";
import { NgramIndex } from "./ngram-index.ts";
import type { Subject } from "./subject.ts";
import { SubstringIndex } from "./substring-index.ts";

/** How many items a rule of another project calls contaminated. */
export interface RuleCount {
  rule: string;
  /** What the rule says, and whose it is. */
  says: string;
  found: number;
  /** Items long enough for it. */
  testable: number;
}

const substrings = 3;
const substringLength = 50;

/**
 * What papers call contaminated, counted beside our own levels so that numbers can be compared. All of them look for an item's
 * question and options in a row, anywhere in the corpus, and none asks whether the pieces stand together.
 *
 * @see Brown et al. 2020 (13-grams), Chowdhery et al. 2022 (PaLM), Dubey et al. 2024 (Llama 3), OpenAI 2023 (GPT-4)
 */
export class PublishedRules {
  readonly #subjects: readonly Subject[];
  readonly #eight: NgramIndex;
  readonly #thirteen: NgramIndex;
  readonly #eightSeen: Uint8Array;
  readonly #thirteenSeen: Uint8Array;
  readonly #pieces: SubstringIndex;
  /** For each item, the numbers of its substrings; none where it is too short. */
  readonly #drawn: number[][];

  constructor(subjects: readonly Subject[], compact: readonly string[], seed: number) {
    this.#subjects = subjects;
    const texts = subjects.map(({ whole }) => whole);
    this.#eight = new NgramIndex(8, texts);
    this.#thirteen = new NgramIndex(13, texts);
    this.#eightSeen = new Uint8Array(this.#eight.size);
    this.#thirteenSeen = new Uint8Array(this.#thirteen.size);
    this.#pieces = new SubstringIndex(substringLength);
    this.#drawn = compact.map((text, number) => {
      const places = text.length - substringLength + 1;
      if (places <= 0) return [];
      const random = randomStream(seed, `contamination ${subjects[number]!.item}`);
      return Array.from({ length: substrings }, () => {
        const start = Math.floor(((random.next() >>> 0) / 2 ** 32) * places);
        return this.#pieces.add(text.slice(start, start + substringLength));
      });
    });
  }

  /** Takes in a piece of the corpus: its words, numbered and in a row without anything between. */
  look(words: Int32Array, compact: string): void {
    this.#eight.scan(words, (gram) => {
      this.#eightSeen[gram] = 1;
    });
    this.#thirteen.scan(words, (gram) => {
      this.#thirteenSeen[gram] = 1;
    });
    this.#pieces.look(compact);
  }

  counts(): RuleCount[] {
    const count = (rule: string, says: string, found: (number: number) => boolean | null): RuleCount => {
      const verdicts = this.#subjects.map((_, number) => found(number));
      const testable = verdicts.filter((verdict) => verdict !== null).length;
      return { rule, says, found: verdicts.filter(Boolean).length, testable };
    };
    return [
      count("any-13-gram", "any run of 13 words (GPT-3's kind)", (number) => {
        const grams = this.#thirteen.byText[number]!;
        return grams.length === 0 ? null : grams.some((gram) => this.#thirteenSeen[gram] === 1);
      }),
      count("8-grams-70", "70 % of the runs of 8 words (PaLM)", (number) => {
        const grams = this.#eight.byText[number]!;
        const seen = grams.filter((gram) => this.#eightSeen[gram] === 1).length;
        return grams.length === 0 ? null : seen >= 0.7 * grams.length;
      }),
      count("8-gram-cover-80", "80 % of the words inside seen runs of 8 (Llama 3's ratio)", (number) => {
        const covered = this.#covered(number);
        return covered === null ? null : covered >= 0.8;
      }),
      count(
        "50-characters",
        `any of ${substrings} drawn runs of ${substringLength} letters and digits (GPT-4)`,
        (number) => {
          const drawn = this.#drawn[number]!;
          return drawn.length === 0 ? null : drawn.some((piece) => this.#pieces.isFound(piece));
        },
      ),
    ];
  }

  #covered(number: number): number | null {
    const grams = this.#eight.byText[number]!;
    if (grams.length === 0) return null;
    const words = grams.length + 7;
    let covered = 0;
    let until = 0;
    for (const [at, gram] of grams.entries()) {
      if (this.#eightSeen[gram] !== 1) continue;
      covered += at + 8 - Math.max(at, until);
      until = at + 8;
    }
    return covered / words;
  }
}
