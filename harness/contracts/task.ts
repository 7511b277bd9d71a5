import { z } from "zod";

const slug = z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, "lower-case letters, digits, '.', '_' and '-'");
const paths = z.union([z.string(), z.array(z.string()).min(1)]);

/** Columns of a delimited file without a header line, in order. */
const columns = z.array(z.string()).min(1);

/** Data on the Hugging Face Hub at a pinned revision. */
export const hubDatasetSchema = z.strictObject({
  repo: z.string().regex(/^[^/]+\/[^/]+$/, "owner/name"),
  revision: z.string().describe("commit sha (40 hex digits); a branch name is resolved once and recorded"),
  config: z.string().optional(),
  splits: z
    .record(z.string(), paths)
    .optional()
    .describe("split → file or files inside the repository; without it, found as the `datasets` library finds them"),
  columns: columns.optional(),
  gated: z.boolean().optional().describe("the repository asks for a token and accepted terms"),
});

/** Files beside the task: CSV, TSV, JSONL(.gz, .zst), JSON, Parquet. */
export const localDatasetSchema = z.strictObject({
  path: z.union([paths, z.record(z.string(), paths)]).describe("file, or split → file; relative to the task file"),
  columns: columns.optional(),
});

export const datasetSchema = z.union([hubDatasetSchema, localDatasetSchema]);

const expectedSchema = z.strictObject({
  rows: z.record(z.string(), z.number().int().nonnegative()).optional().describe("split → official number of rows"),
  items: z.record(z.string(), z.string()).optional().describe("split → sha256 of the decoded item list"),
});

const categorySchema = z.union([
  z.string().describe("template that gives the category of an item"),
  z.strictObject({
    from: z.string().describe("name of another category level"),
    map: z.record(z.string(), z.string()),
  }),
]);

/** What a reader must know to interpret a score on this task. Unknown fields stay out: missing is shown as "not recorded". */
export const cardSchema = z.strictObject({
  purpose: z.string(),
  doesNotSay: z.string().optional().describe("what a high score does not show"),
  authors: z.string().optional(),
  licence: z.string(),
  citation: z.string().optional(),
  homepage: z.string().optional(),
  languages: z.array(z.string()).optional(),
  size: z.number().int().positive().optional().describe("items of the evaluation split"),
  published: z.string().optional().describe("date of first publication, YYYY or YYYY-MM or YYYY-MM-DD"),
  chance: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .optional()
    .describe("score of random guessing; null where it has no meaning"),
  human: z.strictObject({ value: z.number(), source: z.string(), who: z.string().optional() }).optional(),
  labelErrors: z.strictObject({ rate: z.number().min(0).max(1), source: z.string() }).optional(),
  contamination: z.string().optional(),
  canary: z.string().optional(),
  publishSamples: z.enum(["full", "hashed", "none"]).default("full").describe("may item text appear on a site"),
});

/** `tasks/<id>/task.yaml`: a benchmark's data, its fields and its card. */
export const taskFileSchema = z.strictObject({
  $schema: z.string().optional(),
  id: slug,
  title: z.string(),
  summary: z.string(),
  dataset: datasetSchema,
  evaluate: z.string().default("test").describe("split whose rows are the items"),
  itemId: z.string().optional().describe("column that identifies an item; otherwise <split>/<row>"),
  keep: z.string().optional().describe("expression; rows for which it is false are left out"),
  fields: z
    .record(z.string(), z.string())
    .default({})
    .describe("name → template or {{ expression }}, added to each row in order"),
  categories: z.record(z.string(), categorySchema).default({}).describe("level → template, e.g. subject and area"),
  cluster: z
    .string()
    .optional()
    .describe("template; items with equal values are not independent (same passage, same template)"),
  expected: expectedSchema.optional(),
  needs: z.array(z.enum(["sandbox"])).default([]),
  defaultProtocol: slug,
  chatProtocol: slug
    .optional()
    .describe("asked instead of the default where no protocol is named and the models take chat messages only"),
  card: cardSchema,
});

export type TaskFile = z.infer<typeof taskFileSchema>;
export type TaskCard = z.infer<typeof cardSchema>;
export type DatasetSpec = z.infer<typeof datasetSchema>;
export type HubDatasetSpec = z.infer<typeof hubDatasetSchema>;
export type LocalDatasetSpec = z.infer<typeof localDatasetSchema>;
