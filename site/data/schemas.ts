import {
  cardSchema,
  claimSchema,
  costSchema,
  countsSchema,
  jsonSchema,
  studySchema,
  unitSchema,
} from "@assay/harness/contracts";
import { z } from "zod";
import { contaminationFlagSchema, modelMetaSchema } from "./declared-schemas.ts";

const rangeSchema = z.strictObject({ low: z.number().int(), high: z.number().int() });

/** Rank ranges from paired tests: simultaneous over the whole column, and of this run alone. */
const ranksSchema = {
  rank: rangeSchema.nullable().describe("simultaneous range; null: no item scores to test with"),
  marginal: rangeSchema.nullable(),
  tier: z.number().int().nullable(),
};
const scoreFields = {
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  method: z.string().nullable().describe("of the interval; null: uncertainty not available"),
  stderr: z.number().nullable(),
};

/** One run's score in a column. Values stand as in the run's record; ranks come from paired tests within the column. */
const cellSchema = z.strictObject({
  run: z.string(),
  model: z.string(),
  ...scoreFields,
  level: z.number().nullable(),
  n: z.number().int(),
  items: z.number().int(),
  unparsed: z.number().int(),
  counts: countsSchema,
  notScored: z.number().int().describe("samples of any other outcome than scored"),
  ...ranksSchema,
  equivalent: z.array(z.string()).describe("equivalences that let it stand here; empty: it has the column's own setup"),
});

/** Scores that may stand under each other: one setup, one metric. */
export const columnSchema = z.strictObject({
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
  detectable: z.number().nullable().describe("difference seen with 80 % power, from neighbours' typical spread"),
  undecided: z.number().int().nullable().describe("gaps between neighbours that are smaller than `detectable`"),
  cells: z.array(cellSchema).describe("best first"),
});

/** Tests of all pairs of a column: pair (i, j), i < j, in the order of the upper triangle. */
export const pairsSchema = z.strictObject({
  column: z.string(),
  method: z.string(),
  runs: z.array(z.string()),
  differences: z.array(z.number().nullable()).describe("first minus second, higher is better"),
  pValues: z.array(z.number().nullable()),
});

const boardCellSchema = z.strictObject({
  run: z.string().nullable(),
  missing: z
    .enum(["not_run", "other_setup", "partial"])
    .nullable()
    .describe("why there is no score; null where there is one"),
  ...scoreFields,
  n: z.number().int(),
  rank: rangeSchema.nullable(),
  variants: z
    .strictObject({ runs: z.number().int(), best: z.number(), median: z.number() })
    .nullable()
    .describe("runs of this model in this setup, where there are several: the earliest is shown"),
  equivalent: z.array(z.string()).describe("equivalences that let its score stand in this column"),
});

const meanSchema = z.strictObject({ ...scoreFields, tasks: z.number().int(), ...ranksSchema });

const boardRowSchema = z.strictObject({
  id: z.string(),
  model: z.string(),
  variant: z.string().nullable().describe("what tells this variant of the model from its others"),
  cells: z.array(boardCellSchema).describe("one a column of the board"),
  mean: meanSchema.nullable().describe("over all tasks of the board"),
  common: meanSchema.nullable().describe("over the tasks that every row has, where some rows lack a task"),
  n: z.number().int(),
  counts: countsSchema,
  notScored: z.number().int(),
  cost: costSchema.describe("of all runs shown; unknown as soon as one is"),
  milliseconds: z.number().nullable().describe("median latency, averaged over the runs shown"),
  outputTokens: z.number().nullable().describe("a sample, over the runs shown"),
  date: z.string().describe("of the last run shown"),
  flags: z.array(z.string()),
});

/** A leaderboard: declared tasks, each in one admissible setup. */
export const boardSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  summary: z.string(),
  declared: z.boolean().describe("false: made by rule, because no boards.yaml says otherwise"),
  columns: z.array(columnSchema.omit({ cells: true })),
  aggregate: z.enum(["mean", "none"]),
  averaged: z
    .array(z.number().int())
    .describe("places of the columns that the mean is over; a board made by rule leaves saturated tasks out"),
  common: z
    .array(z.number().int())
    .nullable()
    .describe("places of the columns that every row has, where some lack one"),
  level: z.number(),
  rankMethod: z.string().nullable(),
  separated: z.number().nullable(),
  rows: z.array(boardRowSchema).describe("best first; rows without all tasks have no mean and come last"),
  others: z.array(
    z.strictObject({
      run: z.string(),
      model: z.string(),
      task: z.string(),
      reason: z.enum(["partial", "other_setup"]),
      details: z
        .array(z.string())
        .describe("why partial, or the fields in which the setup differs from the nearest column"),
    }),
  ),
});

const readingsSchema = z
  .strictObject({
    unit: unitSchema,
    pipelines: z.array(z.string()),
    runs: z.array(
      z.strictObject({
        run: z.string(),
        model: z.string(),
        setup: z.string().describe("comparability hash"),
        scores: z
          .array(
            z.strictObject({
              pipeline: z.string(),
              value: z.number(),
              stderr: z.number().nullable(),
              unparsed: z.number().describe("share of the responses in which the pipeline found no answer"),
            }),
          )
          .describe("the primary pipeline first"),
      }),
    ),
    extraction: z.number().describe("median over the runs of highest minus lowest score over pipelines"),
    format: z
      .array(z.strictObject({ pipeline: z.string(), models: z.number().int(), spread: z.number().nullable() }))
      .describe("for each pipeline, median over models with two setups of highest minus lowest score over setups"),
  })
  .describe("scores of several extraction pipelines on the same responses");

/** What is known of a task, and how its scores are spread. */
export const taskSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  card: cardSchema,
  columns: z.array(z.string()),
  partial: z.array(z.string()),
  ceiling: z.number().nullable().describe("1 minus the known rate of wrong labels"),
  best: z.number().nullable(),
  headroom: z.number().nullable().describe("ceiling minus best score"),
  saturated: z.boolean().describe("the best score's interval reaches the ceiling"),
  setupNoise: z
    .array(
      z.strictObject({
        metric: z.string(),
        unit: unitSchema,
        columns: z.array(z.string()).describe("setups on the same data, with the same metric and unit"),
        models: z.array(
          z.strictObject({
            model: z.string(),
            setups: z.number().int(),
            low: z.number(),
            high: z.number(),
            sd: z.number().describe("of its scores over its setups, with n - 1"),
            stderr: z.number().nullable().describe("median of its scores' standard errors"),
          }),
        ),
        range: z.number().describe("median over the models of highest minus lowest score: the band"),
        sd: z.number().describe("median over the models"),
      }),
    )
    .describe("of models with at least three setups"),
  contamination: z.array(contaminationFlagSchema).describe("none: not assessed"),
  readings: z.array(readingsSchema).describe("one for each metric and data set with several pipelines"),
});

export const histogramSchema = z.strictObject({
  edges: z.array(z.number()).describe("one more than counts; what lies above the last is in the last count"),
  counts: z.array(z.number().int()),
});

const calibrationSchema = z.strictObject({
  n: z.number().int(),
  bins: z.array(z.strictObject({ n: z.number().int(), confidence: z.number(), accuracy: z.number() })),
  expectedError: z.number(),
  maximumError: z.number(),
  overconfidence: z.number(),
  brier: z.number(),
});

/** How latency (milliseconds) and output tokens of a run's samples are spread, and how sure it was of what. */
export const distributionsSchema = z.strictObject({
  run: z.string(),
  latency: histogramSchema.nullable(),
  tokens: histogramSchema.nullable(),
  calibration: calibrationSchema.nullable().describe("null: no likelihoods of options were asked for"),
});

/** A model and its runs. */
export const modelSchema = z.strictObject({
  id: z.string(),
  slug: z.string(),
  meta: modelMetaSchema.nullable(),
  runs: z.array(z.string()),
});

/** The fields that decide comparability, and who shares them. */
export const setupFileSchema = z.strictObject({
  hash: z.string(),
  task: z.string(),
  protocol: z.string(),
  title: z.string(),
  overrides: z.array(z.string()),
  fields: jsonSchema,
  runs: z.array(z.string()),
  others: z.array(
    z.strictObject({
      hash: z.string(),
      protocol: z.string(),
      runs: z.number().int(),
      differs: z.array(z.strictObject({ path: z.string(), here: jsonSchema, there: jsonSchema })),
    }),
  ),
});

/** Who a score is by. No tier stands without what shows it. */
const provenanceSchema = z.strictObject({
  tier: z.enum([
    "self_reported",
    "third_party_reported",
    "reproduced_here",
    "reproduced_by_others",
    "measured_here",
    "measured_by_others",
  ]),
  evidence: z
    .array(
      z.strictObject({
        kind: z.enum(["source", "archive", "run", "samples", "file"]),
        at: z.string().describe("address, run, or name of the file"),
        sha256: z.string().nullable(),
      }),
    )
    .min(1),
});

/** A claim beside what was measured here. Values stand in the unit of run records. */
export const claimEntrySchema = z.strictObject({
  claim: claimSchema,
  value: z.number(),
  halfUnit: z.number().describe("half the unit of the last digit printed"),
  provenance: z.array(provenanceSchema).describe("empty: who measured it is not recorded, and nobody found the same"),
  measured: z.array(
    z.strictObject({
      run: z.string(),
      protocol: z.string(),
      value: z.number(),
      low: z.number().nullable(),
      high: z.number().nullable(),
      stderr: z.number().nullable(),
      difference: z.number().describe("measured minus claimed"),
      differs: z.array(z.strictObject({ path: z.string(), claimed: jsonSchema, used: jsonSchema })),
      verdict: z
        .enum(["consistent", "above", "below", "not_comparable"])
        .describe("of the claim against the measured interval; not comparable: fields differ or are not stated"),
    }),
  ),
});

/** A study with the scores of its runs. */
export const studyEntrySchema = z.strictObject({
  study: studySchema,
  unit: unitSchema,
  cells: z.array(
    z.strictObject({
      run: z.string(),
      model: z.string(),
      task: z.string(),
      protocol: z.string(),
      partial: z.boolean(),
      varied: z.array(jsonSchema).describe("values of the varied fields, in their order"),
      value: z.number().nullable(),
      low: z.number().nullable(),
      high: z.number().nullable(),
      stderr: z.number().nullable(),
      n: z.number().int(),
      unparsed: z.number().int(),
      adjusted: z
        .strictObject({ level: z.number(), low: z.number(), high: z.number() })
        .nullable()
        .describe(
          "interval that holds together with those of all other runs; null: the recorded one can't be repeated",
        ),
    }),
  ),
  readings: readingsSchema.nullable().describe("null: one pipeline, or different measures"),
  least: z.number().nullable(),
  median: z.number().nullable(),
  greatest: z.number().nullable(),
  test: z
    .strictObject({ spread: z.number(), expected: z.number(), p: z.number(), setups: z.number().int() })
    .nullable()
    .describe("greatest minus least against what shuffling within items gives; null: not the same items or measure"),
});

/** What the whole site is about. */
export const siteSchema = z.strictObject({
  format: z.literal("assay-site-1"),
  title: z.string(),
  summary: z.string(),
  url: z.string().nullable(),
  licence: z.string().nullable(),
  citation: z.string().nullable(),
  robots: z.enum(["index", "noindex"]),
  generator: z.string(),
  updated: z.string().nullable().describe("end of the latest run"),
  samples: z.strictObject({
    storage: z.enum(["bundled", "external", "withheld"]),
    baseUrl: z.string().nullable(),
    reason: z.string().nullable(),
  }),
  boards: z.array(z.strictObject({ id: z.string(), title: z.string(), summary: z.string() })),
  totals: z.strictObject({
    runs: z.number().int(),
    partial: z.number().int(),
    tasks: z.number().int(),
    models: z.number().int(),
    setups: z.number().int(),
    samples: z.number().int(),
  }),
  constants: z.record(z.string(), z.number()).describe("numbers that the pages explain"),
});

export type Cell = z.infer<typeof cellSchema>;
export type Column = z.infer<typeof columnSchema>;
export type Pairs = z.infer<typeof pairsSchema>;
export type BoardCell = z.infer<typeof boardCellSchema>;
export type BoardRow = z.infer<typeof boardRowSchema>;
export type Board = z.infer<typeof boardSchema>;
export type Readings = z.infer<typeof readingsSchema>;
export type TaskEntry = z.infer<typeof taskSchema>;
export type Histogram = z.infer<typeof histogramSchema>;
export type Distributions = z.infer<typeof distributionsSchema>;
export type ModelEntry = z.infer<typeof modelSchema>;
export type SetupFile = z.infer<typeof setupFileSchema>;
export type Provenance = z.infer<typeof provenanceSchema>;
export type ClaimEntry = z.infer<typeof claimEntrySchema>;
export type StudyEntry = z.infer<typeof studyEntrySchema>;
export type SiteInfo = z.infer<typeof siteSchema>;
