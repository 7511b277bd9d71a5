import type { MetricValue, ProblemCount, Protocol, Sample, Score } from "../contracts/index.ts";
import type { Metric } from "../score/index.ts";
import { macroMean, passAtK, passHatK, scoreInterval, weightedInterval } from "../stats/index.ts";
import { NumberList } from "./number-list.ts";
import type { Scorer } from "./score-sample.ts";
import { togetherScore } from "./together.ts";

/** Values of one metric under one pipeline in one group, column by column so that a million samples stay small. */
interface Column {
  metric: Metric;
  /** The metric's id, or `pass@k`. */
  name: string;
  filter: string;
  group: string;
  values: NumberList;
  /** Number of the cluster that a value belongs to (item, passage …); below zero where only the item makes one. */
  clusters: NumberList;
  /** What each value weighs; looked at where the metric's samples don't all weigh the same. */
  weights: NumberList;
  /** What a metric over all samples together keeps of each. */
  details: number[][];
  items: number;
  lastItem: string;
  unparsed: number;
}

/** Sums samples up into scores. Feed it in the order of items and epochs. */
export class Aggregator {
  readonly #protocol: Protocol;
  readonly #scorer: Scorer;
  readonly #columns = new Map<string, Column>();
  readonly #clusters = new Map<string, number>();
  readonly #passCounts = new Map<string, { metric: string; filter: string; problems: ProblemCount[] }>();
  #epochs: Sample[] = [];
  #clusterCount = 0;

  constructor(protocol: Protocol, scorer: Scorer) {
    this.#protocol = protocol;
    this.#scorer = scorer;
  }

  async add(sample: Sample): Promise<void> {
    if (this.#epochs[0] && this.#epochs[0].item !== sample.item) await this.#closeItem();
    if (this.#epochs.length === 0) this.#clusterCount += 1;
    this.#epochs.push(sample);
    this.#take(sample, sample.values);
  }

  /** Scores of everything that was added, the primary one first. */
  async scores(): Promise<Score[]> {
    await this.#closeItem();
    // A run in which nothing was scored has its score too: null, of no samples.
    const { metric, filter } = this.#scorer.primary;
    if (this.#columns.size === 0) this.#column(metric, filter, "all");
    const scores = [...this.#columns.values()].map((column) => scoreOf(column, this.#protocol));
    return [...scores, ...this.#macroScores()].sort((a, b) => rank(a, this.#protocol) - rank(b, this.#protocol));
  }

  async #closeItem(): Promise<void> {
    const [first] = this.#epochs;
    if (first) this.#takePassAtK(first);
    if (first && this.#scorer.collective.length > 0) {
      const responses = this.#epochs
        .filter((sample) => sample.response !== null)
        .map((sample) => sample.response?.text ?? "");
      const scoring = scoringOf(first);
      const document = { ...scoring.extra, choices: scoring.choices };
      const subject = { scoring, document, request: first.request };
      if (responses.length > 0) this.#take(first, await this.#scorer.scoreTogether(subject, responses));
    }
    this.#epochs = [];
  }

  /** Samples and passes of every problem; undefined where no metric counts passes. Call after {@link scores}. */
  passCounts(): { metric: string; filter: string; problems: ProblemCount[] }[] | undefined {
    return this.#passCounts.size > 0 ? [...this.#passCounts.values()] : undefined;
  }

  /** The unbiased estimates of pass@k and pass^k from all samples of an item; for each filter. */
  #takePassAtK(first: Sample): void {
    for (const metric of this.#scorer.metrics) {
      if (!metric.k) continue;
      for (const filter of new Set(
        first.values.filter((entry) => entry.metric === metric.id).map((entry) => entry.filter),
      )) {
        const passes = this.#epochs.flatMap((sample) =>
          sample.values.filter(
            (entry) => entry.metric === metric.id && entry.filter === filter && entry.value !== null,
          ),
        );
        const counts = { n: passes.length, correct: passes.filter((entry) => entry.value === 1).length };
        const known = metric.k.filter((k) => k <= counts.n);
        this.#take(
          first,
          known.map((k) => ({ metric: `${metric.id}@${k}`, filter, value: passAtK(counts, k) })),
        );
        const several = known.filter((k) => k > 1);
        this.#take(
          first,
          several.map((k) => ({ metric: `${metric.id}^${k}`, filter, value: passHatK(counts, k) })),
        );
        this.#countPasses(first.item, { metric: metric.id, filter }, counts);
      }
    }
  }

  #countPasses(item: string, of: { metric: string; filter: string }, counts: { n: number; correct: number }): void {
    const key = `${of.metric}\n${of.filter}`;
    const list = this.#passCounts.get(key) ?? { ...of, problems: [] };
    list.problems.push({ item, n: counts.n, passed: counts.correct });
    this.#passCounts.set(key, list);
  }

  #take(sample: Sample, values: MetricValue[]): void {
    const groups = ["all", ...Object.entries(sample.categories).map(([level, category]) => `${level}=${category}`)];
    const cluster = this.#clusterOf(sample);
    for (const { metric, filter, value, detail, weight = 1 } of values) {
      for (const group of groups) {
        const column = this.#column(metric, filter, group);
        if (sample.answers.find((entry) => entry.filter === filter)?.answer === null) column.unparsed += 1;
        if (value === null) continue;
        column.values.push(value);
        column.clusters.push(cluster);
        column.weights.push(weight);
        if (detail) column.details.push(detail);
        if (column.lastItem !== sample.item) column.items += 1;
        column.lastItem = sample.item;
      }
    }
  }

  #clusterOf(sample: Sample): number {
    if (sample.cluster === null) return -this.#clusterCount;
    const known = this.#clusters.get(sample.cluster) ?? this.#clusters.size;
    this.#clusters.set(sample.cluster, known);
    return known;
  }

  #column(metricId: string, filter: string, group: string): Column {
    const key = `${metricId}\n${filter}\n${group}`;
    const known = this.#columns.get(key);
    if (known) return known;
    const metric = this.#scorer.metrics.find(
      (entry) =>
        entry.id === metricId ||
        (entry.k && [`${entry.id}@`, `${entry.id}^`].some((start) => metricId.startsWith(start))),
    );
    if (!metric) throw new Error(`no metric ${metricId}`);
    const column = {
      metric,
      name: metricId,
      filter,
      group,
      values: new NumberList(),
      clusters: new NumberList(),
      weights: new NumberList(),
      details: [],
      items: 0,
      lastItem: "",
      unparsed: 0,
    };
    this.#columns.set(key, column);
    return column;
  }

  /** Mean of the categories' means: each weighs the same. Named apart from the micro average (`all`). */
  #macroScores(): Score[] {
    const level = this.#protocol.macroOver;
    if (level === undefined) return [];
    const all = [...this.#columns.values()].filter((column) => column.group === "all");
    return all.map((whole) => {
      const parts = [...this.#columns.values()].filter(
        (column) =>
          column.name === whole.name && column.filter === whole.filter && column.group.startsWith(`${level}=`),
      );
      return { ...scoreOf(whole, this.#protocol), group: `macro:${level}`, ...macroOf(parts, this.#protocol) };
    });
  }
}

/** With the categories fixed: their number is part of the benchmark, not a sample of it. */
function macroOf(parts: readonly Column[], protocol: Protocol): Pick<Score, "value" | "stderr" | "ci"> {
  if (parts.length === 0 || parts.some((part) => part.values.length === 0))
    return { value: null, stderr: null, ci: null };
  if (parts.some(({ metric }) => metric.together || metric.transform || "weight" in metric))
    return meanOfScores(parts.map((part) => scoreOf(part, protocol)));
  const clusters = parts.map((part) => Array.from(part.clusters.values()));
  const isClustered = parts.some((part) => hasRepeats(part, protocol));
  const macro = macroMean(
    parts.map((part) => part.values.values()),
    isClustered ? { clusters } : {},
  );
  return macro ? { value: macro.value, stderr: macro.stderr, ci: macro.ci } : { value: null, stderr: null, ci: null };
}

/** Of scores that are no mean of samples' values (perplexity, F1 over all): their mean, without an interval. */
function meanOfScores(scores: readonly Score[]): Pick<Score, "value" | "stderr" | "ci"> {
  const values = scores.map(({ value }) => value).filter((value) => value !== null);
  const errors = scores.map(({ stderr }) => stderr).filter((stderr) => stderr !== null);
  const stderr = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0)) / scores.length;
  return {
    value: values.length === scores.length ? values.reduce((sum, value) => sum + value, 0) / scores.length : null,
    stderr: errors.length === scores.length ? stderr : null,
    ci: null,
  };
}

/** Are some of a column's values not independent of each other? */
function hasRepeats(column: Column, { epochs }: Protocol): boolean {
  return epochs > 1 || column.clusters.values().some((cluster) => cluster >= 0);
}

function scoringOf(sample: Sample) {
  return sample.fields as unknown as Parameters<Scorer["scoreTogether"]>[0]["scoring"];
}

function scoreOf(column: Column, protocol: Protocol): Score {
  const { metric } = column;
  const values = column.values.values();
  const repeats = hasRepeats(column, protocol);
  const bounds = metric.unit === "proportion" ? ([0, 1] as const) : null;
  const options = { bounds, ...(repeats ? { clusters: Array.from(column.clusters.values()) } : {}) };
  const summary = metric.together
    ? null
    : metric.weight
      ? weightedInterval(values, column.weights.values(), options)
      : scoreInterval(values, options);
  return {
    metric: column.name,
    filter: column.filter,
    group: column.group,
    unit: metric.unit,
    lowerIsBetter: metric.lowerIsBetter,
    items: column.items,
    unparsed: column.unparsed,
    n: values.length,
    ...(metric.together ? togetherScore(metric.together, column.details) : transformed(summary, metric.transform)),
  };
}

type Summary = ReturnType<typeof scoreInterval>;

/** The ends of an interval go through the same transformation as the value; a falling one swaps them (delta method for the error). */
function transformed(summary: Summary, transform: Metric["transform"]): Pick<Score, "value" | "stderr" | "ci"> {
  if (!summary) return { value: null, stderr: null, ci: null };
  const { value, stderr, ci } = summary;
  if (!transform) return { value, stderr, ci };
  const slope = Math.abs(transform(value + 1e-6) - transform(value - 1e-6)) / 2e-6;
  const ends = ci ? [transform(ci.low), transform(ci.high)].sort((a, b) => a - b) : [];
  return {
    value: transform(value),
    stderr: stderr === null ? null : stderr * slope,
    ci: ci && ends[0] !== undefined && ends[1] !== undefined ? { ...ci, low: ends[0], high: ends[1] } : null,
  };
}

/** Primary score first, then the same in other averages, then groups by name. */
function rank(score: Score, protocol: Protocol): number {
  const main = score.metric === protocol.primary.metric && (protocol.primary.filter ?? score.filter) === score.filter;
  const wanted = protocol.average === "macro" ? "macro:" : "all";
  if (main && score.group.startsWith(wanted)) return 0;
  if (score.group === "all") return 1;
  return score.group.startsWith("macro:") ? 2 : 3;
}
