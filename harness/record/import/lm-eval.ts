import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { GenerationParameters, JsonObject, MetricSpec, Protocol, Score, Unit } from "../../contracts/index.ts";
import { checkForeign, type ForeignFile, parsePythonJson } from "./foreign-files.ts";
import { type ForeignRun, notRecorded } from "./imported-run.ts";
import { lmEvalSamples } from "./lm-eval-samples.ts";
import { type LmEvalResults, lmEvalResultsSchema, lmEvalSampleSchema } from "./lm-eval-schema.ts";

type Config = Record<string, unknown>;

const methods: Record<string, Protocol["method"]> = {
  multiple_choice: "choice",
  generate_until: "generate",
  loglikelihood: "likelihood",
  loglikelihood_rolling: "perplexity",
};

const units: Record<string, Unit> = {
  perplexity: "perplexity",
  word_perplexity: "perplexity",
  byte_perplexity: "perplexity",
  bits_per_byte: "bits",
  bleu: "points",
  chrf: "points",
  "chrf++": "points",
  ter: "points",
  brier_score: "points",
  mcc: "points",
};

/** Runs in a results file of lm-evaluation-harness, one a task; samples from the files beside it, where they were logged. */
export async function readLmEval(file: ForeignFile): Promise<ForeignRun[]> {
  const value = parsePythonJson(file.bytes.toString("utf8"), file.path);
  const results = checkForeign(lmEvalResultsSchema, value, {
    path: file.path,
    what: "results of lm-evaluation-harness",
  });
  const tasks = Object.keys(results.configs).filter((task) => task in results.results);
  const runs: ForeignRun[] = [];
  for (const task of tasks) runs.push(await runOf(task, { results, file }));
  return runs;
}

async function runOf(
  task: string,
  { results, file }: { results: LmEvalResults; file: ForeignFile },
): Promise<ForeignRun> {
  const config: Config = results.configs[task] ?? {};
  const split = textIn(config, "test_split") ?? textIn(config, "validation_split") ?? "test";
  const lines = await sampleLines(task, file.path);
  const scores = scoresOf(task, results);
  const counted = results["n-samples"]?.[task];
  const items = counted?.effective ?? scores[0]?.n ?? 0;
  const revision = textIn((config.dataset_kwargs ?? {}) as Config, "revision");
  return {
    task,
    title: textIn(config, "task_alias") ?? task,
    library: "lm_eval",
    version: results.lm_eval_version ?? notRecorded,
    file: basename(file.path),
    fileSha256: file.sha256,
    model: modelOf(results),
    protocol: protocolOf(config, results, task),
    metrics: metricsOf(scores, config),
    dataset: {
      repo: textIn(config, "dataset_path") ?? null,
      revision: revision ?? null,
      config: textIn(config, "dataset_name") ?? null,
      split,
      rows: counted?.original ?? items,
      items,
    },
    limit: results.config.limit ?? null,
    unknown: [
      ...(revision === undefined ? ["dataset.revision"] : []),
      ...(isChat(results) ? ["chatTemplate"] : []),
      "protocol.extract",
      "protocol.metrics",
      "protocol.shots.sampler",
      "protocol.shots.exclude",
    ],
    scores,
    samples: lmEvalSamples(lines, split),
    startedAt: new Date((results.date ?? 0) * 1000).toISOString(),
    seconds: Number(results.total_evaluation_time_seconds ?? 0) || 0,
    details: { lmEvalConfig: jsonObject(config), lmEvalRun: jsonObject(results.config) },
  };
}

function textIn(config: Config, key: string): string | undefined {
  const value = config[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function jsonObject(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}

/** `samples_<task>_<date>.jsonl`, of the same date as the results file. */
async function sampleLines(task: string, resultsPath: string) {
  const folder = dirname(resultsPath);
  const date = basename(resultsPath).replace(/^results_|\.json$/g, "");
  const exact = join(folder, `samples_${task}_${date}.jsonl`);
  const path = existsSync(exact)
    ? exact
    : join(folder, readdirSync(folder).find((name) => name === `samples_${task}.jsonl`) ?? "");
  if (!path.endsWith(".jsonl")) return [];
  const lines = (await readFile(path, "utf8")).split("\n").filter((line) => line.trim() !== "");
  return lines.map((line, index) =>
    checkForeign(lmEvalSampleSchema, parsePythonJson(line, `${path}:${index + 1}`), {
      path: `${path}:${index + 1}`,
      what: "a sample of lm-evaluation-harness",
    }),
  );
}

function modelOf(results: LmEvalResults): ForeignRun["model"] {
  const args = results.config.model_args;
  const text = typeof args === "string" ? args : "";
  const named = /(?:^|,)(?:pretrained|model)=([^,]+)/.exec(text)?.[1];
  const options = typeof args === "object" && args !== null ? jsonObject(args) : { model_args: text };
  return {
    provider: results.model_source ?? results.config.model ?? notRecorded,
    name: results.model_name || named || notRecorded,
    baseUrl: /(?:^|,)base_url=([^,]+)/.exec(text)?.[1] ?? null,
    options,
  };
}

/** A chat template was applied, or the model class only speaks chat. */
function isChat(results: LmEvalResults): boolean {
  const template = results.chat_template;
  return (typeof template === "string" && template !== "") || /chat/.test(results.config.model ?? "");
}

function protocolOf(config: Config, results: LmEvalResults, task: string): ForeignRun["protocol"] {
  const shots = Number(results["n-shot"]?.[task] ?? config.num_fewshot ?? 0);
  return {
    method: methods[String(config.output_type)] ?? "generate",
    layout: isChat(results) ? "chat" : "text",
    multiturn: results.fewshot_as_multiturn ?? true,
    system: results.system_instruction ?? "",
    description: textIn(config, "description") ?? "",
    question: textIn(config, "doc_to_text") ?? "",
    answer: textIn(config, "doc_to_target") ?? notRecorded,
    answerPrefix: textIn(config, "gen_prefix") ?? "",
    ...(typeof config.target_delimiter === "string" ? { targetDelimiter: config.target_delimiter } : {}),
    ...(typeof config.fewshot_delimiter === "string" ? { shotDelimiter: config.fewshot_delimiter } : {}),
    shots: {
      count: Number.isInteger(shots) ? shots : 0,
      sampler: "random",
      seed: results.config.fewshot_seed ?? 1234,
      matching: [],
      exclude: "lm-eval",
    },
    generate: generationOf((config.generation_kwargs ?? {}) as Config),
    epochs: Number(config.repeats ?? 1) || 1,
  };
}

function generationOf(sent: Config): GenerationParameters {
  const number = (value: unknown) => (typeof value === "number" ? value : null);
  const stop = [sent.until ?? []].flat().filter((one): one is string => typeof one === "string" && one !== "");
  return {
    maxTokens: number(sent.max_gen_toks ?? sent.max_new_tokens ?? sent.max_tokens),
    temperature: number(sent.temperature),
    topP: number(sent.top_p),
    topK: number(sent.top_k),
    minP: null,
    frequencyPenalty: null,
    presencePenalty: null,
    seed: null,
    reasoningEffort: null,
    stop,
    extra: {},
  };
}

/** `"<metric>,<filter>"` with its `"<metric>_stderr,<filter>"`. */
function scoresOf(task: string, results: LmEvalResults): Omit<Score, "ci">[] {
  const reported = results.results[task] ?? {};
  const n = results["n-samples"]?.[task]?.effective ?? Number(reported.sample_len ?? 0);
  return Object.entries(reported).flatMap(([key, value]) => {
    const [metric = "", filter] = key.split(",");
    if (filter === undefined || metric.endsWith("_stderr") || typeof value !== "number") return [];
    const stderr = reported[`${metric}_stderr,${filter}`];
    return [
      {
        metric,
        filter,
        group: "all",
        value,
        unit: units[metric] ?? "proportion",
        lowerIsBetter: results.higher_is_better?.[task]?.[metric] === false,
        n,
        items: n,
        unparsed: 0,
        stderr: typeof stderr === "number" ? stderr : null,
      },
    ];
  });
}

function metricsOf(scores: readonly Omit<Score, "ci">[], config: Config): MetricSpec[] {
  const names = [...new Set(scores.map((score) => score.metric))];
  const listed = Array.isArray(config.metric_list) ? (config.metric_list as Config[]) : [];
  const specs = names.map((id): MetricSpec => {
    const options = listed.find((entry) => (entry.id ?? entry.metric) === id) ?? {};
    return { metric: "reported", id, by: "lm_eval", options: jsonObject(options) };
  });
  return specs.length > 0 ? specs : [{ metric: "reported", id: "none", by: "lm_eval", options: {} }];
}
