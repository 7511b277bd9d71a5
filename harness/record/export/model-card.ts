import { stringify } from "yaml";
import { InputError, type RunRecord, type Score } from "../../contracts/index.ts";
import { type Exporter, fileSafe, type Loss } from "./exported.ts";

/** The primary score, else an error: a model card shows nothing else. */
function mainScore(record: RunRecord): Score & { value: number } {
  const [score] = record.scores;
  if (score?.value !== null && score?.value !== undefined) return { ...score, value: score.value };
  throw new InputError({
    code: "EXPORT_NOTHING_SCORED",
    what: `${record.runId} has no score.`,
    fix: "Finish the run first.",
  });
}

function hubDataset(record: RunRecord, format: string): string {
  const { repo } = record.setup.dataset;
  if (repo !== null) return repo;
  throw new InputError({
    code: "EXPORT_NOT_ON_HUB",
    what: `${format} names a data set of the Hugging Face Hub, and ${record.task} reads files of its own.`,
    fix: "Use another format: csv, parquet, lm-eval, every-eval-ever.",
  });
}

/** Everything about the conditions that fits into a line. */
function conditions({ setup, counts }: RunRecord, score: Score): string {
  const { protocol } = setup;
  const { temperature, maxTokens } = protocol.generate;
  const parts = [
    `protocol ${protocol.id}`,
    `${protocol.shots.count}-shot`,
    ...(protocol.method === "generate"
      ? [`T=${temperature ?? "server default"}`, `max ${maxTokens ?? "server default"} tokens`]
      : [protocol.method]),
    `n=${score.n}`,
    ...(score.ci
      ? [`${score.ci.level * 100}% CI ${score.ci.low.toFixed(4)}–${score.ci.high.toFixed(4)} (${score.ci.method})`]
      : []),
    ...(counts.errored > 0 ? [`${counts.errored} errored`] : []),
    `setup ${setup.comparabilityHash.slice(0, 12)}`,
  ];
  return parts.join(", ");
}

/** `model-index` of a model card: the front matter of its README. */
export const exportModelIndex: Exporter = async ({ record }) => {
  const repo = hubDataset(record, "model-index");
  const { dataset, task, model, protocol } = record.setup;
  const main = mainScore(record);
  const metrics = record.scores
    .filter((score) => score.group === "all" && score.value !== null)
    .map((score) => ({
      type: score.metric,
      name: `${score.metric}${score.filter === "none" ? "" : ` (${score.filter})`}, ${score.unit}`,
      value: score.value,
    }));
  const entry = {
    "model-index": [
      {
        name: model.name.slice(model.name.lastIndexOf("/") + 1),
        results: [
          {
            task: { type: "text-generation", name: task.title },
            dataset: {
              type: repo,
              name: task.title,
              ...(dataset.config === null ? {} : { config: dataset.config }),
              split: dataset.split,
              ...(dataset.revision === null ? {} : { revision: dataset.revision }),
              args: { num_few_shot: protocol.shots.count, setup: conditions(record, main) },
            },
            metrics,
          },
        ],
      },
    ],
  };
  return await Promise.resolve({
    files: [{ path: `${fileSafe(record.runId)}.model-index.yaml`, content: stringify(entry) }],
    losses: [
      ...commonLosses(),
      { field: "scores[].unit", why: "only in the metric's name; the format doesn't say how values are scaled" },
      { field: "scores by category", why: "left out" },
    ],
  });
};

/** `.eval_results/<task>.yaml` of a model repository: one value, from 0 to 100 where it is a proportion. */
export const exportHfEvalResults: Exporter = async ({ record }) => {
  const id = hubDataset(record, "hf-eval-results");
  const { dataset } = record.setup;
  const main = mainScore(record);
  if (main.unit !== "proportion" && main.unit !== "percent") {
    throw new InputError({
      code: "EXPORT_UNIT_UNCLEAR",
      what: `The primary score of ${record.runId} is in ${main.unit}.`,
      why: "hf-eval-results holds a bare number, which readers take for percent.",
      fix: "Use another format: csv, parquet, lm-eval, every-eval-ever.",
    });
  }
  const scale = main.unit === "proportion" ? 100 : 1;
  const entry = {
    dataset: { id, task_id: record.task, ...(dataset.revision === null ? {} : { revision: dataset.revision }) },
    value: Number((main.value * scale).toFixed(10)),
    date: record.startedAt.slice(0, 10),
    notes: `${main.metric}${main.filter === "none" ? "" : ` (${main.filter})`}: ${conditions(record, main)}`,
  };
  return await Promise.resolve({
    files: [{ path: `.eval_results/${fileSafe(record.task)}.yaml`, content: stringify([entry]) }],
    losses: [
      ...commonLosses(),
      {
        field: "dataset.task_id",
        why: "our task's name: compare it with `tasks[].id` in the data set's eval.yaml before you publish",
      },
      { field: "all scores but the primary one", why: "the format holds one value" },
    ],
  });
};

function commonLosses(): Loss[] {
  return [
    { field: "setup", why: "only a line of words" },
    { field: "scores[].stderr, ci, n", why: "only in words" },
    { field: "counts, cost, usage, latency, environment, command", why: "no place" },
    { field: "samples", why: "no place" },
  ];
}
