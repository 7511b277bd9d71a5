import { z } from "zod";

const generateConfig = z.looseObject({
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  top_k: z.number().nullish(),
  max_tokens: z.number().nullish(),
  seed: z.number().nullish(),
  stop_seqs: z.array(z.string()).nullish(),
  reasoning_effort: z.string().nullish(),
  system_message: z.string().nullish(),
});

const metric = z.looseObject({ name: z.string(), value: z.number().nullable() });

/** What of a log of Inspect (version 2) we need; everything else is let through. */
export const inspectLogSchema = z.looseObject({
  version: z.number(),
  status: z.string(),
  eval: z.looseObject({
    task: z.string(),
    task_version: z.union([z.number(), z.string()]).nullish(),
    created: z.string(),
    dataset: z
      .looseObject({ name: z.string().nullish(), location: z.string().nullish(), samples: z.number().nullish() })
      .nullish(),
    model: z.string(),
    model_base_url: z.string().nullish(),
    model_args: z.record(z.string(), z.unknown()).nullish(),
    model_generate_config: generateConfig.nullish(),
    config: z.looseObject({ limit: z.unknown().optional(), epochs: z.number().nullish() }).nullish(),
    packages: z.record(z.string(), z.string()).nullish(),
  }),
  plan: z
    .looseObject({ steps: z.array(z.looseObject({ solver: z.string() })).nullish(), config: generateConfig.nullish() })
    .nullish(),
  results: z
    .looseObject({
      total_samples: z.number(),
      completed_samples: z.number(),
      scores: z.array(
        z.looseObject({
          name: z.string(),
          scorer: z.string().nullish(),
          params: z.record(z.string(), z.unknown()).nullish(),
          scored_samples: z.number().nullish(),
          metrics: z.record(z.string(), metric),
        }),
      ),
    })
    .nullish(),
  stats: z.looseObject({ started_at: z.string().nullish(), completed_at: z.string().nullish() }).nullish(),
  samples: z.array(z.unknown()).nullish(),
});
export type InspectLog = z.infer<typeof inspectLogSchema>;

const content = z.union([
  z.string(),
  z.array(z.looseObject({ type: z.string(), text: z.string().nullish(), reasoning: z.string().nullish() })),
]);
const message = z.looseObject({ role: z.string(), content });
export type InspectMessage = z.infer<typeof message>;

const usage = z.looseObject({
  input_tokens: z.number().nullish(),
  output_tokens: z.number().nullish(),
  input_tokens_cache_read: z.number().nullish(),
  input_tokens_cache_write: z.number().nullish(),
  reasoning_tokens: z.number().nullish(),
});

export const inspectSampleSchema = z.looseObject({
  id: z.union([z.string(), z.number()]),
  epoch: z.number().int().positive(),
  input: z.union([z.string(), z.array(message)]),
  choices: z.array(z.string()).nullish(),
  target: z.union([z.string(), z.array(z.string())]),
  messages: z.array(message).nullish(),
  output: z
    .looseObject({
      model: z.string().nullish(),
      choices: z.array(z.looseObject({ message, stop_reason: z.string().nullish() })).nullish(),
      usage: usage.nullish(),
      time: z.number().nullish(),
    })
    .nullish(),
  scores: z.record(z.string(), z.looseObject({ value: z.unknown(), answer: z.string().nullish() })).nullish(),
  error: z.looseObject({ message: z.string() }).nullish(),
  limit: z.looseObject({ type: z.string() }).nullish(),
  total_time: z.number().nullish(),
});
export type InspectSample = z.infer<typeof inspectSampleSchema>;
