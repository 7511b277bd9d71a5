import { expect, test } from "vitest";
import type { Model, ModelCapabilities } from "../contracts/index.ts";
import { bundledTasks, findTasks, resolve } from "../task/index.ts";
import { chooseChatProtocols } from "./chat-protocols.ts";
import type { Options } from "./flags.ts";
import { resolveAll } from "./references.ts";

const options = {} as Options;
const model = (id: string, capabilities: Partial<ModelCapabilities>) =>
  ({ id, capabilities: { chat: false, text: false, likelihood: false, rolling: false, ...capabilities } }) as Model;
const chat = model("openai/x", { chat: true });
const text = model("completions/y", { text: true, likelihood: true });

function choose(references: string[], models: Model[]) {
  const { resolved, said } = chooseChatProtocols(resolveAll(references, options).resolved, {
    references,
    models,
    options,
  });
  return { protocols: resolved.map((one) => one.protocol.id), said };
}

test("a task without a named protocol is asked under its chat protocol where the models take chat only, and that is said", () => {
  const { protocols, said } = choose(["gsm8k", "mmlu"], [chat]);
  expect(protocols).toEqual(["chat-cot", "chat-cot"]);
  expect(said).toEqual([
    "gsm8k: asked under chat-cot, because openai/x can't be asked under its default, lm-eval",
    "mmlu: asked under chat-cot, because openai/x can't be asked under its default, lm-eval",
  ]);
});

test("a named protocol is never changed", () => {
  expect(choose(["gsm8k@lm-eval"], [chat])).toEqual({ protocols: ["lm-eval"], said: [] });
});

test("models that can be asked under the default are; a mixed company is left to the preflight", () => {
  expect(choose(["gsm8k"], [text]).protocols).toEqual(["lm-eval"]);
  expect(choose(["gsm8k"], [chat, text]).protocols).toEqual(["lm-eval"]);
});

test("every bundled task that has a chat protocol can be run with a chat model without naming one", () => {
  for (const id of findTasks([bundledTasks]).keys()) {
    const { protocols } = resolve(id, { roots: [bundledTasks] });
    const all = protocols.map((name) => resolve(`${id}@${name}`, { roots: [bundledTasks] }).protocol);
    if (!all.some(({ layout, method }) => layout === "chat" && method === "generate")) continue;
    const { resolved } = chooseChatProtocols(resolveAll([id], options).resolved, {
      references: [id],
      models: [chat],
      options,
    });
    expect(`${id}: ${resolved[0]?.protocol.layout}`).toBe(`${id}: chat`);
  }
});
