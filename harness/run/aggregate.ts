import type { MetricValue, Protocol, Sample, Score } from "../contracts/index.ts";
import type { Metric } from "../score/index.ts";
import { macroInterval, scoreInterval } from "../stats/index.ts";
import type { Scorer } from "./score-sample.ts";

/** Values of one metric under one pipeline in one group, column by column so that a million samples stay small. */
interface Column {
  metric: Metric;
  filter: string;
  group: string;
  values: number[];
  /** Number of the cluster that a value belongs to (item, passage …). */
  clusters: number[];
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
    const scores = [...this.#columns.values()].map((column) => scoreOf(column, this.#protocol));
    return [...scores, ...this.#macroScores()].sort((a, b) => rank(a, this.#protocol) - rank(b, this.#protocol));
  }

  async #closeItem(): Promise<void> {
    const [first] = this.#epochs;
    if (first && this.#scorer.collective.length > 0) {
      const responses = this.#epochs
        .filter((sample) => sample.response !== null)
        .map((sample) => sample.response?.text ?? "");
      const subject = { scoring: scoringOf(first), document: {}, request: first.request };
      if (responses.length > 0) this.#take(first, await this.#scorer.scoreTogether(subject, responses));
    }
    this.#epochs = [];
  }

  #take(sample: Sample, values: MetricValue[]): void {
    const groups = ["all", ...Object.entries(sample.categories).map(([level, category]) => `${level}=${category}`)];
    const cluster = this.#clusterOf(sample);
    for (const { metric, filter, value } of values) {
      for (const group of groups) {
        const column = this.#column(metric, filter, group);
        if (sample.answers.find((entry) => entry.filter === filter)?.answer === null) column.unparsed += 1;
        if (value === null) continue;
        column.values.push(value);
        column.clusters.push(cluster);
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
    const metric = this.#scorer.metrics.find((entry) => entry.id === metricId);
    if (!metric) throw new Error(`no metric ${metricId}`);
    const column = { metric, filter, group, values: [], clusters: [], items: 0, lastItem: "", unparsed: 0 };
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
          column.metric.id === whole.metric.id &&
          column.filter === whole.filter &&
          column.group.startsWith(`${level}=`),
      );
      const summary = macroInterval(parts.map((part) => part.values));
      return { ...scoreOf(whole, this.#protocol), group: `macro:${level}`, ...summary };
    });
  }
}

function scoringOf(sample: Sample) {
  return sample.fields as unknown as Parameters<Scorer["scoreTogether"]>[0]["scoring"];
}

function scoreOf(column: Column, protocol: Protocol): Score {
  const repeats = protocol.epochs > 1 || column.clusters.some((cluster) => cluster >= 0);
  const summary = column.metric.summarise
    ? column.metric.summarise(column.values)
    : scoreInterval(column.values, repeats ? { clusters: column.clusters } : {});
  return {
    metric: column.metric.id,
    filter: column.filter,
    group: column.group,
    unit: column.metric.unit,
    lowerIsBetter: column.metric.lowerIsBetter,
    items: column.items,
    unparsed: column.unparsed,
    n: column.values.length,
    value: summary?.value ?? null,
    stderr: summary?.stderr ?? null,
    ci: summary?.ci ?? null,
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
