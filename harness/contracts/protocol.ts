import { z } from "zod";
import { executionSchema, workspaceSchema } from "./execution.ts";
import { pipelineSchema } from "./extraction.ts";
import { jsonObjectSchema } from "./json.ts";
import { lintRuleNames } from "./lint-rule.ts";
import { metricSchema } from "./metric.ts";

const slug = z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, "lower-case letters, digits, '.', '_' and '-'");

/** Where a protocol comes from, so that a reader can check it. */
export const sourceSchema = z.strictObject({
  project: z.string(),
  version: z.string().describe("release or commit"),
  file: z.string().optional(),
  url: z.string().optional(),
  note: z.string().optional(),
});

/** A known fault of the source that we keep on purpose. `fixedIn` names our mended protocol. */
export const defectSchema = z.strictObject({
  what: z.string(),
  effect: z.string().optional(),
  reference: z.string().optional(),
  fixedIn: slug.optional(),
  rule: z.enum(lintRuleNames).optional().describe("what `assay protocol lint` finds because of it"),
});

/** Fields of a body that carry a secret by their name. */
export const secretField =
  /^(?:x[-_])?(?:api[-_]?key|(?:auth|access|bearer|secret)[-_]?(?:key|token)|authorization|password|secret)$/i;

/** Parameters of a generation, as they go to the model. `null` means: not sent, the server decides. */
export const generationSchema = z.strictObject({
  maxTokens: z.number().int().positive().nullable().default(null),
  temperature: z.number().min(0).nullable().default(null),
  topP: z.number().min(0).max(1).nullable().default(null),
  topK: z.number().int().positive().nullable().default(null),
  minP: z.number().min(0).max(1).nullable().default(null),
  frequencyPenalty: z.number().nullable().default(null),
  presencePenalty: z.number().nullable().default(null),
  seed: z.number().int().nullable().default(null),
  reasoningEffort: z.string().nullable().default(null),
  stop: z.array(z.string().min(1)).default([]).describe("templates"),
  extra: jsonObjectSchema
    .refine((fields) => !Object.keys(fields).some((name) => secretField.test(name)), {
      error: "a key or password would be written into every record; set it in the environment",
    })
    .default({})
    .describe("further fields of the request body, sent as they are; no secrets"),
});

const shotExampleSchema = z.strictObject({ question: z.string(), answer: z.string() });
const shotExamplesSchema = z.array(shotExampleSchema);

/** How example items are chosen. Samplers: see harness/prompt. */
export const shotsSchema = z.strictObject({
  count: z.number().int().nonnegative().default(0),
  split: z.string().optional().describe("split that the shots are drawn from"),
  keep: z
    .string()
    .optional()
    .describe(
      "expression; rows for which it is false are no shots, and where fewer than `count` are left, all are shown",
    ),
  sampler: z.enum(["first_n", "random", "stable", "helm", "fixed"]).default("stable"),
  seed: z.number().int().default(1234),
  matching: z.array(z.string()).default([]).describe("fields in which a shot must equal the item, e.g. subject"),
  exclude: z
    .enum(["item", "none", "lm-eval"])
    .default("item")
    .describe("may the item itself be drawn; lm-eval: draw n + 1 and drop it"),
  items: z
    .union([shotExamplesSchema, z.record(z.string(), shotExamplesSchema)])
    .optional()
    .describe(
      "for sampler `fixed`: the shots as written, or rendered by `question` and `answer` where those are given; with `matching`: value of its field → shots",
    ),
  label: z.string().optional().describe("for sampler `helm`: template of a row's class"),
  ids: z
    .array(z.union([z.string(), z.number()]))
    .optional()
    .describe("for sampler `fixed`: ids of the rows of `split` that are the shots, in order"),
  key: z
    .string()
    .optional()
    .describe(
      "template of the text that `ids` name rows by, instead of the item's id; `sha256:…` is the start of its hash",
    ),
  place: z
    .literal("description")
    .optional()
    .describe(
      "shots are no turns: `description` shows them, as `shots`, a list of objects with `question` and `answer`",
    ),
  question: z.string().optional().describe("template for a shot, where it differs from `question`"),
  answer: z.string().optional(),
  choices: z.union([z.string(), z.array(z.string())]).optional(),
});

/** Does a sample of this outcome count against the model (`wrong`), or leave the denominator (`excluded`)? Errors never count as wrong. */
export const denominatorSchema = z.strictObject({
  unparsed: z.enum(["wrong", "excluded"]).default("wrong"),
  limited: z.enum(["wrong", "excluded"]).default("wrong"),
  refused: z.enum(["wrong", "excluded"]).default("wrong"),
});

const fields = {
  $schema: z.string().optional(),
  id: slug,
  title: z.string(),
  summary: z.string().optional(),
  source: sourceSchema,
  defects: z.array(defectSchema).default([]),
  fixes: slug.optional().describe("protocol whose defects this one mends"),

  method: z.enum(["generate", "choice", "likelihood", "perplexity"]),
  evaluate: z.string().optional().describe("split, where it differs from the task's"),
  keep: z.string().optional().describe("expression; rows for which it is false are left out"),
  layout: z.enum(["text", "chat"]),
  multiturn: z.boolean().default(true).describe("chat layout: shots as turns; false: all in one user message"),
  system: z.string().default(""),
  description: z.string().default("").describe("template that stands before the shots"),
  question: z.string().describe("template of an item"),
  contexts: z
    .string()
    .optional()
    .describe("expression giving one context a choice (WinoGrande); the continuation is then `answer`"),
  answer: z.string().describe("template of the answer as a shot shows it"),
  choices: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe("expression giving a list, or a list of templates"),
  target: z
    .string()
    .optional()
    .describe("expression: index of the right choice, or the right answer(s); default: `answer`"),
  answerPrefix: z.string().default(""),
  targetDelimiter: z.string().default(" "),
  shotDelimiter: z.string().default("\n\n"),
  shots: shotsSchema.prefault({}),
  generate: generationSchema.prefault({}),
  unconditional: z
    .union([z.boolean(), z.string()])
    .default(false)
    .describe("also score each choice without its context, or behind this text instead (PMI)"),
  epochs: z.number().int().positive().default(1),
  extract: z.array(pipelineSchema).default([]),
  metrics: z.array(metricSchema).min(1),
  primary: z
    .strictObject({ metric: z.string(), filter: z.string().optional() })
    .describe("the score that a leaderboard shows"),
  average: z.enum(["micro", "macro"]).default("micro"),
  macroOver: z.string().optional().describe("category level whose groups weigh the same in the macro average"),
  denominator: denominatorSchema.prefault({}),
  specimen: z
    .string()
    .optional()
    .describe("template of a good response, given `answer`: used by baselines, lint and tests"),
  execution: executionSchema.optional().describe("code tasks: how a program is judged"),
  workspace: workspaceSchema.optional().describe("repository tasks: what of its container an answer is made with"),
};

/** `tasks/<id>/protocols/<id>.yaml`, complete. */
export const protocolSchema = z.strictObject(fields);

/** The file as written: `extends` names a protocol of the same task whose fields are taken over. */
export const protocolFileSchema = protocolSchema.partial().extend({ id: slug, extends: slug.optional() });

export type Protocol = z.infer<typeof protocolSchema>;
export type ProtocolFile = z.input<typeof protocolFileSchema>;
export type GenerationParameters = z.infer<typeof generationSchema>;
export type ShotsSpec = z.infer<typeof shotsSchema>;
export type DenominatorPolicy = z.infer<typeof denominatorSchema>;
