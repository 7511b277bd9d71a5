import type { ModelRequest } from "../../contracts/index.ts";

/** What a model says, whatever the wire format. */
export interface Said {
  text: string | null;
  finish?: "stop" | "length" | "filter";
  reasoning?: string;
  refusal?: string;
}

/** How one provider's server talks. Shapes as its API reference shows them. */
export interface Dialect {
  /** Id of the model under test. */
  id: string;
  env: string;
  /** Behind the server's address: what a user gives as `--base-url`. */
  base: string;
  path: string;
  authorization: [header: string, value: (key: string) => string];
  asked: ModelRequest;
  /** The exact body for `asked`. */
  sent: Record<string, unknown>;
  /** Where stops are in the body, and how many the server takes. */
  stopsOf(body: Record<string, unknown>): unknown;
  mostStops: number;
  says(said: Said): Record<string, unknown>;
  /** What the answer to `says({text: "…"})` must be read as, apart from text and times. */
  read: Record<string, unknown>;
  /** What a refusal is read as; `null`: the API has none. */
  refusal: string | null;
  thinks: boolean;
}

const parameters = {
  maxTokens: 64,
  temperature: 0.5,
  topP: 0.9,
  topK: 40,
  minP: null,
  frequencyPenalty: null,
  presencePenalty: null,
  seed: 7,
  reasoningEffort: null,
  extra: { custom: { deep: [1, null] } },
};

const chat: ModelRequest = {
  kind: "chat",
  messages: [
    { role: "system", content: "Be brief." },
    { role: "user", content: "Höhe? 高さ? 🗻" },
    { role: "assistant", content: "3776 m" },
    { role: "user", content: "And in feet?" },
  ],
  stop: ["\nQ:"],
  parameters,
};

const text: ModelRequest = { kind: "text", prompt: "Höhe? 高さ? 🗻\nA:", stop: ["\nQ:"], parameters };

const openAiParameters = { max_tokens: 64, temperature: 0.5, top_p: 0.9, top_k: 40, seed: 7 };
const openAiUsage = {
  prompt_tokens: 20,
  completion_tokens: 8,
  total_tokens: 28,
  prompt_tokens_details: { cached_tokens: 4 },
  completion_tokens_details: { reasoning_tokens: 3 },
};
const openAiRead = {
  model: "served-model-0613",
  fingerprint: "fp_44709d6fcb",
  finishReason: "stop",
  usage: { input: 20, output: 8, reasoning: 3, cacheRead: 4, cacheWrite: null },
};
const openAiFinish = { stop: "stop", length: "length", filter: "content_filter" };

const openAiChat = {
  base: "/v1",
  path: "/v1/chat/completions",
  authorization: ["authorization", (key: string) => `Bearer ${key}`],
  asked: chat,
  sent: {
    model: "served-model",
    messages: chat.kind === "chat" ? chat.messages : [],
    stop: ["\nQ:"],
    ...openAiParameters,
    custom: { deep: [1, null] },
  },
  stopsOf: (body: Record<string, unknown>) => body.stop,
  mostStops: Number.POSITIVE_INFINITY,
  says: ({ text: content, finish = "stop", reasoning, refusal }: Said) => ({
    id: "chatcmpl-9",
    object: "chat.completion",
    created: 1_719_000_000,
    model: "served-model-0613",
    system_fingerprint: "fp_44709d6fcb",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content, reasoning_content: reasoning ?? null, refusal: refusal ?? null },
        logprobs: null,
        finish_reason: openAiFinish[finish],
      },
    ],
    usage: openAiUsage,
  }),
  read: openAiRead,
  refusal: "I can't help with that.",
  thinks: true,
} satisfies Omit<Dialect, "id" | "env">;

/** Every provider that talks to a server. */
export const dialects: Dialect[] = [
  { ...openAiChat, id: "openai/served-model", env: "OPENAI_API_KEY" },
  { ...openAiChat, id: "hf/served-model", env: "HF_TOKEN" },
  {
    ...openAiChat,
    id: "completions/served-model",
    env: "OPENAI_API_KEY",
    path: "/v1/completions",
    asked: text,
    sent: {
      model: "served-model",
      prompt: "Höhe? 高さ? 🗻\nA:",
      stop: ["\nQ:"],
      ...openAiParameters,
      custom: { deep: [1, null] },
    },
    says: ({ text: content, finish = "stop" }) => ({
      id: "cmpl-1",
      object: "text_completion",
      model: "served-model-0613",
      system_fingerprint: "fp_44709d6fcb",
      choices: [{ index: 0, text: content, logprobs: null, finish_reason: openAiFinish[finish] }],
      usage: openAiUsage,
    }),
    refusal: null,
    thinks: false,
  },
  {
    id: "anthropic/served-model",
    env: "ANTHROPIC_API_KEY",
    base: "/v1",
    path: "/v1/messages",
    authorization: ["x-api-key", (key) => key],
    asked: chat,
    sent: {
      model: "served-model",
      max_tokens: 64,
      system: "Be brief.",
      messages: [
        { role: "user", content: "Höhe? 高さ? 🗻" },
        { role: "assistant", content: "3776 m" },
        { role: "user", content: "And in feet?" },
      ],
      stop_sequences: ["\nQ:"],
      temperature: 0.5,
      top_p: 0.9,
      top_k: 40,
      custom: { deep: [1, null] },
    },
    stopsOf: (body) => body.stop_sequences,
    mostStops: Number.POSITIVE_INFINITY,
    says: ({ text: content, finish = "stop", reasoning, refusal }) => ({
      id: "msg_01",
      type: "message",
      role: "assistant",
      model: "served-model-20250101",
      content: [
        ...(reasoning === undefined ? [] : [{ type: "thinking", thinking: reasoning, signature: "c2ln" }]),
        ...(content === null ? [] : [{ type: "text", text: content }]),
      ],
      stop_reason:
        refusal !== undefined || finish === "filter" ? "refusal" : finish === "length" ? "max_tokens" : "end_turn",
      stop_sequence: null,
      usage: { input_tokens: 20, output_tokens: 8, cache_creation_input_tokens: 2, cache_read_input_tokens: 4 },
    }),
    read: {
      model: "served-model-20250101",
      fingerprint: null,
      finishReason: "stop",
      usage: { input: 20, output: 8, reasoning: null, cacheRead: 4, cacheWrite: 2 },
    },
    refusal: "the provider's refusal",
    thinks: true,
  },
  {
    id: "google/served-model",
    env: "GEMINI_API_KEY",
    base: "/v1beta",
    path: "/v1beta/models/served-model:generateContent",
    authorization: ["x-goog-api-key", (key) => key],
    asked: chat,
    sent: {
      systemInstruction: { parts: [{ text: "Be brief." }] },
      contents: [
        { role: "user", parts: [{ text: "Höhe? 高さ? 🗻" }] },
        { role: "model", parts: [{ text: "3776 m" }] },
        { role: "user", parts: [{ text: "And in feet?" }] },
      ],
      generationConfig: {
        maxOutputTokens: 64,
        temperature: 0.5,
        topP: 0.9,
        topK: 40,
        seed: 7,
        stopSequences: ["\nQ:"],
      },
      custom: { deep: [1, null] },
    },
    stopsOf: (body) => (body.generationConfig as Record<string, unknown>).stopSequences,
    mostStops: 5,
    says: ({ text: content, finish = "stop", reasoning, refusal }) =>
      refusal === undefined
        ? {
            candidates: [
              {
                content: {
                  role: "model",
                  parts: [
                    ...(reasoning === undefined ? [] : [{ text: reasoning, thought: true }]),
                    ...(content === null ? [] : [{ text: content }]),
                  ],
                },
                finishReason: { stop: "STOP", length: "MAX_TOKENS", filter: "SAFETY" }[finish],
                index: 0,
              },
            ],
            usageMetadata: {
              promptTokenCount: 20,
              candidatesTokenCount: 5,
              thoughtsTokenCount: 3,
              cachedContentTokenCount: 4,
              totalTokenCount: 28,
            },
            modelVersion: "served-model-001",
          }
        : { promptFeedback: { blockReason: refusal }, usageMetadata: { promptTokenCount: 20 }, modelVersion: "m" },
    read: {
      model: "served-model-001",
      fingerprint: null,
      finishReason: "stop",
      usage: { input: 20, output: 8, reasoning: 3, cacheRead: 4, cacheWrite: null },
    },
    refusal: "PROHIBITED_CONTENT",
    thinks: true,
  },
];
