import { z } from "zod";
import { jsonObjectSchema, jsonSchema } from "./json.ts";
import { protocolSchema } from "./protocol.ts";
import { cardSchema } from "./task.ts";

const fileProvenanceSchema = z.strictObject({
  path: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  split: z.string().optional(),
});

/** Which rows were asked: where they come from, and a hash of what was read. */
export const datasetRecordSchema = z.strictObject({
  kind: z.enum(["hub", "local"]),
  repo: z.string().nullable(),
  revision: z.string().nullable(),
  config: z.string().nullable(),
  split: z.string(),
  rows: z.number().int().describe("rows of the split before `keep`"),
  items: z.number().int(),
  itemsSha256: z.string().describe("of the decoded rows of the split, canonical JSON, in order"),
  itemIdsSha256: z.string(),
  files: z.array(fileProvenanceSchema),
  differs: z.array(z.string()).describe("differences from what the task pins, in words; empty: none"),
});

export const overrideSchema = z.strictObject({ path: z.string(), from: jsonSchema, to: jsonSchema, by: z.string() });

/**
 * Every condition of a score. `comparabilityHash` covers what must be equal for two scores to share a column,
 * `identityHash` covers all of it but titles and cards.
 */
export const setupSchema = z.strictObject({
  task: z.strictObject({
    id: z.string(),
    title: z.string(),
    definitionSha256: z.string().describe("of the fields that decide items and answers, not of the card"),
    card: cardSchema,
  }),
  protocol: protocolSchema.describe("as used: file, inheritance and overrides applied"),
  overrides: z.array(overrideSchema).describe("what the command line changed"),
  dataset: datasetRecordSchema,
  shotPool: z
    .strictObject({ split: z.string(), rows: z.number().int(), itemsSha256: z.string() })
    .nullable()
    .describe("rows that shots are drawn from; which of them an item got is in its sample"),
  limit: z.number().int().nullable().describe("first N items only: the run is partial"),
  versions: z
    .strictObject({ prompt: z.number(), extract: z.number(), score: z.number() })
    .describe("of our code where it decides a score"),
  judge: jsonObjectSchema.nullable(),
  sandbox: jsonObjectSchema.nullable(),
  model: z.strictObject({
    provider: z.string(),
    name: z.string(),
    baseUrl: z.string().nullable(),
    options: jsonObjectSchema,
    chatTemplateSha256: z.string().nullable().describe("null: applied by the server, not recorded"),
  }),
  notRecorded: z
    .array(z.string())
    .optional()
    .describe(
      "imported runs: paths of comparable fields that nobody wrote down, e.g. protocol.system; they equal nothing",
    ),
  comparabilityHash: z.string(),
  identityHash: z.string(),
});
export type Setup = z.infer<typeof setupSchema>;
export type DatasetRecord = z.infer<typeof datasetRecordSchema>;
export type Override = z.infer<typeof overrideSchema>;
