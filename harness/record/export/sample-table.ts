import type { Json, RunRecord, Sample } from "../../contracts/index.ts";
import { promptText } from "./exported.ts";
import type { ParquetColumn } from "./parquet-table.ts";

/** A column of the table of samples. */
interface TableColumn extends ParquetColumn {
  read(sample: Sample): string | number | null;
}

/** Columns of the table of a run's samples: one row a sample, an answer a pipeline, a value a metric and pipeline. */
export function sampleColumns(record: RunRecord): TableColumn[] {
  const scores = record.scores.filter((score) => score.group === "all");
  const filters = [...new Set(scores.map((score) => score.filter))].filter((filter) => filter !== "none");
  const levels = [...new Set(record.scores.flatMap(({ group }) => /^(?!macro:)(.+?)=/.exec(group)?.[1] ?? []))];
  const { runId, task, protocol, model, setup } = record;
  const constant = (name: string, value: string): TableColumn => text(name, () => value);
  return [
    constant("run", runId),
    constant("task", task),
    constant("protocol", protocol),
    constant("model", model),
    constant("comparability_hash", setup.comparabilityHash),
    text("item", (sample) => sample.item),
    whole("epoch", (sample) => sample.epoch),
    whole("row", (sample) => sample.row),
    ...levels.map((level) => text(`category.${level}`, (sample) => sample.categories[level] ?? null)),
    text("outcome", (sample) => sample.outcome.kind),
    text("target", ({ fields }) => jsonText(fields.target)),
    text("choices", ({ fields }) => jsonText(fields.choices)),
    text("prompt", promptText),
    text("response", ({ response }) => response?.text ?? null),
    text("reasoning", ({ response }) => response?.reasoning ?? null),
    text("logprobs", ({ response }) => jsonText(response?.likelihoods?.map((one) => one.logprob))),
    ...filters.map((filter) => text(`answer.${filter}`, (sample) => answerOf(sample, filter))),
    ...scores
      .filter((score) => !/[@^]\d+$/.test(score.metric))
      .map(({ metric, filter }) => number(`${metric},${filter}`, (sample) => sampleValue(sample, metric, filter))),
    text("finish_reason", ({ response }) => response?.finishReason ?? null),
    text("returned_model", ({ response }) => response?.model ?? null),
    whole("input_tokens", ({ response }) => response?.usage.input ?? null),
    whole("output_tokens", ({ response }) => response?.usage.output ?? null),
    number("latency_ms", ({ response }) => response?.latency.totalMs ?? null),
    whole("attempts", ({ response }) => response?.attempts ?? null),
    text("error", ({ outcome }) => (outcome.kind === "errored" ? `${outcome.code}: ${outcome.message}` : null)),
  ];
}

const text = (name: string, read: TableColumn["read"]): TableColumn => ({ name, type: "text", read });
const number = (name: string, read: TableColumn["read"]): TableColumn => ({ name, type: "number", read });
const whole = (name: string, read: TableColumn["read"]): TableColumn => ({ name, type: "whole", read });

function jsonText(value: Json | undefined): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function answerOf(sample: Sample, filter: string): string | null {
  return sample.answers.find((entry) => entry.filter === filter)?.answer ?? null;
}

function sampleValue(sample: Sample, metric: string, filter: string): number | null {
  return sample.values.find((entry) => entry.metric === metric && entry.filter === filter)?.value ?? null;
}
