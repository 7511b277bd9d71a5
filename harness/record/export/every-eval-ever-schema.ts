import { z } from "zod";

/**
 * Every Eval Ever 0.3.0: the parts that we write. Open objects of the schema are closed here, so that a misspelt key is found.
 *
 * @see https://github.com/evaleval/every_eval_ever (`eval.schema.json`, `instance_level_eval.schema.json`)
 */
const details = z.record(z.string(), z.string());

const modelInfoSchema = z.strictObject({
  name: z.string(),
  id: z.string(),
  inference_platform: z.string().optional(),
  additional_details: details.and(
    z.object({
      deployment_type: z.enum(["self_deployed", "externally_managed", "unknown"]),
      model_availability: z.enum(["open_weights", "closed_weights", "unknown"]),
    }),
  ),
});

const sourceDataSchema = z.discriminatedUnion("source_type", [
  z.strictObject({
    dataset_name: z.string(),
    source_type: z.literal("hf_dataset"),
    hf_repo: z.string(),
    hf_split: z.string(),
    samples_number: z.number().int(),
    additional_details: details,
  }),
  z.strictObject({ dataset_name: z.string(), source_type: z.literal("other"), additional_details: details }),
]);

const bound = z.union([z.number(), z.literal("Infinity"), z.literal("-Infinity")]);

const resultSchema = z.strictObject({
  evaluation_result_id: z.string(),
  evaluation_name: z.string(),
  source_data: sourceDataSchema,
  evaluation_timestamp: z.string(),
  metric_config: z.strictObject({
    evaluation_description: z.string().optional(),
    metric_id: z.string(),
    metric_name: z.string(),
    metric_unit: z.string(),
    metric_parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
    lower_is_better: z.boolean(),
    score_type: z.literal("continuous"),
    min_score: bound,
    max_score: bound,
    additional_details: details.optional(),
  }),
  score_details: z.strictObject({
    score: z.number(),
    details,
    uncertainty: z.strictObject({
      standard_error: z.strictObject({ value: z.number(), method: z.string() }).optional(),
      confidence_interval: z
        .strictObject({
          lower: z.number(),
          upper: z.number(),
          confidence_level: z.number().min(0).max(1),
          method: z.string(),
        })
        .optional(),
      num_samples: z.number().int(),
    }),
  }),
  generation_config: z.strictObject({
    generation_args: z.strictObject({
      temperature: z.number().nullable().optional(),
      top_p: z.number().nullable().optional(),
      top_k: z.number().nullable().optional(),
      max_tokens: z.number().int().min(1).optional(),
      execution_command: z.string().optional(),
      prompt_template: z.string().optional(),
    }),
    additional_details: details,
  }),
});

const samplesPath =
  /^data\/[^/]+\/[^/]+\/[^/]+\/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}_samples\.jsonl$/;

export const aggregateSchema = z.strictObject({
  schema_version: z.literal("0.3.0"),
  evaluation_id: z.string(),
  evaluation_timestamp: z.string(),
  retrieved_timestamp: z.string(),
  source_metadata: z.strictObject({
    source_name: z.string(),
    source_type: z.enum(["documentation", "evaluation_run"]),
    source_organization_name: z.string(),
    evaluator_relationship: z.enum(["first_party", "third_party", "collaborative", "other"]),
    additional_details: details,
  }),
  eval_library: z.strictObject({ name: z.string(), version: z.string(), additional_details: details }),
  model_info: modelInfoSchema,
  evaluation_results: z.array(resultSchema).min(1),
  detailed_evaluation_results: z.strictObject({
    format: z.literal("jsonl"),
    file_path: z.string().regex(samplesPath),
    hash_algorithm: z.literal("sha256"),
    checksum: z.string().regex(/^[0-9a-f]{64}$/),
    total_rows: z.number().int().min(1),
  }),
});
export type Aggregate = z.infer<typeof aggregateSchema>;

const count = z.number().int().min(0);

export const instanceSchema = z.strictObject({
  schema_version: z.literal("0.3.0"),
  evaluation_id: z.string(),
  model_id: z.string(),
  evaluation_name: z.string(),
  evaluation_result_id: z.string(),
  sample_id: z.string(),
  sample_hash: z.string(),
  interaction_type: z.literal("single_turn"),
  input: z.strictObject({
    raw: z.string(),
    formatted: z.string().nullable(),
    reference: z.array(z.string()),
    choices: z.array(z.string()).nullable(),
  }),
  output: z.strictObject({ raw: z.array(z.string()), reasoning_trace: z.array(z.string()).nullable() }),
  messages: z.null(),
  answer_attribution: z.array(
    z.strictObject({
      turn_idx: count,
      source: z.string(),
      extracted_value: z.string(),
      extraction_method: z.string(),
      is_terminal: z.boolean(),
    }),
  ),
  evaluation: z.strictObject({ score: z.number(), is_correct: z.boolean() }),
  token_usage: z
    .strictObject({
      input_tokens: count,
      output_tokens: count,
      total_tokens: count,
      input_tokens_cache_write: count.nullable(),
      input_tokens_cache_read: count.nullable(),
      reasoning_tokens: count.nullable(),
    })
    .nullable(),
  performance: z
    .strictObject({ latency_ms: z.number().min(0), time_to_first_token_ms: z.number().min(0).nullable() })
    .nullable(),
  error: z.string().nullable(),
  metadata: details,
});
export type Instance = z.infer<typeof instanceSchema>;
