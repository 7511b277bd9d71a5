import type { Protocol } from "../contracts/index.ts";
import {
  type OutcomeCounts,
  outcomeKinds,
  type RunRecord,
  type Sample,
  type Score,
  type Usage,
} from "../contracts/index.ts";
import { Aggregator } from "./aggregate.ts";
import { NumberList } from "./number-list.ts";
import type { Scorer } from "./score-sample.ts";

/** Everything in a run record that follows from its samples. */
export type Summary = Pick<
  RunRecord,
  "counts" | "failures" | "truncated" | "straddled" | "scores" | "usage" | "latency" | "modelsReturned"
> & { scores: Score[]; passCounts?: NonNullable<RunRecord["passCounts"]> };

/** Sums samples up as they stream by, in the order of items and epochs. */
export class Summariser {
  readonly #aggregator: Aggregator;
  readonly #counts = Object.fromEntries(outcomeKinds.map((kind) => [kind, 0])) as OutcomeCounts;
  readonly #failures = new Map<string, RunRecord["failures"][number]>();
  readonly #models = new Map<string, RunRecord["modelsReturned"][number]>();
  readonly #usage: RunRecord["usage"] = {
    input: null,
    output: null,
    reasoning: null,
    cacheRead: null,
    cacheWrite: null,
    requests: 0,
    retries: 0,
    cached: 0,
  };
  readonly #total = new NumberList();
  readonly #firstByte = new NumberList();
  #truncated = 0;
  #straddled = 0;

  constructor(protocol: Protocol, scorer: Scorer) {
    this.#aggregator = new Aggregator(protocol, scorer);
  }

  async add(sample: Sample): Promise<void> {
    const { outcome } = sample;
    this.#counts[outcome.kind] += 1;
    if (outcome.kind === "scored" && outcome.truncated) this.#truncated += 1;
    if (outcome.kind === "errored") this.#countFailure(outcome);
    if (sample.response) this.#countResponse(sample.response);
    await this.#aggregator.add(sample);
  }

  async finish(): Promise<Summary> {
    const scores = await this.#aggregator.scores();
    const passCounts = this.#aggregator.passCounts();
    return {
      counts: this.#counts,
      failures: [...this.#failures.values()].sort((a, b) => b.samples - a.samples),
      truncated: this.#truncated,
      straddled: this.#straddled,
      scores,
      ...(passCounts ? { passCounts } : {}),
      usage: this.#usage,
      latency: { total: percentiles(this.#total.values()), firstByte: percentiles(this.#firstByte.values()) },
      modelsReturned: [...this.#models.values()],
    };
  }

  #countFailure(outcome: { code: string; message: string }): void {
    const failure = this.#failures.get(outcome.code) ?? { code: outcome.code, message: outcome.message, samples: 0 };
    failure.samples += 1;
    this.#failures.set(outcome.code, failure);
  }

  #countResponse(response: NonNullable<Sample["response"]>): void {
    const key = JSON.stringify([response.model, response.fingerprint]);
    const model = this.#models.get(key) ?? { model: response.model, fingerprint: response.fingerprint, samples: 0 };
    model.samples += 1;
    this.#models.set(key, model);
    const requests = Math.max(1, response.exchanges.length);
    this.#usage.requests += requests;
    this.#usage.retries += Math.max(0, response.attempts - requests);
    if (response.cached) this.#usage.cached += 1;
    for (const key of ["input", "output", "reasoning", "cacheRead", "cacheWrite"] as const)
      this.#addUsage(key, response.usage);
    if (response.likelihoods?.some((entry) => entry.straddled)) this.#straddled += 1;
    if (response.cached) return;
    this.#total.push(response.latency.totalMs);
    if (response.latency.firstByteMs !== null) this.#firstByte.push(response.latency.firstByteMs);
  }

  #addUsage(key: keyof Usage, usage: Usage): void {
    const amount = usage[key];
    if (amount !== null) this.#usage[key] = (this.#usage[key] ?? 0) + amount;
  }
}

/** Milliseconds at the usual percentiles (nearest rank); `null` without a measurement. */
function percentiles(values: Float64Array): { p50: number; p90: number; p95: number; p99: number; max: number } | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted();
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99), max: at(1) };
}
