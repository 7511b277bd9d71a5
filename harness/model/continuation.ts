import type { Likelihood } from "../contracts/index.ts";

/** Tokens of an echoed prompt as the completions API gives them. */
export interface EchoedTokens {
  tokens: string[];
  logprobs: (number | null)[];
  /** The likeliest alternatives at each position. */
  top: (Record<string, number> | null)[];
}

/** The piece of an echo that belongs to the continuation. */
export interface ContinuationPart {
  likelihood: Likelihood;
  first: number;
  end: number;
}

/**
 * Adds up the continuation's part of an echo. The border is found in the text that the tokens spell, because servers count
 * `text_offset` in different units. A token that lies across the border counts to the continuation and is flagged: its
 * probability can't be divided.
 *
 * @param generated - tokens at the end that the server added because it can't generate none
 * @returns undefined where the tokens don't spell the continuation: see {@link scoreBehind}
 */
export function scoreContinuation(
  echo: EchoedTokens,
  texts: { prompt: string; continuation: string },
  generated: number,
): ContinuationPart | undefined {
  const end = echo.tokens.length - generated;
  const first = borderToken(echo.tokens, end, texts);
  if (first === undefined || first.at >= end) return undefined;
  const tokens = echo.tokens.slice(first.at, end);
  const isSpelled = tokens.some((token) => token.startsWith("bytes:"))
    ? true
    : `${texts.prompt}${texts.continuation}`.endsWith(tokens.join(""));
  return isSpelled ? sum(echo, { ...first, end }) : undefined;
}

/**
 * The same where tokens are no whole characters, so that their text says nothing (`\uFFFD`) : the prompt's tokens, echoed
 * by themselves, show where the continuation begins. Where the last of them differ, a token lies across the border.
 */
export function scoreBehind(
  echo: EchoedTokens,
  prompt: readonly string[],
  generated: number,
): ContinuationPart | undefined {
  const end = echo.tokens.length - generated;
  let at = 0;
  while (at < prompt.length && at < end && prompt[at] === echo.tokens[at]) at += 1;
  return at < end ? sum(echo, { at, end, straddled: at < prompt.length }) : undefined;
}

function sum(echo: EchoedTokens, { at, end, straddled }: { at: number; end: number; straddled: boolean }) {
  let logprob = 0;
  let greedy: boolean | null = true;
  for (let index = at; index < end; index += 1) {
    const value = echo.logprobs[index];
    // Nothing stands before the first token of all, so no server can give its probability.
    if (value === null && index === 0 && end > 1) continue;
    if (value === null || value === undefined) return undefined;
    logprob += value;
    const best = Math.max(...Object.values(echo.top[index] ?? {}));
    if (best === Number.NEGATIVE_INFINITY) greedy = null;
    else if (greedy !== null) greedy = greedy && value >= best;
  }
  return { likelihood: { logprob, tokens: end - at, greedy, straddled }, first: at, end };
}

/** From the end backwards: a special token at the beginning (BOS) spells nothing of the prompt. */
function borderToken(
  tokens: readonly string[],
  end: number,
  { prompt, continuation }: { prompt: string; continuation: string },
): { at: number; straddled: boolean } | undefined {
  let left = byteLength(continuation);
  for (let index = end - 1; index >= 0; index -= 1) {
    left -= tokenBytes(tokens[index] ?? "");
    if (left === 0) return { at: index, straddled: false };
    if (left < 0) return { at: index, straddled: prompt !== "" };
  }
  return undefined;
}

/** Bytes of text; a lone surrogate counts as the three bytes of its replacement character. */
function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

/** OpenAI spells a token that is no whole character as `bytes:\xe2\x80`. */
function tokenBytes(token: string): number {
  if (!token.startsWith("bytes:")) return byteLength(token);
  return token.slice(6).replace(/\\x[0-9a-f]{2}/gi, "?").length;
}
