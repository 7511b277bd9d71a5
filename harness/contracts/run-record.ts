import { z } from "zod";
import { usageSchema } from "./exchange.ts";
import { jsonObjectSchema } from "./json.ts";
import { outcomeKinds } from "./sample.ts";
import { setupSchema } from "./setup.ts";

export const unitSchema = z.enum([
  "proportion",
  "percent",
  "points",
  "nats",
  "bits",
  "perplexity",
  "elo",
  "seconds",
  "usd",
  "count",
]);
export type Unit = z.infer<typeof unitSchema>;

export const intervalSchema = z.strictObject({
  low: z.number(),
  high: z.number(),
  level: z.number(),
  method: z.string(),
});
export type Interval = z.infer<typeof intervalSchema>;

export const countsSchema = z.strictObject(
  Object.fromEntries(outcomeKinds.map((kind) => [kind, z.number().int().nonnegative()])) as Record<
    (typeof outcomeKinds)[number],
    z.ZodNumber
  >,
);
export type OutcomeCounts = z.infer<typeof countsSchema>;

/** A metric's value with unit, n, interval and the method of the interval. `group` is `all`, `macro:<level>` or `<level>=<category>`. */
export const scoreSchema = z.strictObject({
  metric: z.string(),
  filter: z.string(),
  group: z.string(),
  value: z.number().nullable().describe("null: nothing was scored"),
  unit: unitSchema,
  lowerIsBetter: z.boolean(),
  n: z.number().int().describe("samples in the denominator"),
  items: z.number().int(),
  unparsed: z.number().int().describe("samples in which this pipeline found no answer"),
  stderr: z.number().nullable(),
  ci: intervalSchema.nullable(),
});
export type Score = z.infer<typeof scoreSchema>;

export const costSchema = z.strictObject({
  value: z.number().nullable().describe("null: unknown, never 0 by default"),
  currency: z.literal("USD"),
  basis: z.string().describe("measured, list price with date and source, free (local), or unknown"),
});
export type Cost = z.infer<typeof costSchema>;

const percentilesSchema = z.strictObject({
  p50: z.number(),
  p90: z.number(),
  p95: z.number(),
  p99: z.number(),
  max: z.number(),
});
export const latencySchema = z.strictObject({
  total: percentilesSchema.nullable(),
  firstByte: percentilesSchema.nullable(),
});

export const environmentSchema = z.strictObject({
  assay: z.string(),
  lockSha256: z.string().nullable(),
  git: z.strictObject({ commit: z.string(), dirty: z.boolean() }).nullable(),
  node: z.string(),
  platform: z.string(),
  cpus: z.number().int(),
});

const problemCountSchema = z.strictObject({
  item: z.string(),
  n: z.number().int().nonnegative().describe("samples that count"),
  passed: z.number().int().nonnegative(),
});
export type ProblemCount = z.infer<typeof problemCountSchema>;

const shardSchema = z.strictObject({
  file: z.string().regex(/^samples-\d+\.jsonl\.gz$/, "a shard beside the record: samples-00000.jsonl.gz"),
  samples: z.number().int(),
  sha256: z.string(),
  bytes: z.number().int(),
});

/** `run.json`: what a score is worth without its prompts, which are in the sample shards beside it. */
export const runRecordSchema = z.strictObject({
  format: z.literal("assay-run-1"),
  runId: z.string().regex(/^[\w-][\w.-]*$/, "letters, digits, '.', '_' and '-'"),
  task: z.string(),
  protocol: z.string(),
  model: z.string(),
  setup: setupSchema,
  partial: z.boolean(),
  partialReasons: z.array(z.string()),
  command: z.array(z.string()).describe("exact arguments, secrets taken out"),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  seconds: z.number().describe("wall time spent, added up over resumed sessions"),
  environment: environmentSchema,
  modelsReturned: z.array(
    z.strictObject({ model: z.string().nullable(), fingerprint: z.string().nullable(), samples: z.number().int() }),
  ),
  counts: countsSchema,
  failures: z.array(z.strictObject({ code: z.string(), message: z.string(), samples: z.number().int() })),
  truncated: z.number().int(),
  straddled: z.number().int(),
  scores: z.array(scoreSchema),
  usage: usageSchema.extend({ requests: z.number().int(), retries: z.number().int(), cached: z.number().int() }),
  cost: costSchema,
  latency: latencySchema,
  passCounts: z
    .array(z.strictObject({ metric: z.string(), filter: z.string(), problems: z.array(problemCountSchema) }))
    .optional()
    .describe("code tasks: samples and passes of every problem, from which pass@k of any k follows"),
  samples: z.array(shardSchema),
  source: z.strictObject({
    kind: z.enum(["assay", "replay", "import"]),
    note: z.string().nullable(),
    details: jsonObjectSchema,
  }),
});
export type RunRecord = z.infer<typeof runRecordSchema>;
