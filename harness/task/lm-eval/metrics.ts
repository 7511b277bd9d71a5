import { type MetricSpec, metricSchema } from "../../contracts/index.ts";
import { PythonReference, scalarText } from "./config-file.ts";
import type { Translation } from "./expressions.ts";
import type { PythonModules } from "./python-modules.ts";

/** An entry of `metric_list`. */
interface MetricEntry {
  metric?: unknown;
  aggregation?: unknown;
  [option: string]: unknown;
}

type OutputType = "multiple_choice" | "generate_until" | "loglikelihood" | "loglikelihood_rolling";

/** What lm-eval scores a task by that names no metric. */
const byDefault: Record<OutputType, string[]> = {
  multiple_choice: ["acc", "acc_norm"],
  generate_until: ["exact_match"],
  loglikelihood: ["perplexity", "acc"],
  loglikelihood_rolling: ["word_perplexity", "byte_perplexity", "bits_per_byte"],
};

/** Keys of an entry that aren't options of the metric itself. `average` and `weight_by_size` are read by nothing. */
const general = new Set([
  "metric",
  "aggregation",
  "higher_is_better",
  "high_is_better",
  "hf_evaluate",
  "weight_by_size",
]);

type Make = (options: Record<string, unknown>) => MetricSpec | undefined;
const plain =
  (spec: object): Make =>
  () =>
    metricSchema.parse(spec);

/** Metrics by output type; each with the aggregation that it is defined by. */
const known: Record<OutputType, Record<string, { aggregation: string; make: Make }>> = {
  multiple_choice: {
    acc: { aggregation: "mean", make: plain({ metric: "acc" }) },
    acc_norm: { aggregation: "mean", make: plain({ metric: "acc_norm" }) },
    acc_bytes: { aggregation: "mean", make: plain({ metric: "acc_bytes" }) },
    acc_mutual_info: { aggregation: "mean", make: plain({ metric: "acc_mutual_info" }) },
    exact_match: { aggregation: "mean", make: plain({ metric: "greedy_match", id: "exact_match" }) },
    f1: { aggregation: "f1", make: plain({ metric: "class_f1", id: "f1", average: "binary" }) },
    mcc: { aggregation: "matthews_corrcoef", make: plain({ metric: "mcc" }) },
    brier_score: { aggregation: "brier_score", make: plain({ metric: "brier", id: "brier_score" }) },
  },
  generate_until: {
    exact_match: { aggregation: "mean", make: exactMatch },
    bleu: { aggregation: "bleu", make: plain({ metric: "corpus_similarity", id: "bleu", measure: "bleu" }) },
    chrf: { aggregation: "chrf", make: plain({ metric: "corpus_similarity", id: "chrf", measure: "chrf" }) },
  },
  loglikelihood: {
    acc: { aggregation: "mean", make: plain({ metric: "greedy_match", id: "acc" }) },
    perplexity: { aggregation: "perplexity", make: plain({ metric: "perplexity" }) },
  },
  loglikelihood_rolling: {
    word_perplexity: { aggregation: "weighted_perplexity", make: plain({ metric: "word_perplexity" }) },
    byte_perplexity: { aggregation: "weighted_perplexity", make: plain({ metric: "byte_perplexity" }) },
    bits_per_byte: { aggregation: "bits_per_byte", make: plain({ metric: "bits_per_byte" }) },
  },
};

function exactMatch(options: Record<string, unknown>): MetricSpec | undefined {
  const { ignore_case, ignore_punctuation, ignore_numbers, regexes_to_ignore, ...rest } = options;
  if (Object.keys(rest).length > 0) return undefined;
  return {
    metric: "exact_match",
    id: undefined,
    ignoreCase: ignore_case === true,
    ignorePunctuation: ignore_punctuation === true,
    ignoreNumbers: ignore_numbers === true,
    ignore: (regexes_to_ignore ?? []) as string[],
  };
}

/** `metric_list`, or the metrics of the output type. Ids are lm-eval's names. */
export function metricsOf(translation: Translation, output: OutputType): MetricSpec[] {
  const entries = (translation.config.metric_list ?? byDefault[output].map((metric) => ({ metric }))) as MetricEntry[];
  return entries.flatMap((entry) => metricOf(translation, output, entry) ?? []);
}

/** `f1_score(golds, preds, average="…")` over zipped pairs, written in the folder or imported from the library. */
const f1Shape = "e4200b4b1a2efb4e";

function averageOf(reference: PythonReference, modules: PythonModules): "macro" | "micro" | "weighted" | undefined {
  const helper = modules.find(reference);
  if (helper?.library === "lm_eval.utils.weighted_f1_score") return "weighted";
  const average = helper?.shapeHash === f1Shape ? helper.strings[0] : undefined;
  return average === "macro" || average === "micro" || average === "weighted" ? average : undefined;
}

/** A text that stands for "nothing found" would be compared with the right one; we count such an answer as empty. */
function refuseFallbacks({ config, refusals }: Translation): void {
  const filters = ((config.filter_list ?? []) as { filter?: { function?: unknown }[] }[]).flatMap(
    ({ filter }) => filter ?? [],
  );
  if (filters.some(({ function: name }) => name === "regex" || name === "multi_choice_regex"))
    refusals.add("a metric that Assay doesn't have", "similarity to a filter's [invalid]");
}

function metricOf(translation: Translation, output: OutputType, entry: MetricEntry): MetricSpec | undefined {
  const { refusals, modules } = translation;
  const { metric, aggregation } = entry;
  if (metric instanceof PythonReference) {
    refusals.add("a Python function that Assay doesn't know", `metric ${metric.name}`);
    return undefined;
  }
  const found = known[output][scalarText(metric)];
  if (!found) {
    refusals.add("a metric that Assay doesn't have", `${scalarText(metric)} on ${output}`);
    return undefined;
  }
  if (aggregation instanceof PythonReference) {
    const average = output === "multiple_choice" && metric === "f1" ? averageOf(aggregation, modules) : undefined;
    if (average !== undefined) return { metric: "class_f1", id: "f1", average };
    refusals.add("a Python function that Assay doesn't know", `aggregation ${aggregation.name}`);
  } else if (aggregation !== undefined && aggregation !== found.aggregation)
    refusals.add("an aggregation that Assay doesn't have", `${scalarText(aggregation)} of ${scalarText(metric)}`);
  if (found.aggregation === "bleu" || found.aggregation === "chrf") refuseFallbacks(translation);
  const options = Object.fromEntries(Object.entries(entry).filter(([key]) => !general.has(key)));
  const spec = found.make(options);
  if (spec === undefined)
    refusals.add("a metric that Assay doesn't have", `${scalarText(metric)} with ${Object.keys(options).join(", ")}`);
  return spec;
}
