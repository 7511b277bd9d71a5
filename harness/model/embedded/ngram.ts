/** Symbols that a prediction looks at, itself included. Higher orders add memory and little else on so little text. */
const order = 5;
const reach = order - 1;
const end = "\u0003";
/** Numbers kept in remembered distributions, over all of them. */
const mostRemembered = 2_000_000;

interface Continuations {
  total: number;
  counts: Map<string, number>;
}

/** Probabilities of every known symbol behind some history, in the order of {@link NgramModel.alphabet}. */
export interface Distribution {
  probabilities: Float64Array;
  /** Left for anything that was never seen. */
  unknown: number;
}

/** How a text is written on. */
export interface GenerateOptions {
  maxTokens: number;
  /** 0 takes the likeliest symbol each time. */
  temperature: number;
  stop: readonly string[];
  /** Uniform on [0, 1). */
  random: () => number;
}

/**
 * A character n-gram language model with Witten-Bell smoothing: probabilities that sum to one over its alphabet and one
 * unknown symbol, trained in the process. Symbols are code points and a mark for the end of a text.
 *
 * @see Witten and Bell 1991; Chen and Goodman 1999, section 2.6, for the recursion
 */
export class NgramModel {
  readonly #contexts = new Map<string, Continuations>();
  readonly #seen = new Set<string>([end]);
  readonly #remembered = new Map<string, Distribution>();
  #alphabet: string[] | undefined;

  /** Every symbol that was seen, sorted by UTF-16 units; the end mark is one. */
  get alphabet(): readonly string[] {
    this.#alphabet ??= [...this.#seen].sort();
    return this.#alphabet;
  }

  /** Adds a text to what is known. */
  train(text: string): void {
    this.#alphabet = undefined;
    this.#remembered.clear();
    const symbols = [...text, end];
    for (let at = 0; at < symbols.length; at += 1) {
      const next = symbols[at] as string;
      this.#seen.add(next);
      let context = "";
      this.#count(context, next);
      for (let back = 1; back <= reach && back <= at; back += 1) {
        context = (symbols[at - back] as string) + context;
        this.#count(context, next);
      }
    }
  }

  #count(context: string, next: string): void {
    let known = this.#contexts.get(context);
    if (!known) {
      known = { total: 0, counts: new Map() };
      this.#contexts.set(context, known);
    }
    known.total += 1;
    known.counts.set(next, (known.counts.get(next) ?? 0) + 1);
  }

  /** Known contexts of a history, the shortest first: what is interpolated. */
  *#levels(history: readonly string[]): Generator<Continuations> {
    for (let length = 0; length <= reach && length <= history.length; length += 1) {
      const known = this.#contexts.get(history.slice(history.length - length).join(""));
      if (!known) return;
      yield known;
    }
  }

  /** P(next | history), interpolated over all known contexts down to the uniform distribution. */
  probability(history: readonly string[], next: string): number {
    let probability = 1 / (this.#seen.size + 1);
    for (const { total, counts } of this.#levels(history))
      probability = ((counts.get(next) ?? 0) + counts.size * probability) / (total + counts.size);
    return probability;
  }

  /** P(· | history) over the whole alphabet. */
  distribution(history: readonly string[]): Distribution {
    const key = history.slice(-reach).join("");
    const known = this.#remembered.get(key);
    if (known) return known;
    const { alphabet } = this;
    const probabilities = new Float64Array(alphabet.length).fill(1 / (alphabet.length + 1));
    let unknown = 1 / (alphabet.length + 1);
    for (const { total, counts } of this.#levels(history)) {
      const types = counts.size;
      unknown = (types * unknown) / (total + types);
      for (const [index, symbol] of alphabet.entries())
        probabilities[index] = ((counts.get(symbol) ?? 0) + types * (probabilities[index] ?? 0)) / (total + types);
    }
    const distribution = { probabilities, unknown };
    if ((this.#remembered.size + 1) * alphabet.length > mostRemembered) this.#remembered.clear();
    this.#remembered.set(key, distribution);
    return distribution;
  }

  /** Natural logarithm of P(continuation | context), its symbols, and whether each of them was the likeliest. */
  logLikelihood(context: string, continuation: string): { logprob: number; tokens: number; greedy: boolean } {
    const history = tail(context);
    let logprob = 0;
    let greedy = true;
    const symbols = [...continuation];
    for (const next of symbols) {
      logprob += Math.log(this.probability(history, next));
      if (greedy) greedy = this.likeliest(history) === next;
      advance(history, next);
    }
    return { logprob, tokens: symbols.length, greedy };
  }

  /** The symbol with the highest probability; of equals, the first of the alphabet. */
  likeliest(history: readonly string[]): string {
    const { probabilities } = this.distribution(history);
    let best = 0;
    for (let index = 1; index < probabilities.length; index += 1)
      if ((probabilities[index] ?? 0) > (probabilities[best] ?? 0)) best = index;
    return this.alphabet[best] ?? end;
  }

  /** Draws a known symbol from the distribution, sharpened or flattened by the temperature. */
  draw(history: readonly string[], { temperature, random }: Pick<GenerateOptions, "temperature" | "random">): string {
    if (temperature === 0) return this.likeliest(history);
    const { probabilities } = this.distribution(history);
    const weights = temperature === 1 ? probabilities : probabilities.map((value) => value ** (1 / temperature));
    let left = random() * weights.reduce((sum, weight) => sum + weight, 0);
    for (const [index, weight] of weights.entries()) {
      left -= weight;
      if (left < 0) return this.alphabet[index] as string;
    }
    return this.alphabet.at(-1) ?? end;
  }

  /** Writes on from a prompt until its end mark, a stop string or the limit. `cut`: it was the limit. */
  generate(prompt: string, options: GenerateOptions): { text: string; cut: boolean } {
    const history = tail(prompt);
    let text = "";
    for (let count = 0; count < options.maxTokens; count += 1) {
      const next = this.draw(history, options);
      if (next === end) return { text, cut: false };
      text += next;
      if (options.stop.some((stop) => text.endsWith(stop))) return { text, cut: false };
      advance(history, next);
    }
    return { text, cut: true };
  }
}

/** The last symbols of a text that a prediction can see. */
function tail(text: string): string[] {
  return Array.from(text.slice(-2 * order)).slice(-reach);
}

function advance(history: string[], next: string): void {
  history.push(next);
  if (history.length > reach) history.shift();
}

/** What the model is trained on where a task has no training split. */
export const fallbackTexts = [
  "The answer is 4. The answer is 12. The answer is (A). The answer is (B). The answer is (C). The answer is (D).",
  "A farmer has 3 baskets with 5 apples each. How many apples are there in all? Each basket has 5 apples, so there are 15 apples. The answer is 15.",
  "Water boils when it is hot enough, and freezes when it is cold enough. The sun rises in the east and sets in the west.",
];
