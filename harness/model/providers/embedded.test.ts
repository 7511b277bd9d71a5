import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { generationSchema, type ModelRequest, type TaskHints } from "../../contracts/index.ts";
import { scratch } from "../../run/testing/toy-task.ts";
import { ask, callOf, open } from "../testing/ask.ts";

const parameters = generationSchema.omit({ stop: true }).parse({ maxTokens: 50 });
const chat: ModelRequest = { kind: "chat", messages: [{ role: "user", content: "?" }], stop: ["\n"], parameters };
const options: ModelRequest = { kind: "likelihood", prompt: "Q:", continuations: [" red", " bright green", " blue"] };

function training(answers: string[], texts: string[] = answers): TaskHints {
  const stream = (list: string[]) =>
    async function* () {
      yield* list;
    };
  return { split: "train", hasOptions: false, answers: stream(answers), texts: stream(texts) };
}

describe("baselines", () => {
  const hints = {
    choices: ["red", "bright green", "blue"],
    choiceAnswers: ["A", "B", "C"],
    specimen: (answer: string) => `The answer is ${answer}.`,
  };

  test.each([
    ["first", "The answer is A.", 0],
    ["longest", "The answer is B.", 1],
  ])("%s chooses by its rule, in words and in likelihoods", async (kind, text, index) => {
    const model = await open(`baseline/${kind}`);
    expect((await ask(model, callOf(chat, { hints }))).text).toBe(text);
    const { likelihoods } = await ask(model, callOf(options, { hints }));
    const best = likelihoods?.map(({ logprob }) => logprob) ?? [];
    expect(best.indexOf(Math.max(...best))).toBe(index);
    expect(best.reduce((sum, value) => sum + Math.exp(value), 0)).toBeCloseTo(1, 12);
  });

  test("majority gives the commonest training answer", async () => {
    const model = await open("baseline/majority");
    await model.prepare?.(training(["C", "B", "C"]));
    expect((await ask(model, callOf(chat, { hints }))).text).toBe("The answer is C.");
  });

  test("random is even over items, and the same for the same item, epoch and seed", async () => {
    const model = await open("baseline/random");
    const counts = new Map<string, number>();
    for (let item = 0; item < 3000; item += 1) {
      const { text } = await ask(model, callOf(chat, { hints, item: `test/${item}` }));
      counts.set(text ?? "", (counts.get(text ?? "") ?? 0) + 1);
    }
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(130);
    const once = await ask(model, callOf(chat, { hints, item: "x", epoch: 1 }));
    expect((await ask(await open("baseline/random"), callOf(chat, { hints, item: "x", epoch: 1 }))).text).toBe(
      once.text,
    );
  });

  test("none but ngram invents the likelihood of a single text, where it would always be the best", async () => {
    const single: ModelRequest = { kind: "likelihood", prompt: "Q:", continuations: [" a"] };
    await expect(ask(await open("baseline/random"), callOf(single))).rejects.toMatchObject({ kind: "capability" });
    const ngram = await open("baseline/ngram");
    await ngram.prepare?.(training(["Q: a b a b"]));
    expect((await ask(ngram, callOf(single))).likelihoods?.[0]?.logprob).toBeLessThan(0);
  });

  test.each(["random", "first", "longest"])("%s needs no training split where items have options", async (kind) => {
    const unread = async function* (): AsyncGenerator<string> {
      yield await Promise.reject<string>(new Error("the training split was read"));
    };
    const hints = { split: "train", hasOptions: true, answers: unread, texts: unread };
    await expect((await open(`baseline/${kind}`)).prepare?.(hints)).resolves.toEqual({ split: null, answers: 0 });
  });

  test("ngram learns from the training texts, says from how much, and writes", async () => {
    const ngram = await open("baseline/ngram");
    const learnt = await ngram.prepare?.(training([], ["the answer is 4\n", "the answer is 5\n"]));
    expect(learnt).toEqual({ split: "train", texts: 2, characters: 32 });
    const greedy = { ...parameters, temperature: 0 };
    const request: ModelRequest = { kind: "text", prompt: "the ans", stop: ["is"], parameters: greedy };
    expect(await ask(ngram, callOf(request))).toMatchObject({ text: "wer ", finishReason: "stop" });
    const bare = await open("baseline/ngram");
    expect(await bare.prepare?.({ ...training([]), split: null })).toMatchObject({ split: null });
  });

  test("an unknown one is named with the nearest that exists", async () => {
    await expect(open("baseline/randm")).rejects.toMatchObject({ fix: expect.stringContaining("baseline/random") });
  });
});

describe("replay", () => {
  const file = (name: string, content: string | Buffer) => {
    const path = join(scratch("replay"), name);
    writeFileSync(path, content);
    return path;
  };
  const lines = (...values: unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join("");
  const at = (item: string, epoch = 0) => callOf(chat, { item, epoch });

  test("answers by item and epoch, by full id or row, cut at the stops", async () => {
    const content = lines(
      { item: "test/0", response: "four\nand more" },
      { item: 1, response: "five" },
      { item: "test/0", epoch: 1, response: "six" },
    );
    const model = await open(`replay/${file("a.jsonl", content)}`);
    expect(await ask(model, at("test/0"))).toMatchObject({ text: "four", finishReason: "stop" });
    expect((await ask(model, at("test/1"))).text).toBe("five");
    expect((await ask(model, at("test/0", 1))).text).toBe("six");
    await expect(ask(model, at("test/2"))).rejects.toMatchObject({ kind: "missing", fatal: false });
  });

  test("is named by its file, not by the folder it lay in, and identified by its content", async () => {
    const path = file("vendor.jsonl.gz", gzipSync(lines({ item: "0", response: "x" })));
    const model = await open(`replay/${path}`);
    expect(model).toMatchObject({ id: "replay/vendor.jsonl.gz", name: "vendor.jsonl.gz" });
    expect(model.options).toEqual({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect((await ask(model, at("test/0"))).text).toBe("x");
    expect(readFileSync(path).length).toBeGreaterThan(0);
  });

  test("reads log-probabilities and lm-evaluation-harness samples", async () => {
    const scored = await open(`replay/${file("b.jsonl", lines({ item: "test/0", logprobs: [-1, -2, -3] }))}`);
    expect((await ask(scored, callOf(options))).likelihoods?.map(({ logprob }) => logprob)).toEqual([-1, -2, -3]);
    const harness = lines(
      { doc_id: 0, resps: [["the answer"]], filter: "strict" },
      { doc_id: 0, resps: [["the answer"]], filter: "flexible" },
      { doc_id: 1, resps: [[["-0.5", "True"]], [["-1.5", "False"]], [["-2.5", "False"]]] },
    );
    const model = await open(`replay/${file("samples.jsonl", harness)}`);
    expect((await ask(model, at("test/0"))).text).toBe("the answer");
    expect((await ask(model, callOf(options, { item: "test/1" }))).likelihoods).toMatchObject([
      { logprob: -0.5, greedy: true },
      { logprob: -1.5, greedy: false },
      { logprob: -2.5, greedy: false },
    ]);
  });

  test("a sample of lm-evaluation-harness answers its own row, whatever the item is called", async () => {
    const docs = ["How many legs has a spider?", "How many legs has an ant?"];
    const samples = docs.map((question, id) => ({ doc_id: id, doc: { question }, resps: [[`answer ${id}`]] }));
    const model = await open(`replay/${file("rows.jsonl", lines(...samples))}`);
    const of = (item: string, index: number, question: string) =>
      callOf(chat, { item, row: { index, columns: { question } } });
    expect((await ask(model, of("1", 0, docs[0] ?? ""))).text).toBe("answer 0");
    expect(model.covers?.(of("1", 1, docs[1] ?? ""))).toBe(true);
    const exported = { doc_id: 0, doc: { id: "test/0", answer: "18" }, resps: [["ours"]] };
    const ours = await open(`replay/${file("ours.jsonl", lines(exported))}`);
    const row = { index: 0, columns: { answer: "It makes 9 * 2 = 18. #### 18" } };
    expect((await ask(ours, callOf(chat, { item: "test/0", row }))).text).toBe("ours");
    expect(ours.covers?.({ item: "other/0", epoch: 0, row })).toBe(false);
    expect(model.covers?.(of("test/1", 1, "How many legs has a crab?"))).toBe(false);
    await expect(ask(model, of("test/1", 1, "How many legs has a crab?"))).rejects.toMatchObject({ kind: "missing" });
  });

  test("a response of another kind, or of another number of choices, is no answer", async () => {
    const content = lines({ item: "test/0", logprobs: [-1, -2] }, { item: "test/1", response: "four" });
    const model = await open(`replay/${file("kinds.jsonl", content)}`);
    const missing = (what: string) => ({ kind: "missing", what: expect.stringContaining(what) });
    await expect(ask(model, at("test/0"))).rejects.toMatchObject(missing("log-probabilities only"));
    await expect(ask(model, callOf(options))).rejects.toMatchObject(missing("2 log-probabilities instead of 3"));
    await expect(ask(model, callOf(options, { item: "test/1" }))).rejects.toMatchObject(missing("a text only"));
  });

  test("only a line feed ends a line, the last may lack it, and Windows' marks and line ends do no harm", async () => {
    const [first, second] = [
      { item: "test/0", response: "a\u2028b\u2029c\u0085d" },
      { item: "test/1", response: "e" },
    ];
    const content = `\ufeff${JSON.stringify(first)}\r\n\r\n${JSON.stringify(second)}`;
    const model = await open(`replay/${file("lines.jsonl", content)}`);
    expect((await ask(model, at("test/0"))).text).toBe("a\u2028b\u2029c\u0085d");
    expect((await ask(model, at("test/1"))).text).toBe("e");
    const again = file("again.jsonl", lines(second, second));
    await expect(open(`replay/${again}`)).resolves.toBeDefined();
  });

  test.each([
    ["{broken", "REPLAY_MALFORMED", /:1: not JSON/],
    [lines({ item: "0" }), "REPLAY_MALFORMED", /:1: a line needs/],
    ["null\n", "REPLAY_MALFORMED", /:1: a line needs/],
    ["[1]\n", "REPLAY_MALFORMED", /:1: a line needs/],
    [lines({ item: "0", epoch: -1, response: "a" }), "REPLAY_MALFORMED", /:1: a line needs/],
    [lines({ item: "0", logprobs: [-1, null] }), "REPLAY_MALFORMED", /:1: a line needs/],
    [lines({ doc_id: 0, resps: [null] }), "REPLAY_MALFORMED", /:1: "resps" holds neither/],
    [lines({ doc_id: 0, resps: [[["-1"]], [[]]] }), "REPLAY_MALFORMED", /:1: "resps" holds a log-likelihood/],
    ["\n \n", "REPLAY_MALFORMED", /c\.jsonl can't be replayed/],
    [lines({ item: "0", response: "a" }, { item: "0", response: "b" }), "REPLAY_REPEATED", /:2: item 0/],
  ])("names what is wrong with %j", async (content, code, what) => {
    await expect(open(`replay/${file("c.jsonl", content)}`)).rejects.toMatchObject({
      code,
      what: expect.stringMatching(what),
    });
  });

  test("a file that isn't there is said before anything is asked", async () => {
    await expect(open("replay/nowhere.jsonl")).rejects.toMatchObject({ code: "REPLAY_MISSING" });
    await expect(open(`replay/${scratch("replay")}`)).rejects.toMatchObject({ code: "REPLAY_MISSING" });
    const torn = file("torn.jsonl.gz", gzipSync(lines({ item: "0", response: "x".repeat(5000) })).subarray(0, 30));
    await expect(open(`replay/${torn}`)).rejects.toMatchObject({
      code: "REPLAY_MALFORMED",
      why: expect.stringMatching(/unexpected end/),
    });
  });
});
