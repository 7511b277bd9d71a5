import { NgramIndex } from "./ngram-index.ts";
import type { Subject } from "./subject.ts";

/** How much of an item stood in one place of the corpus, from most to least. */
export const levels = ["verbatim-item", "verbatim-question", "near-duplicate"] as const;
export type Level = (typeof levels)[number];

/** An item seen in a piece of text. */
export interface Sighting {
  subject: number;
  level: Level;
  /** Share of the question's words that stand there, rare words weighing more. */
  coverage: number;
  choicesFound: number;
  answerFound: boolean;
}

const seedWords = 5;
/** A run of words that more items share than this is no reason to look at any of them. */
const mostHolders = 20;
/** Words that may be added, left out or changed between two runs. */
const mostGap = 4;
const verbatim = 0.75;
const near = 0.5;
/** Below this many words a question alone isn't telling. */
const longQuestion = 10;
const uniqueRun = 8;
const reach = 30;
const solutionGram = 8;

/** Consecutive matches of a question in a text: where they begin in both. */
interface Chain {
  textAt: number[];
  questionAt: number[];
}

/**
 * Finds items whose question stands in a text, word for word or nearly, and says whether their options or answer stand beside it.
 * Runs of five words are looked up; those that follow each other with small gaps in both texts make a chain, and a chain counts by the
 * words of the question that it covers, each weighted by ln(1 + items / items that have it).
 */
export class VerbatimSearch {
  readonly #subjects: readonly Subject[];
  readonly #seeds: NgramIndex;
  readonly #runs: NgramIndex;
  /** For each seed, the items that hold it; only for seeds that may begin a search. */
  readonly #holders: Map<number, number[]>;
  readonly #weights: Float64Array;
  readonly #totals: Float64Array;

  constructor(subjects: readonly Subject[], words: number) {
    this.#subjects = subjects;
    const questions = subjects.map(({ question }) => question);
    this.#seeds = new NgramIndex(seedWords, questions);
    this.#runs = new NgramIndex(uniqueRun, questions);
    this.#holders = holdersOf(this.#seeds);
    this.#weights = wordWeights(questions, words);
    this.#totals = Float64Array.from(questions, (question) => this.#weigh(question, () => true));
  }

  /** Long enough to be told from chance: ten words, or five with options or an answer beside them. */
  isTestable(subject: number): boolean {
    const { question, choices, answer } = this.#subjects[subject]!;
    if (question.length >= longQuestion) return true;
    return question.length >= seedWords && (choices.length >= 2 || (choices.length === 0 && answer.length > 0));
  }

  /** @param text - numbered words of one document, or of a piece of it */
  look(text: Int32Array): Sighting[] {
    const places = new Map<number, number[]>();
    const candidates = new Set<number>();
    this.#seeds.scan(text, (gram, at) => {
      const known = places.get(gram);
      if (known) return void known.push(at);
      places.set(gram, [at]);
      for (const subject of this.#holders.get(gram) ?? []) candidates.add(subject);
    });
    return [...candidates].flatMap((subject) => {
      if (!this.isTestable(subject)) return [];
      const seen = this.#chains(subject, places).map((chain) => this.#judge(subject, chain, text));
      const best = seen.filter((sighting) => sighting !== undefined).sort(byWeight)[0];
      return best ? [best] : [];
    });
  }

  /** @param places - where each seed stands in the text */
  #chains(subject: number, places: ReadonlyMap<number, readonly number[]>): Chain[] {
    const hits: [textAt: number, questionAt: number][] = [];
    for (const [questionAt, gram] of this.#seeds.byText[subject]!.entries())
      for (const textAt of places.get(gram) ?? []) hits.push([textAt, questionAt]);
    hits.sort(([a, first], [b, second]) => a - b || first - second);
    const chains: Chain[] = [];
    let open: Chain[] = [];
    for (const [textAt, questionAt] of hits) {
      open = open.filter((chain) => textAt - chain.textAt.at(-1)! <= seedWords + mostGap);
      const chain = nearestChain(open, textAt, questionAt);
      if (chain) {
        chain.textAt.push(textAt);
        chain.questionAt.push(questionAt);
      } else {
        const begun = { textAt: [textAt], questionAt: [questionAt] };
        open.push(begun);
        chains.push(begun);
      }
    }
    return chains;
  }

  #judge(number: number, chain: Chain, text: Int32Array): Sighting | undefined {
    const subject = this.#subjects[number]!;
    const covered = new Uint8Array(subject.question.length);
    for (const at of chain.questionAt) covered.fill(1, at, at + seedWords);
    const coverage = this.#weigh(subject.question, (at) => covered[at] === 1) / this.#totals[number]!;
    if (coverage < near) return undefined;
    const beside = evidence(subject, chain, text);
    const sighting = { subject: number, coverage, ...beside };
    const isSupported = subject.choices.length > 0 ? beside.choicesFound >= 2 : beside.answerFound;
    const isWhole =
      subject.choices.length > 0 ? beside.choicesFound >= verbatim * subject.choices.length : beside.answerFound;
    if (subject.question.length < longQuestion) {
      if (coverage < 1 || !isSupported) return undefined;
      return { ...sighting, level: isWhole ? "verbatim-item" : "verbatim-question" };
    }
    if (coverage >= verbatim) return { ...sighting, level: isWhole ? "verbatim-item" : "verbatim-question" };
    return this.#hasRunOfItsOwn(number, chain) ? { ...sighting, level: "near-duplicate" } : undefined;
  }

  /** Half a question may be a turn of phrase; eight words in a row that no other item has are not. */
  #hasRunOfItsOwn(subject: number, { textAt, questionAt }: Chain): boolean {
    const steps = uniqueRun - seedWords;
    return questionAt.some((start, index) => {
      for (let step = 1; step <= steps; step += 1) {
        if (questionAt[index + step] !== start + step || textAt[index + step] !== textAt[index]! + step) return false;
      }
      return this.#runs.holders[this.#runs.byText[subject]![start]!] === 1;
    });
  }

  #weigh(question: Int32Array, counts: (at: number) => boolean): number {
    let sum = 0;
    for (let at = 0; at < question.length; at += 1) if (counts(at)) sum += this.#weights[question[at]!]!;
    return sum;
  }
}

function byWeight(a: Sighting, b: Sighting): number {
  return levels.indexOf(a.level) - levels.indexOf(b.level) || b.coverage - a.coverage;
}

function holdersOf(index: NgramIndex): Map<number, number[]> {
  const holders = new Map<number, number[]>();
  for (const [number, grams] of index.byText.entries()) {
    for (const gram of new Set(grams)) {
      if (index.holders[gram]! > mostHolders) continue;
      const known = holders.get(gram);
      if (known) known.push(number);
      else holders.set(gram, [number]);
    }
  }
  return holders;
}

function wordWeights(questions: readonly Int32Array[], words: number): Float64Array {
  const holders = new Uint32Array(words);
  for (const question of questions) for (const word of new Set(question)) holders[word]! += 1;
  return Float64Array.from(holders, (count) => Math.log(1 + questions.length / Math.max(1, count)));
}

/** The open chain that a match goes on, by as little as possible: both gaps are small, and about the same. */
function nearestChain(open: readonly Chain[], textAt: number, questionAt: number): Chain | undefined {
  let best: Chain | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const chain of open) {
    const textStep = textAt - chain.textAt.at(-1)!;
    const questionStep = questionAt - chain.questionAt.at(-1)!;
    const apart = Math.abs(textStep - questionStep);
    if (textStep <= 0 || questionStep <= 0 || questionStep > seedWords + mostGap || apart > mostGap) continue;
    if (apart >= least) continue;
    [best, least] = [chain, apart];
  }
  return best;
}

/** Options, in any order and under any label, or the answer, in the neighbourhood of a chain. */
function evidence(
  { choices, answer }: Subject,
  { textAt }: Chain,
  text: Int32Array,
): Pick<Sighting, "choicesFound" | "answerFound"> {
  const looked = choices.length > 0 ? choices.reduce((sum, choice) => sum + choice.length, 0) : answer.length;
  const span = looked + reach;
  const around = text.subarray(Math.max(0, textAt[0]! - span), textAt.at(-1)! + seedWords + 2 * span);
  if (choices.length > 0)
    return { choicesFound: choices.filter((choice) => holds(around, choice)).length, answerFound: false };
  return { choicesFound: 0, answerFound: answer.length > 0 && holdsAnswer(around, answer) };
}

function holds(text: Int32Array, run: Int32Array): boolean {
  for (let start = text.indexOf(run[0]!); start >= 0; start = text.indexOf(run[0]!, start + 1)) {
    if (run.every((word, at) => text[start + at] === word)) return true;
  }
  return false;
}

/** A short answer stands there as it is; of a solution, half of its runs of eight words do. */
function holdsAnswer(text: Int32Array, answer: Int32Array): boolean {
  if (answer.length < solutionGram) return holds(text, answer);
  const index = new NgramIndex(solutionGram, [answer]);
  const seen = new Set<number>();
  index.scan(text, (gram) => seen.add(gram));
  return seen.size >= index.size / 2;
}
