import { createHash } from "node:crypto";
import { InputError, type RunRecord, type Score } from "../../contracts/index.ts";
import { evaluationId, instanceLines, resultId } from "./every-eval-ever-rows.ts";
import { type Aggregate, aggregateSchema } from "./every-eval-ever-schema.ts";
import { type Exporter, epochSeconds, fileSafe, type Loss, type Publisher } from "./exported.ts";

/**
 * Every Eval Ever 0.3.0: one aggregate file and one row a sample and score. Rows are written twice: once for their hash, once
 * for the file.
 *
 * @throws InputError `EXPORT_PUBLISHER_MISSING`: who evaluated, and how they stand to the model's maker, is never guessed
 */
export const exportEveryEvalEver: Exporter = async (run, { at, publisher }) => {
  const { record } = run;
  const scores = record.scores.filter((score) => score.group === "all" && score.value !== null);
  if (scores.length === 0) {
    throw new InputError({
      code: "EXPORT_NOTHING_SCORED",
      what: `${record.runId} has no score.`,
      fix: "Finish the run first: every-eval-ever has no place for a run without one.",
    });
  }
  const folder = `data/${record.task}/${developerAndModel(record).map(fileSafe).join("/")}`;
  const path = `${folder}/${uuidOf(record.setup.identityHash)}`;
  const checked = await checkRows(instanceLines(run, scores));
  const aggregate = aggregateSchema.parse(aggregateOf(record, { at, publisher, scores, checked, path }));
  return {
    files: [
      { path: `${path}.json`, content: `${JSON.stringify(aggregate, null, 2)}\n` },
      { path: `${path}_samples.jsonl`, content: instanceLines(run, scores) },
    ],
    losses: lossesOf(record),
  };
};

function developerAndModel({ setup }: RunRecord): [string, string] {
  const [owner, name] = setup.model.name.split("/");
  return name === undefined
    ? [setup.model.provider, setup.model.name]
    : [owner ?? "", setup.model.name.slice((owner?.length ?? 0) + 1)];
}

/** A version 4 UUID that the setup decides: exported again, a run keeps its file names. */
function uuidOf(hash: string): string {
  const variant = "89ab"[Number.parseInt(hash[16] ?? "0", 16) % 4];
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `4${hash.slice(13, 16)}`,
    `${variant}${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join("-");
}

interface Checked {
  rows: number;
  sha256: string;
}

async function checkRows(lines: AsyncIterable<string>): Promise<Checked> {
  const hash = createHash("sha256");
  let rows = 0;
  for await (const line of lines) {
    hash.update(line);
    rows += 1;
  }
  return { rows, sha256: hash.digest("hex") };
}

interface Given {
  at: Date;
  publisher: Publisher;
  scores: readonly Score[];
  checked: Checked;
  path: string;
}

function aggregateOf(record: RunRecord, { at, publisher, scores, checked, path }: Given): Aggregate {
  const { environment, setup, source } = record;
  const { organization, relationship } = publisher;
  if (organization === undefined || relationship === undefined) throw publisherMissing();
  const imported = source.kind === "import" ? source.details : undefined;
  return {
    schema_version: "0.3.0",
    evaluation_id: evaluationId(record),
    evaluation_timestamp: String(epochSeconds(record.startedAt)),
    retrieved_timestamp: String(Math.floor(at.getTime() / 1000)),
    source_metadata: {
      source_name: record.runId,
      source_type: "evaluation_run",
      source_organization_name: organization,
      evaluator_relationship: relationship,
      additional_details: { partial: String(record.partial), partial_reasons: JSON.stringify(record.partialReasons) },
    },
    eval_library: {
      name: typeof imported?.library === "string" ? imported.library : "assay",
      version: typeof imported?.version === "string" ? imported.version : environment.assay,
      additional_details: {
        node: environment.node,
        git_commit: environment.git?.commit ?? "not recorded",
        git_dirty: String(environment.git?.dirty ?? "not recorded"),
      },
    },
    model_info: {
      name: setup.model.name,
      id: setup.model.name,
      inference_platform: setup.model.provider,
      additional_details: {
        deployment_type: "unknown",
        model_availability: "unknown",
        base_url: setup.model.baseUrl ?? "the provider's own",
        options: JSON.stringify(setup.model.options),
        returned: JSON.stringify(record.modelsReturned),
      },
    },
    evaluation_results: scores.map((score) => resultOf(record, score)),
    detailed_evaluation_results: {
      format: "jsonl",
      file_path: `${path}_samples.jsonl`,
      hash_algorithm: "sha256",
      checksum: checked.sha256,
      total_rows: checked.rows,
    },
  };
}

function publisherMissing(): InputError {
  return new InputError({
    code: "EXPORT_PUBLISHER_MISSING",
    what: "every-eval-ever asks who evaluated, and how they stand to the model's maker.",
    fix: "Add --organization <name> and --relationship first_party|third_party|collaborative|other.",
  });
}

function resultOf(record: RunRecord, score: Score): Aggregate["evaluation_results"][number] {
  const { setup } = record;
  const { dataset, protocol } = setup;
  const data = {
    dataset_revision: dataset.revision ?? "not recorded",
    dataset_config: dataset.config ?? "none",
    items_sha256: dataset.itemsSha256,
  };
  return {
    evaluation_result_id: resultId(record, score),
    evaluation_name: record.task,
    source_data:
      dataset.repo === null
        ? { dataset_name: setup.task.title, source_type: "other", additional_details: data }
        : {
            dataset_name: setup.task.title,
            source_type: "hf_dataset",
            hf_repo: dataset.repo,
            hf_split: dataset.split,
            samples_number: dataset.items,
            additional_details: data,
          },
    evaluation_timestamp: String(epochSeconds(record.startedAt)),
    metric_config: {
      evaluation_description: protocol.title,
      metric_id: score.metric,
      metric_name: score.filter === "none" ? score.metric : `${score.metric} (${score.filter})`,
      metric_unit: score.unit,
      metric_parameters: { filter: score.filter },
      lower_is_better: score.lowerIsBetter,
      score_type: "continuous",
      ...boundsOf(score),
    },
    score_details: {
      score: score.value ?? 0,
      details: {
        ...Object.fromEntries(Object.entries(record.counts).map(([kind, count]) => [`num_${kind}`, String(count)])),
        num_truncated: String(record.truncated),
        num_unparsed_by_filter: String(score.unparsed),
        denominator: JSON.stringify(protocol.denominator),
      },
      uncertainty: uncertaintyOf(score),
    },
    generation_config: generationOf(record),
  };
}

function boundsOf({
  unit,
}: Score): Pick<Aggregate["evaluation_results"][number]["metric_config"], "min_score" | "max_score"> {
  if (unit === "proportion") return { min_score: 0, max_score: 1 };
  return unit === "percent" ? { min_score: 0, max_score: 100 } : { min_score: "-Infinity", max_score: "Infinity" };
}

function uncertaintyOf({ stderr, ci, n }: Score) {
  return {
    ...(stderr === null
      ? {}
      : { standard_error: { value: stderr, method: ci?.method.startsWith("bootstrap") ? "bootstrap" : "analytic" } }),
    ...(ci === null
      ? {}
      : { confidence_interval: { lower: ci.low, upper: ci.high, confidence_level: ci.level, method: ci.method } }),
    num_samples: n,
  };
}

function generationOf(record: RunRecord): Aggregate["evaluation_results"][number]["generation_config"] {
  const { setup, cost } = record;
  const { protocol } = setup;
  const { temperature, topP, topK, maxTokens, stop, seed, reasoningEffort } = protocol.generate;
  return {
    generation_args: {
      temperature,
      top_p: topP,
      top_k: topK,
      ...(maxTokens === null ? {} : { max_tokens: maxTokens }),
      execution_command: record.command.join(" "),
      prompt_template: protocol.question,
    },
    additional_details: {
      protocol: protocol.id,
      setup_hash: setup.comparabilityHash,
      identity_hash: setup.identityHash,
      not_recorded: JSON.stringify(setup.notRecorded ?? []),
      num_fewshot: String(protocol.shots.count),
      fewshot_sampler: protocol.shots.sampler,
      fewshot_seed: String(protocol.shots.seed),
      layout: protocol.layout,
      system_prompt: protocol.system,
      stop: JSON.stringify(stop),
      seed: String(seed ?? "not sent"),
      reasoning_effort: reasoningEffort ?? "not sent",
      epochs: String(protocol.epochs),
      extraction: JSON.stringify(protocol.extract),
      chat_template_sha256: setup.model.chatTemplateSha256 ?? "not recorded",
      cost_usd: String(cost.value ?? "unknown"),
      cost_basis: cost.basis,
      wall_seconds: String(record.seconds),
    },
  };
}

function lossesOf(record: RunRecord): Loss[] {
  const losses: Loss[] = [
    {
      field: "setup.protocol",
      why: "question template, temperature, top-p, top-k and token limit are typed; the rest is text in additional_details",
    },
    {
      field: "model_info: deployment_type, model_availability",
      why: "written as `unknown`: a run doesn't record them",
    },
    { field: "samples[].input.raw", why: "the prompt as sent: the record doesn't keep the item's text apart from it" },
    { field: "samples[].response.exchanges", why: "no place for the bodies as sent and received" },
    { field: "samples[].answers[].span", why: "only the extracted text" },
  ];
  const without = record.counts.errored + record.counts.skipped;
  if (without > 0)
    losses.push({
      field: `${without} samples without a value`,
      why: "no row: errors can't be told from wrong answers there",
    });
  if (record.scores.some((score) => score.group !== "all"))
    losses.push({ field: "scores by category", why: "left out: each would need rows of its own" });
  return losses;
}
