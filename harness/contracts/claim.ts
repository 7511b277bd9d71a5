import { z } from "zod";
import { jsonSchema } from "./json.ts";
import { unitSchema } from "./run-record.ts";

const id = z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, "lower-case letters, digits, '.', '_' and '-'");
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "YYYY-MM-DD");

/** `results/claims/<id>.yaml`: a score that somebody else published, with what they said of its setup and what they left out. */
export const claimSchema = z.strictObject({
  id,
  vendor: z.string(),
  model: z.string().describe("as in run records: <provider>/<name>, or the name alone"),
  task: z.string(),
  metric: z.string().optional().describe("as the source calls it"),
  value: z.string().regex(/^-?\d+(\.\d+)?$/, "the number as printed: its last digit tells how far it is rounded"),
  unit: unitSchema.default("percent"),
  measuredBy: z.enum(["self", "third_party", "unknown"]).default("unknown"),
  date: day.optional(),
  stated: z
    .record(z.string(), jsonSchema)
    .default({})
    .describe("path of a protocol field → what the source says, e.g. shots.count: 8"),
  unspecified: z
    .array(z.string())
    .default([])
    .describe("paths of fields that decide the score and that the source leaves out"),
  source: z.strictObject({
    url: z.url({ protocol: /^https?$/ }),
    title: z.string().optional(),
    retrieved: day,
    archivedUrl: z.url({ protocol: /^https?$/ }).optional(),
    quote: z.string().max(200).optional(),
  }),
});
export type Claim = z.infer<typeof claimSchema>;

/** `results/studies/<id>.yaml`: runs that were declared together to answer one question. */
export const studySchema = z.strictObject({
  id,
  title: z.string(),
  question: z.string(),
  kind: z.enum(["sensitivity", "claim", "comparison"]),
  declared: day.describe("when the runs were fixed, before any was scored"),
  runs: z.array(z.string()).min(2).describe("run ids"),
  varies: z
    .array(z.string())
    .min(1)
    .describe("paths of setup fields that differ on purpose, e.g. protocol.shots.count"),
  conclusion: z.string().optional(),
});
export type Study = z.infer<typeof studySchema>;
