/** Orders above this add memory and little else on so little text. */
const order = 5;
const end = "\u0003";

interface Continuations {
  total: number;
  counts: Map<string, number>;
}

/**
 * A character n-gram language model with Witten-Bell smoothing: real probabilities that sum to one over its alphabet and one
 * unknown symbol, trained in the process on a few hundred texts.
 *
 * @see Witten and Bell 1991; Chen and Goodman 1999, section 2.6, for the recursion
 */
export class NgramModel {
  readonly #contexts = new Map<string, Continuations>();
  readonly #alphabet = new Set<string>([end]);

  /** Adds a text to what is known. */
  train(text: string): void {
    const characters = [...text, end];
    for (let at = 0; at < characters.length; at += 1) {
      const next = characters[at] as string;
      this.#alphabet.add(next);
      for (let length = 0; length < order && length <= at; length += 1)
        this.#count(characters.slice(at - length, at).join(""), next);
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

  /** P(next | history), interpolated over all shorter contexts down to the uniform distribution. */
  probability(history: readonly string[], next: string): number {
    let probability = 1 / (this.#alphabet.size + 1);
    for (let length = 0; length < order && length <= history.length; length += 1) {
      const known = this.#contexts.get(history.slice(history.length - length).join(""));
      if (!known) break;
      const types = known.counts.size;
      probability = ((known.counts.get(next) ?? 0) + types * probability) / (known.total + types);
    }
    return probability;
  }

  /** Natural logarithm of P(continuation | context), its characters, and whether each was the likeliest. */
  logLikelihood(context: string, continuation: string): { logprob: number; tokens: number; greedy: boolean } {
    const history = [...context].slice(-order);
    let logprob = 0;
    let greedy = true;
    const characters = [...continuation];
    for (const next of characters) {
      logprob += Math.log(this.probability(history, next));
      if (greedy) greedy = this.likeliest(history) === next;
      history.push(next);
      if (history.length > order) history.shift();
    }
    return { logprob, tokens: characters.length, greedy };
  }

  /** The character with the highest probability; of equals, the first in code point order. */
  likeliest(history: readonly string[]): string {
    let best = end;
    let most = 0;
    for (const next of this.#candidates(history)) {
      const probability = this.probability(history, next);
      if (probability > most || (probability === most && next < best)) [best, most] = [next, probability];
    }
    return best;
  }

  /** Draws a character; `temperature` 0 takes the likeliest. */
  draw(history: readonly string[], temperature: number, random: () => number): string {
    if (temperature === 0) return this.likeliest(history);
    const candidates = [...this.#candidates(history)].sort();
    const weights = candidates.map((next) => this.probability(history, next) ** (1 / temperature));
    let left = random() * weights.reduce((sum, weight) => sum + weight, 0);
    for (const [index, next] of candidates.entries()) {
      left -= weights[index] as number;
      if (left <= 0) return next;
    }
    return candidates.at(-1) ?? end;
  }

  /** Characters seen after the longest known context: what a sensible continuation is drawn from. */
  #candidates(history: readonly string[]): Iterable<string> {
    for (let length = Math.min(order - 1, history.length); length >= 0; length -= 1) {
      const known = this.#contexts.get(history.slice(history.length - length).join(""));
      if (known) return known.counts.keys();
    }
    return this.#alphabet;
  }

  /** Writes on from a prompt until its end mark, a stop string or the limit. */
  generate(
    prompt: string,
    how: { maxTokens: number; temperature: number; stop: readonly string[]; random: () => number },
  ): { text: string; cut: boolean } {
    const history = [...prompt].slice(-order);
    let text = "";
    for (let count = 0; count < how.maxTokens; count += 1) {
      const next = this.draw(history, how.temperature, how.random);
      if (next === end) return { text, cut: false };
      text += next;
      if (how.stop.some((stop) => text.endsWith(stop))) return { text, cut: false };
      history.push(next);
      if (history.length > order) history.shift();
    }
    return { text, cut: true };
  }
}

/** What the model is trained on where a task has no training split. */
export const fallbackTexts = [
  "The answer is 4. The answer is 12. The answer is (A). The answer is (B). The answer is (C). The answer is (D).",
  "A farmer has 3 baskets with 5 apples each. How many apples are there in all? Each basket has 5 apples, so there are 15 apples. The answer is 15.",
  "Water boils when it is hot enough, and freezes when it is cold enough. The sun rises in the east and sets in the west.",
];
