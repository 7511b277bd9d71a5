import { describe, expect, test } from "vitest";
import { type EchoedTokens, scoreBehind, scoreContinuation } from "./continuation.ts";
import { ask, callOf, open } from "./testing/ask.ts";
import { startWireServer } from "./testing/wire-server.ts";

/** Tokens with the log-probability −index, the first choice at even positions. */
function echo(...tokens: string[]): EchoedTokens {
  return {
    tokens,
    logprobs: tokens.map((_, index) => (index === 0 ? null : -index)),
    top: tokens.map((token, index) =>
      index === 0 ? null : index % 2 === 0 ? { [token]: -index } : { [token]: -index, other: -0.1 },
    ),
  };
}

const likelihood = (tokens: EchoedTokens, prompt: string, continuation: string, generated = 1) =>
  scoreContinuation(tokens, { prompt, continuation }, generated)?.likelihood;

describe("the border of prompt and continuation", () => {
  test("lies between tokens: only the continuation's are added up, the generated one is left out", () => {
    expect(likelihood(echo("Q", ":", " 4", " yes"), "Q:", " 4")).toEqual({
      logprob: -2,
      tokens: 1,
      greedy: true,
      straddled: false,
    });
    expect(likelihood(echo("Q", ":", " 4", "2", " yes"), "Q:", " 42")).toMatchObject({ logprob: -5, greedy: false });
  });

  test("inside a token: the token counts, and it is said so", () => {
    expect(likelihood(echo("Q", ": 4", "2", "!"), "Q:", " 42")).toEqual({
      logprob: -3,
      tokens: 2,
      greedy: false,
      straddled: true,
    });
  });

  test("is found behind a special token that spells nothing of the prompt", () => {
    expect(likelihood(echo("<|begin|>", "Q:", " 4", "!"), "Q:", " 4")).toMatchObject({ logprob: -2, straddled: false });
  });

  test("is counted in bytes where tokens are pieces of a character, as OpenAI spells them", () => {
    const tokens = echo("Q:", "bytes: \\xf0\\x9f", "bytes:\\x97\\xbb", "!");
    expect(likelihood(tokens, "Q:", " 🗻")).toMatchObject({ logprob: -3, tokens: 2, straddled: false });
  });

  test("an empty prompt: nothing stands before the first token, so it has no probability", () => {
    expect(likelihood(echo("It", " rains", "!"), "", "It rains")).toMatchObject({ logprob: -1, tokens: 2 });
    expect(likelihood(echo("It", "!"), "", "It")).toBeUndefined();
  });

  test("nothing was generated", () => {
    expect(likelihood(echo("Q:", " 4"), "Q:", " 4", 0)).toMatchObject({ logprob: -1, tokens: 1 });
  });

  test("isn't guessed where the tokens spell something else", () => {
    expect(likelihood(echo("Q:", " \ufffd", "\ufffd", "!"), "Q:", " é")).toBeUndefined();
    expect(likelihood(echo("Q:", "▁4", "!"), "Q:", " 4")).toBeUndefined();
  });

  test("without alternatives nothing is known of the first choice", () => {
    for (const top of [[], [null, {}, null]]) {
      const tokens = { ...echo("Q:", " 4", "!"), top };
      expect(likelihood(tokens, "Q:", " 4")).toMatchObject({ greedy: null });
    }
  });

  test("a missing probability inside the continuation is no zero", () => {
    const tokens = echo("Q:", " 4", "2", "!");
    tokens.logprobs[2] = null;
    expect(likelihood(tokens, "Q:", " 42")).toBeUndefined();
  });

  test("can be told by the prompt's own tokens", () => {
    const whole = echo("Q:", " \ufffd", "\ufffd", "!");
    expect(scoreBehind(whole, ["Q:"], 1)?.likelihood).toMatchObject({ logprob: -3, tokens: 2, straddled: false });
    expect(scoreBehind(echo("Q", ": \ufffd", "\ufffd", "!"), ["Q", ":"], 1)?.likelihood).toMatchObject({
      logprob: -3,
      straddled: true,
    });
  });
});

/** A server with a tokenizer of its own: these tokens where they fit, else single bytes spelt `\ufffd`, else characters. */
function tokenize(text: string, vocabulary: readonly string[]): string[] {
  const tokens: string[] = [];
  for (let at = 0; at < text.length; ) {
    const known = vocabulary.find((token) => text.startsWith(token, at));
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    const bytes = Buffer.byteLength(character);
    tokens.push(...(known !== undefined ? [known] : bytes > 1 ? Array<string>(bytes).fill("\ufffd") : [character]));
    at += (known ?? character).length;
  }
  return tokens;
}

async function startEchoServer(vocabulary: readonly string[]) {
  return startWireServer(({ body }) => {
    const tokens = [...tokenize(String(body.prompt), vocabulary), " next"];
    const token_logprobs = tokens.map((token, index) => (index === 0 ? null : -token.length / 4));
    const top_logprobs = tokens.map((token, index) => (index === 0 ? null : { [token]: -token.length / 4 }));
    const logprobs = { tokens, token_logprobs, top_logprobs, text_offset: tokens.map(() => 0) };
    const usage = { prompt_tokens: tokens.length - 1, completion_tokens: 1 };
    return {
      body: JSON.stringify({ model: "base-1", choices: [{ text: "", logprobs, finish_reason: "length" }], usage }),
    };
  });
}

describe("over the wire", () => {
  test("a token that was counted and not echoed is no part of the continuation, and takes none of it away", async () => {
    const logprobs = { tokens: ["Q:", " 4", "2"], token_logprobs: [null, -1, -2], top_logprobs: null };
    const usage = { prompt_tokens: 3, completion_tokens: 1 };
    const server = await startWireServer(() => ({
      body: JSON.stringify({ choices: [{ text: "", logprobs }], usage }),
    }));
    const model = await open("completions/base", { baseUrl: server.url });
    const response = await ask(model, callOf({ kind: "likelihood", prompt: "Q:", continuations: [" 42"] }));
    expect(response.likelihoods).toMatchObject([{ logprob: -3, tokens: 2 }]);
    expect(server.received).toHaveLength(1);
  });

  test.each([
    ["token numbers", { tokens: [1, 2], token_logprobs: [null, -1] }],
    ["probabilities as text", { tokens: ["Q:", " 4"], token_logprobs: [null, "-1"] }],
  ])("%s are said to be no echo", async (_what, logprobs) => {
    const server = await startWireServer(() => ({ body: JSON.stringify({ choices: [{ text: "", logprobs }] }) }));
    const model = await open("completions/base", { baseUrl: server.url });
    const asked = ask(model, callOf({ kind: "likelihood", prompt: "Q:", continuations: [" 4"] }));
    await expect(asked).rejects.toMatchObject({ kind: "capability" });
  });

  test("each continuation is one echo of prompt and continuation; white space at the prompt's end goes along", async () => {
    const server = await startEchoServer(["Answer", ":", " yes", " no"]);
    const model = await open("completions/base", { baseUrl: server.url });
    const response = await ask(model, callOf({ kind: "likelihood", prompt: "Answer: ", continuations: ["yes", "no"] }));
    expect(server.received.map(({ body }) => body)).toEqual(
      ["Answer: yes", "Answer: no"].map((prompt) => ({
        model: "base",
        prompt,
        max_tokens: 1,
        temperature: 0,
        echo: true,
        logprobs: 1,
      })),
    );
    expect(response.likelihoods).toEqual([
      { logprob: -1, tokens: 1, greedy: true, straddled: false },
      { logprob: -0.75, tokens: 1, greedy: true, straddled: false },
    ]);
    expect(response).toMatchObject({ model: "base-1", usage: { input: 6, output: 2 }, attempts: 2, text: null });
    const [kept] = response.exchanges;
    expect(JSON.parse(kept?.received ?? "")).toMatchObject({ tokens: [" yes"], token_logprobs: [-1] });
    expect(kept?.receivedSha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test("contexts of their own, an unconditional one and a whole text", async () => {
    const server = await startEchoServer([" is", " here"]);
    const model = await open("completions/base", { baseUrl: server.url });
    const prompts = ["She", "They", ""];
    const continuations = [" is here", " is here", " is here"];
    const scored = await ask(model, callOf({ kind: "likelihood", prompt: "She", prompts, continuations }));
    expect(scored.likelihoods?.map(({ logprob, tokens }) => [logprob, tokens])).toEqual([
      [-2, 2],
      [-2, 2],
      [-1.25, 2],
    ]);
    const rolled = await ask(model, callOf({ kind: "rolling", text: "a is here" }));
    expect(rolled.likelihoods).toEqual([{ logprob: -2, tokens: 3, greedy: true, straddled: false }]);
  });

  test("characters cut up by the tokenizer cost one request more and are scored whole", async () => {
    const server = await startEchoServer(["Antwort:", " "]);
    const model = await open("completions/base", { baseUrl: server.url });
    const { likelihoods } = await ask(
      model,
      callOf({ kind: "likelihood", prompt: "Antwort:", continuations: [" größer"] }),
    );
    expect(likelihoods).toEqual([{ logprob: -9 / 4, tokens: 9, greedy: true, straddled: false }]);
    expect(server.received.map(({ body }) => body.prompt)).toEqual(["Antwort: größer", "Antwort:"]);
  });

  test("a server without echo is told from a wrong answer, and stops the run", async () => {
    const body = JSON.stringify({ model: "m", choices: [{ text: " yes", logprobs: null, finish_reason: "length" }] });
    const server = await startWireServer(() => ({ body }));
    const model = await open("completions/base", { baseUrl: server.url });
    const promise = ask(model, callOf({ kind: "likelihood", prompt: "Q:", continuations: [" a"] }));
    await expect(promise).rejects.toMatchObject({
      kind: "capability",
      fatal: true,
      fix: expect.stringContaining("vLLM"),
    });
  });
});
