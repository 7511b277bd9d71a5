import { z } from "zod";
import { modelRequestSchema, modelResponseSchema } from "./exchange.ts";
import { jsonObjectSchema, type jsonSchema } from "./json.ts";

export const outcomeKinds = ["scored", "errored", "limited", "unparsed", "refused", "skipped"] as const;
/** How a sample ended. An error is never a wrong answer. */
export type OutcomeKind = (typeof outcomeKinds)[number];

export const outcomeSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("scored"), truncated: z.boolean() }),
  z.strictObject({ kind: z.literal("unparsed") }),
  z.strictObject({ kind: z.literal("limited"), limit: z.enum(["tokens", "budget", "context"]) }),
  z.strictObject({ kind: z.literal("refused"), reason: z.string() }),
  z.strictObject({ kind: z.literal("skipped"), reason: z.string() }),
  z.strictObject({
    kind: z.literal("errored"),
    code: z.string(),
    message: z.string(),
    status: z.number().nullable(),
    attempts: z.number(),
  }),
]);
/** The outcome with what is known about it. */
export type Outcome = z.infer<typeof outcomeSchema>;

export const extractedAnswerSchema = z.strictObject({
  filter: z.string(),
  answer: z.string().nullable(),
  span: z.tuple([z.number(), z.number()]).nullable(),
  by: z.string(),
});

export const metricValueSchema = z.strictObject({
  metric: z.string(),
  filter: z.string(),
  value: z.number().nullable(),
  detail: z.array(z.number()).optional().describe("what a metric over all samples together keeps of this one"),
  weight: z.number().nonnegative().optional().describe("in the mean over samples, where they don't all weigh the same"),
});

/** One line of a run's sample files: an item asked once, with everything that came of it. */
export const sampleSchema = z.strictObject({
  item: z.string().describe("stable id of the item"),
  epoch: z.number().int().nonnegative(),
  row: z.number().int().nonnegative().describe("position of the item in its split"),
  requestHash: z.string(),
  categories: z.record(z.string(), z.string()),
  cluster: z.string().nullable(),
  fields: jsonObjectSchema.describe("what scoring needs of the item: choices, target, answer"),
  shots: z.array(z.string()).describe("item ids of the shots, in order"),
  request: modelRequestSchema,
  response: modelResponseSchema.nullable(),
  answers: z.array(extractedAnswerSchema),
  values: z.array(metricValueSchema),
  outcome: outcomeSchema,
  grading: jsonObjectSchema.nullable().describe("verdict of the sandbox for code tasks"),
});
export type Sample = z.infer<typeof sampleSchema>;

/** What scoring needs of an item, decided before the model is asked. */
export interface ScoringFields {
  /** The right answer(s): index or indices into `choices`, or text(s). */
  target: z.infer<typeof jsonSchema>;
  choices: string[] | null;
  /** The answer as a shot would show it. */
  answer: string;
  /** Tests and entry point of a code task, or further columns that a metric needs (IFEval's instructions). */
  extra: z.infer<typeof jsonObjectSchema>;
}
