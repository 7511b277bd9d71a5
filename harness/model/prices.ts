import type { Cost, Usage } from "../contracts/index.ts";

/** US dollars for a million tokens, as published on the date given. */
interface Price {
  input: number;
  output: number;
  /** `YYYY-MM` or `YYYY-MM-DD`. */
  date: string;
  source: string;
}

const openai = { date: "2026-03", source: "openai.com/api/pricing" };
const anthropic = { date: "2026-02", source: "platform.claude.com/docs/en/about-claude/pricing" };
const google = { date: "2025-08", source: "ai.google.dev/gemini-api/docs/pricing, prompts up to 200,000 tokens" };

/** List prices of common models, standard tier. What is not here is unknown, never free. */
export const listPrices: Readonly<Record<string, Price>> = {
  "openai/gpt-4o": { input: 2.5, output: 10, ...openai },
  "openai/gpt-4o-mini": { input: 0.15, output: 0.6, ...openai },
  "openai/gpt-4.1": { input: 2, output: 8, ...openai },
  "openai/gpt-4.1-mini": { input: 0.4, output: 1.6, ...openai },
  "openai/gpt-4.1-nano": { input: 0.1, output: 0.4, ...openai },
  "openai/gpt-5": { input: 1.25, output: 10, ...openai },
  "openai/gpt-5-mini": { input: 0.25, output: 2, ...openai },
  "openai/gpt-5-nano": { input: 0.05, output: 0.4, ...openai },
  "openai/o3": { input: 2, output: 8, ...openai },
  "openai/o4-mini": { input: 1.1, output: 4.4, ...openai },
  "anthropic/claude-opus-4-5-20251101": { input: 5, output: 25, ...anthropic },
  "anthropic/claude-opus-4-1-20250805": { input: 15, output: 75, ...anthropic },
  "anthropic/claude-sonnet-4-5-20250929": { input: 3, output: 15, ...anthropic },
  "anthropic/claude-sonnet-4-20250514": { input: 3, output: 15, ...anthropic },
  "anthropic/claude-haiku-4-5-20251001": { input: 1, output: 5, ...anthropic },
  "anthropic/claude-3-5-haiku-20241022": { input: 0.8, output: 4, ...anthropic },
  "google/gemini-2.5-pro": { input: 1.25, output: 10, ...google },
  "google/gemini-2.5-flash": { input: 0.3, output: 2.5, ...google },
  "google/gemini-2.5-flash-lite": { input: 0.1, output: 0.4, ...google },
};

/** What is priced: a model at its provider's own endpoint. A base URL of the user's own has no list price. */
export interface Priced {
  provider: string;
  name: string;
  baseUrl?: string | null;
}

/** A price that the user knows: US dollars for a million tokens. */
export type GivenPrice = Pick<Price, "input" | "output">;

/** Cost of so many tokens, with its basis; `null` where the price or the tokens are not known. */
export function estimateCost(model: Priced, usage: Pick<Usage, "input" | "output">, given?: GivenPrice): Cost {
  const price = listPrices[`${model.provider}/${model.name}`];
  if (given) return costAt(given, usage, `$${given.input} in and $${given.output} out a million tokens, from --price`);
  if (model.baseUrl) return unknown("a server of your own: no list price");
  if (!price) return unknown("no list price known for this model");
  return costAt(price, usage, `list price of ${price.date}, ${price.source}`);
}

function costAt(price: GivenPrice, usage: Pick<Usage, "input" | "output">, basis: string): Cost {
  if (usage.input === null || usage.output === null) return unknown("tokens not reported");
  const value = (usage.input * price.input + usage.output * price.output) / 1e6;
  return { value, currency: "USD", basis };
}

function unknown(basis: string): Cost {
  return { value: null, currency: "USD", basis };
}
