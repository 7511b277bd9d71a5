import { onTestFinished } from "vitest";
import type { CallHints, Model, ModelCall, ModelRequest, ModelResponse } from "../../contracts/index.ts";
import { type ClientOptions, openClient, type Stops } from "../client.ts";
import { openModel } from "../open-model.ts";

export const key = "sk-s.cret/0123+456789=";
const noHints: CallHints = { choices: null, specimen: null, choiceAnswers: null };
export const never: Stops = { draining: new AbortController().signal, aborting: new AbortController().signal };

/** A call with everything but its request left out. */
export function callOf(request: ModelRequest, more: Partial<ModelCall> = {}): ModelCall {
  return { request, item: "test/0", epoch: 0, hints: noHints, ...more };
}

/** A model whose key is {@link key}, whatever the provider. */
export async function open(id: string, options: { baseUrl?: string; timeoutMs?: number } = {}): Promise<Model> {
  const env = Object.fromEntries(
    ["OPENAI_API_KEY", "HF_TOKEN", "ANTHROPIC_API_KEY", "GEMINI_API_KEY"].map((name) => [name, key]),
  );
  return openModel(id, { env, ...options });
}

/** Asks once through a client with quick retries. */
export async function ask(model: Model, call: ModelCall, options: ClientOptions = {}): Promise<ModelResponse> {
  const client = openClient(model, { maxPauseMs: 5, ...options });
  onTestFinished(() => client.close());
  return client.ask(call, never);
}
