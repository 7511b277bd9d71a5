import { countsSchema, unitSchema } from "@assay/harness/contracts";
import { z } from "zod";

const rangeSchema = z.strictObject({ low: z.number().int(), high: z.number().int() });

/** One run's score in a column. Values stand as in the run's record; ranks come from paired tests within the column. */
const cellSchema = z.strictObject({
  run: z.string(),
  model: z.string(),
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  level: z.number().nullable(),
  method: z.string().nullable().describe("of the interval; null: uncertainty not available"),
  stderr: z.number().nullable(),
  n: z.number().int(),
  items: z.number().int(),
  unparsed: z.number().int(),
  counts: countsSchema,
  rank: rangeSchema.nullable().describe("simultaneous range; null: no item scores to test with"),
  marginal: rangeSchema.nullable(),
  tier: z.number().int().nullable(),
});

/** Scores that may stand under each other: one setup, one metric. */
const columnSchema = z.strictObject({
  id: z.string(),
  task: z.string(),
  protocol: z.string(),
  setup: z.string().describe("comparability hash"),
  overrides: z.array(z.string()).describe("what differs from the protocol as shipped"),
  metric: z.string(),
  filter: z.string(),
  group: z.string(),
  unit: unitSchema,
  lowerIsBetter: z.boolean(),
  level: z.number(),
  rankMethod: z.string().nullable(),
  separated: z.number().nullable().describe("share of pairs told apart"),
  cells: z.array(cellSchema).describe("best first"),
});

/** What the whole site is about. */
const siteSchema = z.strictObject({
  format: z.literal("assay-site-1"),
  title: z.string(),
  generator: z.string(),
  totals: z.strictObject({
    runs: z.number().int(),
    partial: z.number().int(),
    tasks: z.number().int(),
    models: z.number().int(),
    setups: z.number().int(),
    samples: z.number().int(),
  }),
});

const fileSchema = z.strictObject({
  name: z.string().describe("logical name"),
  path: z.string().describe("content-addressed, relative to the site's root"),
  sha256: z.string(),
  bytes: z.number().int(),
  role: z.string(),
});

/** `data/manifest.json`: every data file with its hash. */
export const manifestSchema = z.strictObject({
  format: z.literal("assay-manifest-1"),
  generator: z.string(),
  snapshot: z.string().describe("hash over the names and hashes of all files"),
  files: z.array(fileSchema),
});

export type Cell = z.infer<typeof cellSchema>;
export type Column = z.infer<typeof columnSchema>;
export type SiteInfo = z.infer<typeof siteSchema>;
export type DataFile = z.infer<typeof fileSchema>;
export type Manifest = z.infer<typeof manifestSchema>;
