import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of its own for a test. */
export function scratch(name: string): string {
  return mkdtempSync(join(tmpdir(), `assay-${name}-`));
}

const task = `
id: toy
title: Sums
summary: Adds two numbers.
dataset:
  path: { test: test.jsonl, train: train.jsonl }
fields:
  total: "{{ a + b }}"
categories:
  parity: "{{ 'even' if total % 2 == 0 else 'odd' }}"
defaultProtocol: chat
card: { purpose: tests of the engine, licence: CC0-1.0 }
`;

const chat = `
id: chat
title: zero-shot chat
source: { project: Assay, version: "1" }
method: generate
layout: chat
question: "What is {{ a }} + {{ b }}?"
answer: "{{ total | string }}"
specimen: "The answer is {{ answer }}."
generate: { temperature: 0, maxTokens: 50, stop: ["Q:"] }
extract:
  - id: strict
    steps: [{ use: regex, pattern: "answer is (-?[0-9]+)" }]
  - id: flexible
    steps: [{ use: number }]
metrics: [{ metric: exact_match }]
primary: { metric: exact_match, filter: strict }
macroOver: parity
`;

const letters = `
id: letters
title: few-shot log-likelihood
source: { project: Assay, version: "1" }
method: choice
layout: text
question: "{{ a }} + {{ b }} ="
choices: "{{ [total | string, (total + 1) | string] }}"
target: "{{ 0 }}"
answer: "{{ total | string }}"
shots: { count: 2, split: train, sampler: random, seed: 7 }
metrics: [{ metric: acc }]
primary: { metric: acc }
`;

/** Writes a small task of sums with `size` items, and gives the folder that holds it. */
export function writeToyTask(size = 20): string {
  const root = scratch("tasks");
  const folder = join(root, "toy");
  mkdirSync(join(folder, "protocols"), { recursive: true });
  writeFileSync(join(folder, "task.yaml"), task);
  writeFileSync(join(folder, "protocols", "chat.yaml"), chat);
  writeFileSync(join(folder, "protocols", "letters.yaml"), letters);
  writeFileSync(join(folder, "test.jsonl"), rows(size, 3));
  writeFileSync(join(folder, "train.jsonl"), rows(12, 1000));
  return root;
}

function rows(count: number, from: number): string {
  return Array.from({ length: count }, (_, index) => `${JSON.stringify({ a: from + index, b: 2 * index + 1 })}\n`).join(
    "",
  );
}
