import { once } from "node:events";
import { createWriteStream, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const task = `
id: sums
title: Sums
summary: Adds two numbers, wrapped in words.
dataset: { path: { test: test.jsonl } }
fields: { total: "{{ a + b }}" }
defaultProtocol: chat
card: { purpose: benchmarks of the engine, licence: CC0-1.0 }
`;

const protocol = `
id: chat
title: zero-shot chat
source: { project: Assay, version: "1" }
method: generate
layout: chat
question: "{{ story }}\\n\\nHow much is {{ a }} + {{ b }}? End with a line of the form Answer: N."
answer: "{{ total | string }}"
specimen: "Answer: {{ answer }}"
generate: { temperature: 0, maxTokens: 64 }
extract: [{ id: number, steps: [{ use: number }] }]
metrics: [{ metric: exact_match }]
primary: { metric: exact_match }
`;

const story = "A baker counts what came out of the oven, and what was left from the day before. ".repeat(6);

/** Writes a task of so many items, about 600 characters each, into a temporary folder. @returns the folder for `--tasks` */
export async function writeLocalTask(items: number): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), "assay-bench-"));
  mkdirSync(join(root, "sums", "protocols"), { recursive: true });
  writeFileSync(join(root, "sums", "task.yaml"), task);
  writeFileSync(join(root, "sums", "protocols", "chat.yaml"), protocol);
  const rows = createWriteStream(join(root, "sums", "test.jsonl"));
  for (let a = 0; a < items; a += 1)
    if (!rows.write(`${JSON.stringify({ a, b: a % 97, story })}\n`)) await once(rows, "drain");
  rows.end();
  await once(rows, "finish");
  return root;
}
