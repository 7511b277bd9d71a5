import { z } from "zod";

const shardRefSchema = z.strictObject({
  path: z.string().describe("from the site's root, or from the base URL where samples are external"),
  sha256: z.string(),
  samples: z.number().int(),
});

/** Which samples a run has, how each ended and where to find it. Lists run in the order of the samples. */
export const sampleIndexSchema = z.strictObject({
  format: z.literal("assay-samples-1"),
  run: z.string(),
  model: z.string(),
  task: z.string(),
  protocol: z.string(),
  setup: z.string().describe("comparability hash"),
  metric: z.string(),
  filter: z.string(),
  lowerIsBetter: z.boolean(),
  policy: z.enum(["full", "hashed"]),
  licence: z.string().describe("of the data set, as its task's card names it"),
  canary: z.string().nullable().describe("marks texts of this data set, so that they can be kept out of training sets"),
  baseUrl: z.string().nullable().describe("null: shards are part of the site"),
  shards: z.array(shardRefSchema),
  prompts: z.array(shardRefSchema),
  items: z.array(z.string()),
  epochs: z.array(z.number().int()).nullable().describe("null: each item was asked once"),
  outcomes: z.string().describe("a letter a sample: Scored, Errored, Limited, Unparsed, Refused, sKipped"),
  values: z.array(z.number().nullable()).describe("of the primary metric; null: not in the denominator"),
  clusters: z.array(z.string()).nullable(),
});

export type ShardRef = z.infer<typeof shardRefSchema>;
export type SampleIndex = z.infer<typeof sampleIndexSchema>;
