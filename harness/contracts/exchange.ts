import { z } from "zod";
import { generationSchema } from "./protocol.ts";

export const messageSchema = z.strictObject({ role: z.enum(["system", "user", "assistant"]), content: z.string() });
export type Message = z.infer<typeof messageSchema>;

/**
 * What a model is asked. `chat` and `text` generate; `likelihood` scores each continuation after its prompt
 * (`prompts` where the contexts differ, one a continuation); `rolling` scores a whole text.
 */
export const modelRequestSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("chat"),
    messages: z.array(messageSchema),
    stop: z.array(z.string()),
    parameters: generationSchema.omit({ stop: true }),
  }),
  z.strictObject({
    kind: z.literal("text"),
    prompt: z.string(),
    stop: z.array(z.string()),
    parameters: generationSchema.omit({ stop: true }),
  }),
  z.strictObject({
    kind: z.literal("likelihood"),
    prompt: z.string(),
    prompts: z.array(z.string()).optional(),
    continuations: z.array(z.string()),
  }),
  z.strictObject({ kind: z.literal("rolling"), text: z.string() }),
]);
export type ModelRequest = z.infer<typeof modelRequestSchema>;

/** Natural logarithm of the probability of a continuation, and how the border to its prompt fell. */
export const likelihoodSchema = z.strictObject({
  logprob: z.number(),
  tokens: z.number().int().nonnegative().nullable(),
  greedy: z.boolean().nullable().describe("every token was the model's first choice; null: not told"),
  straddled: z.boolean().describe("a token lay across the border of prompt and continuation"),
});
export type Likelihood = z.infer<typeof likelihoodSchema>;

/** Token counts as the server reported them; `null`: not reported. */
export const usageSchema = z.strictObject({
  input: z.number().nullable(),
  output: z.number().nullable(),
  reasoning: z.number().nullable(),
  cacheRead: z.number().nullable(),
  cacheWrite: z.number().nullable(),
});
export type Usage = z.infer<typeof usageSchema>;

/** One HTTP exchange, bodies as they went over the wire (credentials are in headers and never kept). */
export const exchangeSchema = z.strictObject({
  url: z.string(),
  sent: z.string(),
  received: z.string(),
  receivedSha256: z
    .string()
    .optional()
    .describe("of the whole body, where `received` keeps only the part that was scored"),
  status: z.number().int(),
  requestId: z.string().nullable(),
});
export type Exchange = z.infer<typeof exchangeSchema>;

export const modelResponseSchema = z.strictObject({
  text: z.string().nullable(),
  reasoning: z.string().nullable(),
  likelihoods: z.array(likelihoodSchema).nullable(),
  finishReason: z.enum(["stop", "length", "content_filter", "tool_calls", "other"]).nullable(),
  refusal: z.string().nullable().describe("the provider's own refusal field or block reason"),
  model: z.string().nullable().describe("model id that the server returned"),
  fingerprint: z.string().nullable(),
  usage: usageSchema,
  latency: z.strictObject({
    firstByteMs: z
      .number()
      .nullable()
      .describe("until status and headers were here; answers are not streamed, so this is no time to the first token"),
    totalMs: z.number().describe("until the whole answer was here; of several requests, their sum"),
  }),
  attempts: z.number().int().positive(),
  cached: z.boolean(),
  exchanges: z.array(exchangeSchema),
  agent: z
    .strictObject({
      steps: z.number().int().nonnegative(),
      endedBy: z.enum(["submit", "steps", "tokens", "seconds", "dollars", "context", "refusal"]),
      transcript: z.array(messageSchema).describe("what was said after the request, commands and their output"),
    })
    .optional()
    .describe("an answer made in several steps; `text` is then what came of it"),
});
export type ModelResponse = z.infer<typeof modelResponseSchema>;

/** Nothing is known about tokens. */
export const noUsage: Usage = { input: null, output: null, reasoning: null, cacheRead: null, cacheWrite: null };

/** A response filled up from what is known of it. Keys stand in the order of the schema, so that reading and writing again keeps bytes. */
export function responseWith(known: Partial<ModelResponse>): ModelResponse {
  return {
    text: null,
    reasoning: null,
    likelihoods: null,
    finishReason: null,
    refusal: null,
    model: null,
    fingerprint: null,
    usage: noUsage,
    latency: { firstByteMs: null, totalMs: 0 },
    attempts: 1,
    cached: false,
    exchanges: [],
    ...known,
  };
}
