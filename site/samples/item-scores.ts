import type { OutcomeKind, RunRecord, Sample } from "@assay/harness/contracts";
import { passAtK } from "@assay/harness/stats";
import { primaryScore } from "../data/primary-score.ts";

/** Letter of an outcome in a sample index. */
const outcomeLetters: Record<OutcomeKind, string> = {
  scored: "S",
  errored: "E",
  limited: "L",
  unparsed: "U",
  refused: "R",
  skipped: "K",
};

/** What a run's samples say, one row a sample, columns apart so that a million stay small. */
export interface SampleColumns {
  items: string[];
  epochs: number[];
  outcomes: string[];
  /** Of the primary metric; `null`: not in the denominator. */
  values: (number | null)[];
  clusters: (string | null)[];
  /** Milliseconds of responses that were waited for. */
  milliseconds: number[];
  outputTokens: number[];
  /** Share of probability on the likeliest option, and whether that one was right (1) or not (0). */
  confidences: number[];
  rights: number[];
  /** Categories of each sample, by level. */
  categories: Map<string, string[]>;
  /** Values have weights of their own, or are taken together: the score isn't their plain mean. */
  combined: boolean;
}

/** Scores of a run by item, higher is better: what runs are compared by. */
export interface ItemScores {
  items: string[];
  values: Float64Array;
  /** The same before categories were given their weights, where they were: an item's own share of full marks. */
  plain?: Float64Array;
  clusters: string[] | null;
}

/** Name under which the primary metric's values stand in samples: `pass` for `pass@1`. */
export function sampleMetric(record: RunRecord): { metric: string; filter: string; k: number | null } {
  const score = primaryScore(record);
  const metric = score?.metric ?? record.setup.protocol.primary.metric;
  const parts = /^(.+)@(\d+)$/.exec(metric);
  return { metric: parts?.[1] ?? metric, filter: score?.filter ?? "none", k: parts ? Number(parts[2]) : null };
}

/** An empty table to add samples to. */
export function emptyColumns(): SampleColumns {
  return {
    items: [],
    epochs: [],
    outcomes: [],
    values: [],
    clusters: [],
    milliseconds: [],
    outputTokens: [],
    confidences: [],
    rights: [],
    categories: new Map(),
    combined: false,
  };
}

/** Adds one sample's row. */
export function addSample(columns: SampleColumns, sample: Sample, wanted: { metric: string; filter: string }): void {
  const found = sample.values.find((entry) => entry.metric === wanted.metric && entry.filter === wanted.filter);
  columns.items.push(sample.item);
  columns.epochs.push(sample.epoch);
  columns.outcomes.push(outcomeLetters[sample.outcome.kind]);
  columns.values.push(found?.value ?? null);
  columns.clusters.push(sample.cluster);
  if (found?.weight !== undefined || found?.detail !== undefined) columns.combined = true;
  for (const [level, category] of Object.entries(sample.categories)) {
    const known = columns.categories.get(level) ?? [];
    known[columns.items.length - 1] = category;
    columns.categories.set(level, known);
  }
  const { response } = sample;
  if (response && !response.cached) columns.milliseconds.push(response.latency.totalMs);
  if (response?.usage.output != null) columns.outputTokens.push(response.usage.output);
  addForecast(columns, sample);
}

/** Where the likelihoods of options were asked for, they say how sure the model was of the option that `acc` scores. */
function addForecast(columns: SampleColumns, { response, values }: Sample): void {
  const right = values.find((entry) => entry.metric === "acc")?.value;
  const logprobs = response?.likelihoods?.map((entry) => entry.logprob) ?? [];
  if (logprobs.length < 2 || (right !== 0 && right !== 1)) return;
  const best = Math.max(...logprobs);
  if (!Number.isFinite(best)) return;
  columns.confidences.push(1 / logprobs.reduce((sum, logprob) => sum + Math.exp(logprob - best), 0));
  columns.rights.push(right);
}

/**
 * One value an item: the mean over its epochs, or pass@k; weighted so that their mean is the score where that is a mean
 * over categories. `null` where the score is no mean of items.
 */
export function itemScoresOf(columns: SampleColumns, record: RunRecord): ItemScores | null {
  const score = primaryScore(record);
  if (!score || columns.combined || columns.values.every((value) => value === null)) return null;
  const { k } = sampleMetric(record);
  const byItem = new Map<string, { values: number[]; cluster: string | null }>();
  columns.items.forEach((item, index) => {
    const entry = byItem.get(item) ?? { values: [], cluster: columns.clusters[index] ?? null };
    const value = columns.values[index];
    if (value != null) entry.values.push(value);
    byItem.set(item, entry);
  });
  const sign = higherIsBetter(score.unit, score.lowerIsBetter) ? 1 : -1;
  const entries = [...byItem.values()];
  const values = Float64Array.from(entries, (entry) => sign * itemValue(entry.values, k));
  const plain = score.group.startsWith("macro:") ? { plain: values.slice() } : {};
  weighCategories(values, [...byItem.keys()], { group: score.group, columns });
  return {
    items: [...byItem.keys()],
    values,
    ...plain,
    clusters: entries.some((entry) => entry.cluster !== null)
      ? [...byItem].map(([item, entry]) => entry.cluster ?? item)
      : null,
  };
}

/** Scales values so that the plain mean becomes the mean of the categories' means. */
function weighCategories(
  values: Float64Array,
  items: readonly string[],
  { group, columns }: { group: string; columns: SampleColumns },
): void {
  const level = /^macro:(.+)$/.exec(group)?.[1];
  const categories = level === undefined ? undefined : columns.categories.get(level);
  if (!categories) return;
  const ofItem = new Map(columns.items.map((item, at) => [item, categories[at] ?? ""]));
  const present = items.filter((_, at) => !Number.isNaN(values[at]));
  const sizes = new Map<string, number>();
  for (const item of present) sizes.set(ofItem.get(item) ?? "", (sizes.get(ofItem.get(item) ?? "") ?? 0) + 1);
  items.forEach((item, at) => {
    const size = sizes.get(ofItem.get(item) ?? "");
    if (size) values[at] = ((values[at] ?? Number.NaN) * present.length) / (sizes.size * size);
  });
}

/** A sample's value for a perplexity is a log-likelihood: higher is better, though the score is the other way round. */
function higherIsBetter(unit: string, lowerIsBetter: boolean): boolean {
  return unit === "perplexity" || unit === "bits" || !lowerIsBetter;
}

function itemValue(values: readonly number[], k: number | null): number {
  if (values.length === 0) return Number.NaN;
  if (k === null) return values.reduce((sum, value) => sum + value, 0) / values.length;
  const counts = { n: values.length, correct: values.filter((value) => value === 1).length };
  return k <= counts.n ? passAtK(counts, k) : Number.NaN;
}
