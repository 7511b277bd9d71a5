import { jsonSchema } from "@assay/harness/contracts";
import { z } from "zod";

/** What `models.yaml` may say of a model. */
export const modelMetaSchema = z.strictObject({
  id: z.string().describe("as in run records: <provider>/<name>"),
  label: z.string().optional(),
  developer: z.string().optional(),
  weights: z.enum(["open", "closed"]).optional(),
  parameters: z.number().positive().optional().describe("in billions"),
  licence: z.string().optional(),
  released: z.string().optional(),
  cutoff: z.string().optional().describe("of the training data"),
  url: z.url({ protocol: /^https?$/ }).optional(),
  formerly: z.array(z.string()).optional().describe("ids that it had before: their pages lead to its page"),
});

/** A difference that somebody declared not to matter: scores of both sides may share a column, marked as such. */
export const equivalenceSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, "lower-case letters, digits, '.', '_' and '-'"),
    reason: z.string().min(1).describe("why it doesn't matter: readers see it"),
    field: z
      .string()
      .optional()
      .describe("path of a comparable field as on a setup's page, e.g. protocol.generate.seed"),
    values: z.array(jsonSchema).min(2).optional().describe("values of the field that count as one; without it, all do"),
    setups: z.array(z.string().min(6)).min(2).optional().describe("starts of comparability hashes that count as one"),
    tasks: z.array(z.string()).min(1).optional().describe("with field: only these tasks"),
  })
  .refine((rule) => (rule.field === undefined) !== (rule.setups === undefined), "give either field or setups");

/** What somebody found out about items of a task in training data. No flag doesn't mean clean: it means not assessed. */
export const contaminationFlagSchema = z.strictObject({
  task: z.string(),
  models: z.array(z.string()).min(1).optional().describe("ids as in run records; without it, training data at large"),
  level: z.enum(["weak", "strong"]),
  method: z.string().min(1).describe("how it was found, e.g. 13-gram overlap"),
  date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "YYYY-MM-DD"),
  evidence: z.url({ protocol: /^https?$/ }).describe("where it can be read"),
  note: z.string().optional(),
});

/** Something that was added, taken away or scored anew. */
export const changeSchema = z.strictObject({
  date: z.string(),
  kind: z.enum(["added", "removed", "rescored", "rule"]),
  run: z.string().nullable(),
  what: z.string(),
  reason: z.string().nullable(),
  before: z.number().optional().describe("score as it was published, in the unit of its record"),
  after: z.number().optional().describe("score as it is now"),
});

export type ModelMeta = z.infer<typeof modelMetaSchema>;
export type Equivalence = z.infer<typeof equivalenceSchema>;
export type ContaminationFlag = z.infer<typeof contaminationFlagSchema>;
export type Change = z.infer<typeof changeSchema>;
