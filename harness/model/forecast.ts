import type { ModelRequest } from "../contracts/index.ts";

/** Tokens that a request will probably take, or took. */
export interface ExpectedTokens {
  input: number;
  output: number;
}

/** Characters a token on English text, as a rule of thumb: the true figure depends on the model's tokenizer. */
export const charactersPerToken = 4;
/** Tokens of an answer whose limit is not set, before any was seen. */
const usualOutput = 256;
/** Weight of the newest answer in the running means, once there are some. */
const leastWeight = 0.05;

/** Foretells the tokens of one request (of several for a choice item) from the length of the text, corrected by what earlier answers really took. */
export class TokenForecast {
  #inputFactor = 1;
  #output: number | undefined;
  #answers = 0;

  of(request: ModelRequest): ExpectedTokens {
    const parts = "continuations" in request ? Math.max(1, request.continuations.length) : 1;
    const input = (charactersOf(request) / parts / charactersPerToken) * this.#inputFactor;
    if (!("parameters" in request)) return { input, output: 1 };
    return { input, output: this.#output ?? Math.min(request.parameters.maxTokens ?? usualOutput, usualOutput) };
  }

  /** Learns from an answer's usage. @returns what it took; what wasn't reported is taken as foretold */
  learn(usage: { input: number | null; output: number | null }, foretold: ExpectedTokens): ExpectedTokens {
    const { input, output } = usage;
    this.#answers += 1;
    const weight = Math.max(leastWeight, 1 / this.#answers);
    if (input !== null && foretold.input > 0)
      this.#inputFactor += weight * this.#inputFactor * (input / foretold.input - 1);
    if (output !== null) this.#output = output * weight + (this.#output ?? output) * (1 - weight);
    return { input: input ?? foretold.input, output: output ?? foretold.output };
  }
}

/** UTF-16 units of all text that a request sends. */
export function charactersOf(request: ModelRequest): number {
  if (request.kind === "chat") return request.messages.reduce((sum, message) => sum + message.content.length, 0);
  if (request.kind === "text") return request.prompt.length;
  if (request.kind === "rolling") return request.text.length;
  return request.continuations.reduce(
    (sum, text, index) => sum + text.length + (request.prompts?.[index] ?? request.prompt).length,
    0,
  );
}
