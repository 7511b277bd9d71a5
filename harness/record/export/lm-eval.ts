import type { JsonObject, Protocol, RunRecord, Sample, Score } from "../../contracts/index.ts";
import { sha256 } from "../hash.ts";
import { type ExportedRun, type Exporter, epochSeconds, fileSafe, type Loss, promptText } from "./exported.ts";
import { samplesByItem } from "./items.ts";

const outputTypes = {
  choice: "multiple_choice",
  generate: "generate_until",
  likelihood: "loglikelihood",
  perplexity: "loglikelihood_rolling",
} as const;

/**
 * lm-evaluation-harness' results file and samples file, as `--output_path --log_samples` writes them.
 *
 * @see https://github.com/EleutherAI/lm-evaluation-harness/blob/v0.4.13/lm_eval/loggers/evaluation_tracker.py
 */
export const exportLmEval: Exporter = async (run) => {
  const { record } = run;
  const stamp = record.startedAt.replaceAll(":", "-").replace(/Z$/, "");
  const folder = fileSafe(record.setup.model.name);
  return await Promise.resolve({
    files: [
      { path: `${folder}/results_${stamp}.json`, content: `${JSON.stringify(resultsOf(record), null, 2)}\n` },
      { path: `${folder}/samples_${record.task}_${stamp}.jsonl`, content: sampleLines(run) },
    ],
    losses: lossesOf(record),
  });
};

/** Scores over all items, by lm-eval's keys; it has no place for categories. */
function overall(record: RunRecord): Score[] {
  return record.scores.filter((score) => score.group === "all");
}

function resultsOf(record: RunRecord): JsonObject {
  const { task, setup } = record;
  const { protocol, dataset, model } = setup;
  const scores: JsonObject = { name: task, alias: task, sample_len: dataset.items };
  for (const { metric, filter, value, stderr } of overall(record)) {
    scores[`${metric},${filter}`] = value;
    scores[`${metric}_stderr,${filter}`] = stderr ?? "N/A";
  }
  return {
    results: { [task]: scores },
    group_subtasks: { [task]: [] },
    configs: { [task]: configOf(record) },
    versions: { [task]: protocol.source.version },
    "n-shot": { [task]: protocol.shots.count },
    higher_is_better: {
      [task]: Object.fromEntries(overall(record).map((score) => [score.metric, !score.lowerIsBetter])),
    },
    "n-samples": { [task]: { original: dataset.rows, effective: dataset.items } },
    config: {
      model: model.provider,
      model_args: Object.entries({ model: model.name, ...(model.baseUrl === null ? {} : { base_url: model.baseUrl }) })
        .map(([key, value]) => `${key}=${value}`)
        .join(","),
      limit: setup.limit,
      gen_kwargs: null,
      fewshot_seed: protocol.shots.seed,
    },
    git_hash: record.environment.git?.commit ?? null,
    date: epochSeconds(record.startedAt),
    lm_eval_version: `assay ${record.environment.assay}`,
    model_source: model.provider,
    model_name: model.name,
    model_name_sanitized: fileSafe(model.name),
    system_instruction: protocol.system === "" ? null : protocol.system,
    system_instruction_sha: protocol.system === "" ? null : sha256(protocol.system),
    fewshot_as_multiturn: protocol.layout === "chat" && protocol.multiturn,
    chat_template: null,
    chat_template_sha: model.chatTemplateSha256,
    total_evaluation_time_seconds: String(record.seconds),
    assay: { runId: record.runId, comparabilityHash: setup.comparabilityHash, identityHash: setup.identityHash },
  };
}

function configOf({ task, setup }: RunRecord): JsonObject {
  const { protocol, dataset } = setup;
  const { stop, maxTokens, temperature, topP, topK } = protocol.generate;
  return {
    task,
    ...(dataset.repo === null ? {} : { dataset_path: dataset.repo }),
    ...(dataset.config === null ? {} : { dataset_name: dataset.config }),
    ...(dataset.revision === null ? {} : { dataset_kwargs: { revision: dataset.revision } }),
    test_split: dataset.split,
    ...(protocol.shots.split === undefined ? {} : { fewshot_split: protocol.shots.split }),
    output_type: outputTypes[protocol.method],
    description: protocol.description,
    doc_to_text: protocol.question,
    doc_to_target: protocol.target ?? protocol.answer,
    ...(protocol.choices === undefined ? {} : { doc_to_choice: protocol.choices }),
    ...(protocol.answerPrefix === "" ? {} : { gen_prefix: protocol.answerPrefix }),
    target_delimiter: protocol.targetDelimiter,
    fewshot_delimiter: protocol.shotDelimiter,
    fewshot_config: { sampler: protocol.shots.sampler },
    num_fewshot: protocol.shots.count,
    repeats: protocol.epochs,
    metric_list: protocol.metrics.map((metric) => ({ ...metric })) as unknown as JsonObject[],
    ...(protocol.method === "generate"
      ? {
          generation_kwargs: {
            until: stop,
            ...numbers({ max_gen_toks: maxTokens, temperature, top_p: topP, top_k: topK }),
          },
          filter_list: filtersOf(protocol),
        }
      : {}),
    metadata: { version: protocol.source.version },
  };
}

function numbers(values: Record<string, number | null>): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

function filtersOf(protocol: Protocol): JsonObject[] {
  return protocol.extract.map(({ id, steps }) => ({
    name: id,
    filter: steps.map(({ use, ...options }) => ({ function: use, ...options })),
  })) as unknown as JsonObject[];
}

async function* sampleLines({ record, samples }: ExportedRun): AsyncGenerator<string> {
  const filters = [...new Set(overall(record).map((score) => score.filter))];
  for await (const epochs of samplesByItem(samples())) {
    for (const filter of filters) {
      const line = lineOf(epochs, filter);
      if (line) yield `${JSON.stringify(line)}\n`;
    }
  }
}

/** One line an item and filter. Errored samples have no line: there is no way to say that they weren't scored. */
function lineOf(epochs: readonly [Sample, ...Sample[]], filter: string): JsonObject | undefined {
  const answered = epochs.filter((sample) => sample.outcome.kind !== "errored");
  const [first] = answered;
  if (!first) return undefined;
  const { target = null, choices = null, answer = null } = first.fields;
  const doc: JsonObject = { id: first.item, ...first.categories, target, choices, answer };
  const text = typeof target === "string" ? target : JSON.stringify(target);
  const values = first.values.filter((entry) => entry.filter === filter);
  return {
    doc_id: first.row,
    doc,
    target: text,
    arguments: argumentsOf(first),
    resps: responsesOf(answered),
    filtered_resps: filteredOf(answered, filter),
    filter,
    metrics: values.map((entry) => entry.metric),
    doc_hash: sha256(JSON.stringify(doc, null, 2)),
    prompt_hash: sha256(promptText(first)),
    target_hash: sha256(text),
    ...Object.fromEntries(values.map((entry) => [entry.metric, meanOf(answered, entry.metric, filter)])),
  };
}

function meanOf(samples: readonly Sample[], metric: string, filter: string): number | null {
  const values = samples.flatMap(({ values: all }) =>
    all.flatMap((entry) =>
      entry.metric === metric && entry.filter === filter && entry.value !== null ? entry.value : [],
    ),
  );
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function argumentsOf({ request }: Sample): JsonObject {
  if (request.kind === "rolling") return { gen_args_0: { arg_0: request.text } };
  if (request.kind === "likelihood") {
    return Object.fromEntries(
      request.continuations.map((continuation, index) => [
        `gen_args_${index}`,
        { arg_0: request.prompts?.[index] ?? request.prompt, arg_1: continuation },
      ]),
    );
  }
  const { maxTokens, temperature, topP } = request.parameters;
  const prompt = request.kind === "chat" ? JSON.stringify(request.messages) : request.prompt;
  const sent = { until: request.stop, ...numbers({ max_gen_toks: maxTokens, temperature, top_p: topP }) };
  return { gen_args_0: { arg_0: prompt, arg_1: sent } };
}

/** By request, then by repeat; numbers as text, as lm-eval writes them. */
function responsesOf(samples: readonly Sample[]): JsonObject[string] {
  const [first] = samples;
  if (first?.request.kind === "likelihood" || first?.request.kind === "rolling")
    return likelihoods(samples, (pair) => [pair]);
  return [samples.map((sample) => sample.response?.text ?? "")];
}

function filteredOf(samples: readonly Sample[], filter: string): JsonObject[string] {
  const [first] = samples;
  if (first?.request.kind === "likelihood" || first?.request.kind === "rolling")
    return likelihoods(samples, (pair) => pair);
  return samples.map((sample) => sample.answers.find((entry) => entry.filter === filter)?.answer ?? "[invalid]");
}

function likelihoods(
  samples: readonly Sample[],
  wrap: (pair: JsonObject[string]) => JsonObject[string],
): JsonObject[string] {
  return (samples[0]?.response?.likelihoods ?? []).map(({ logprob, greedy }) => {
    const flag = greedy === null ? "None" : greedy ? "True" : "False";
    return wrap([String(logprob), flag]);
  });
}

function lossesOf(record: RunRecord): Loss[] {
  const losses: Loss[] = [
    { field: "setup", why: "only the keys of lm-eval's config; the hashes stand under `assay`, which lm-eval ignores" },
    { field: "setup.dataset.files, itemsSha256", why: "lm-eval records no hash of the data" },
    { field: "scores[].ci", why: "only standard errors" },
    { field: "counts", why: "no place for outcomes: truncated, refused and unparsed answers look like wrong ones" },
    {
      field: "samples[].response",
      why: "only the text: no usage, latency, finish reason, returned model or exact body",
    },
    { field: "samples[].answers[].span", why: "only the extracted text" },
    { field: "cost, usage, latency", why: "no place" },
  ];
  if (record.scores.some((score) => score.group !== "all"))
    losses.push({
      field: "scores by category",
      why: "lm-eval has tasks and groups of tasks, but no categories in a task",
    });
  if (record.counts.errored > 0)
    losses.push({
      field: `${record.counts.errored} errored samples`,
      why: "left out: lm-eval can't tell them from wrong answers",
    });
  if (record.setup.protocol.epochs > 1)
    losses.push({ field: "values of single epochs", why: "one value an item: the mean of its epochs" });
  return losses;
}
