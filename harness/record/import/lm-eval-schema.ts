import { z } from "zod";

const number = z.number().nullable();

/** What of a results file of lm-evaluation-harness we need; everything else is let through. */
export const lmEvalResultsSchema = z.looseObject({
  results: z.record(z.string(), z.record(z.string(), z.unknown())),
  configs: z.record(z.string(), z.looseObject({})),
  versions: z.record(z.string(), z.unknown()).optional(),
  "n-shot": z.record(z.string(), z.unknown()).optional(),
  "n-samples": z.record(z.string(), z.looseObject({ original: number, effective: number })).optional(),
  higher_is_better: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  config: z.looseObject({
    model: z.string().nullish(),
    model_args: z.unknown().optional(),
    limit: number.optional(),
    fewshot_seed: number.optional(),
  }),
  date: number.optional(),
  lm_eval_version: z.string().nullish(),
  model_source: z.string().nullish(),
  model_name: z.string().nullish(),
  system_instruction: z.string().nullish(),
  fewshot_as_multiturn: z.boolean().nullish(),
  chat_template: z.unknown().optional(),
  total_evaluation_time_seconds: z.union([z.string(), z.number()]).nullish(),
});
export type LmEvalResults = z.infer<typeof lmEvalResultsSchema>;

/** One line of a samples file. */
export const lmEvalSampleSchema = z.looseObject({
  doc_id: z.number().int().nonnegative(),
  doc: z.unknown().optional(),
  target: z.unknown(),
  arguments: z.union([z.record(z.string(), z.record(z.string(), z.unknown())), z.array(z.unknown())]),
  resps: z.array(z.unknown()),
  filtered_resps: z.unknown(),
  filter: z.string().default("none"),
  metrics: z.array(z.string()).optional(),
  prompt_hash: z.string().optional(),
});
export type LmEvalSample = z.infer<typeof lmEvalSampleSchema>;
