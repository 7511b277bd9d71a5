import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { resolve } from "../task/index.ts";
import { type Planned, planRequests } from "./plan.ts";
import { prepare } from "./prepare.ts";
import { scratch } from "./testing/toy-task.ts";

const words = ["red", "green", "blue", "green"];
const hash = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;

/** The first request of a task of words whose protocol names its shots like this. */
async function firstOf(shots: object, changes: object = {}): Promise<Planned | undefined> {
  const root = scratch("named-shots");
  mkdirSync(join(root, "words", "protocols"), { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(root, "words", name), text);
  write(
    "task.yaml",
    `{ id: words, title: Words, summary: Words., dataset: { path: { test: test.jsonl, train: train.jsonl } },
       defaultProtocol: p, card: { purpose: tests, licence: CC0-1.0 } }`,
  );
  write(
    "protocols/p.yaml",
    JSON.stringify({
      id: "p",
      title: "p",
      source: { project: "Assay", version: "1" },
      method: "choice",
      layout: "text",
      question: "{{ word }}?",
      answer: "{{ word }}",
      choices: ["a", "b"],
      target: "{{ 0 }}",
      metrics: [{ metric: "acc" }],
      primary: { metric: "acc" },
      ...changes,
      shots: { split: "train", sampler: "fixed", ...shots },
    }),
  );
  write("train.jsonl", words.map((word, n) => `${JSON.stringify({ word, n })}\n`).join(""));
  write("test.jsonl", `${JSON.stringify({ word: "black", n: 0 })}\n`);
  const resolved = resolve("words", { roots: [root] });
  const prepared = await prepare(resolved, { provider: "none", name: "none", baseUrl: null, options: {} });
  for await (const planned of planRequests(prepared)) return planned;
  return undefined;
}

async function shotsOf(shots: object): Promise<string[]> {
  return (await firstOf(shots))?.shots ?? [];
}

test("shots are named by the ids of their rows", async () => {
  expect(await shotsOf({ count: 2, ids: ["train/2", "train/0"] })).toEqual(["train/2", "train/0"]);
});

test("or by a key of their own; of equal ones the first counts", async () => {
  expect(await shotsOf({ count: 2, key: "{{ word }}", ids: ["blue", "green"] })).toEqual(["train/2", "train/1"]);
  expect(await shotsOf({ count: 1, key: "{{ word }}/{{ n }}", ids: ["green/3"] })).toEqual(["train/3"]);
});

test("or by a hash of that key, so that a protocol need not hold the text", async () => {
  const ids = [hash("green/3"), hash("red/0")];
  expect(await shotsOf({ count: 2, key: "{{ word }}/{{ n }}", ids })).toEqual(["train/3", "train/0"]);
});

test("a row that isn't there is an error", async () => {
  const shots = { count: 1, key: "{{ word }}", ids: [hash("white")] };
  await expect(shotsOf(shots)).rejects.toMatchObject({ code: "SHOT_MISSING" });
});

test("shots may stand in the description instead of in turns of their own", async () => {
  const shots = { count: 2, ids: ["train/2", "train/0"], place: "description", answer: "no, {{ n }}" };
  const chat = {
    method: "generate",
    layout: "chat",
    metrics: [{ metric: "exact_match" }],
    primary: { metric: "exact_match" },
    description: "{% for shot in shots %}{{ shot.question }} {{ shot.answer }}; {% endfor %}{{ n }}",
  };
  const planned = await firstOf(shots, chat);
  expect(planned?.shots).toEqual(["train/2", "train/0"]);
  expect(planned?.request).toMatchObject({
    messages: [
      { role: "system", content: "blue? no, 2; red? no, 0; 0" },
      { role: "user", content: "black?" },
    ],
  });
});

test("rows may be kept from being shots; where too few are left, all of them are shown", async () => {
  const shots = { sampler: "first_n", count: 2, exclude: "none" };
  expect(await shotsOf({ ...shots, keep: "{{ n != 0 }}" })).toEqual(["train/1", "train/2"]);
  expect(await shotsOf({ ...shots, keep: "{{ word == 'blue' }}" })).toEqual(["train/2"]);
  await expect(shotsOf({ ...shots, count: 5 })).rejects.toMatchObject({ code: "SHOTS_TOO_MANY" });
});
