import { AssayError, type ModelResponse, type Outcome, type OutcomeKind, type Sample } from "../contracts/index.ts";
import { type Client, ModelCallError } from "../model/index.ts";
import type { Journal, SampleIndex } from "../record/index.ts";
import type { Planned } from "./plan.ts";
import type { Scored, Scorer } from "./score-sample.ts";

/** What an execution tells while it runs. */
export interface SampleEvent {
  outcome: OutcomeKind;
  /** Value of the primary metric, if the sample has one. */
  value: number | null;
  sample: Sample;
}

export interface ExecuteOptions {
  client: Client;
  journal: Journal;
  index: SampleIndex;
  scorer: Scorer;
  /** Stops launching; what is in flight is finished and saved. */
  draining: AbortSignal;
  /** Stops now; what is in flight is lost. */
  aborting: AbortSignal;
  onSample?: (event: SampleEvent) => void;
}

/** Why an execution ended before its plan did. */
export type Stopped =
  | { why: "interrupted" }
  | { why: "budget"; error: AssayError }
  | { why: "fatal"; error: AssayError };

/** Responses that may wait for their verdicts before asking pauses: bounds memory where judging is slower than asking. */
const mostBeingScored = 256;

/** As many failures in a row, without a success between, mean that going on is pointless. */
const failuresInARow = 50;

/**
 * Asks every planned request, scores the response and appends the sample to the journal. A response is scored as soon as it
 * is there, beside the requests that go on being asked: judging a program holds no place of a request. At most as many
 * requests as the client's limit allows, and some responses, are held in memory. A sample counts once its line is written.
 *
 * @returns why it stopped early, or `undefined` when everything was asked
 */
export async function execute(plan: AsyncIterable<Planned>, options: ExecuteOptions): Promise<Stopped | undefined> {
  const run = new Execution(options);
  try {
    for await (const planned of plan) {
      if (run.stopped) break;
      run.launch(planned);
      await run.hasRoom();
    }
  } finally {
    await run.finished();
  }
  return run.stopped;
}

class Execution {
  stopped: Stopped | undefined;
  readonly #options: ExecuteOptions;
  readonly #asking = new Set<Promise<void>>();
  readonly #scoring = new Set<Promise<void>>();
  readonly #cancel = new AbortController();
  readonly #signal: AbortSignal;
  #failures = 0;
  #broken: unknown;

  constructor(options: ExecuteOptions) {
    this.#options = options;
    this.#signal = AbortSignal.any([options.aborting, this.#cancel.signal]);
    const interrupt = () => {
      this.stopped ??= { why: "interrupted" };
    };
    if (options.draining.aborted) interrupt();
    options.draining.addEventListener("abort", interrupt, { once: true });
  }

  launch(planned: Planned): void {
    track(
      this.#asking,
      this.#ask(planned)
        .then((response) => {
          if (response) track(this.#scoring, this.#score(planned, response).catch((error) => this.#fail(error)));
        })
        .catch((error: unknown) => this.#fail(error)),
    );
  }

  /** Resolves when another request may be held. A few more than the limit, so that the client never waits for us. */
  async hasRoom(): Promise<void> {
    while (this.#asking.size >= this.#options.client.limit + 8) await Promise.race(this.#asking);
    while (this.#scoring.size >= mostBeingScored) await Promise.race(this.#scoring);
  }

  async finished(): Promise<void> {
    await Promise.all(this.#asking);
    await Promise.all(this.#scoring);
    if (this.#broken) throw this.#broken;
  }

  async #ask(planned: Planned): Promise<ModelResponse | undefined> {
    const { request, item, epoch, hints } = planned;
    try {
      const response = await this.#options.client.ask({ request, item: item.id, epoch, hints }, this.#signal);
      this.#failures = 0;
      return response;
    } catch (error) {
      if (this.#signal.aborted) return undefined;
      if (!(error instanceof ModelCallError)) throw error;
      if (error.fatal) throw error;
      await this.#recordFailure(planned, error);
      return undefined;
    }
  }

  async #score(planned: Planned, response: ModelResponse): Promise<void> {
    const subject = { scoring: planned.scoring, document: planned.item.document, request: planned.request };
    const scored = await this.#options.scorer.score(subject, response);
    if (this.#options.aborting.aborted && scored.outcome.kind === "errored") return;
    await this.#record(planned, response, scored);
  }

  async #recordFailure(planned: Planned, error: ModelCallError): Promise<void> {
    const outcome: Outcome =
      error.kind === "context_length"
        ? { kind: "limited", limit: "context" }
        : { kind: "errored", code: error.code, message: error.what, status: error.status, attempts: error.attempts };
    await this.#record(planned, null, this.#options.scorer.withoutResponse(outcome));
    if (outcome.kind !== "errored") return;
    this.#failures += 1;
    if (this.#failures >= failuresInARow) this.#stop({ why: "fatal", error });
  }

  async #record(planned: Planned, response: Sample["response"], scored: Scored): Promise<void> {
    const { index, journal, onSample } = this.#options;
    const sample = sampleOf(planned, response, scored);
    const place = await journal.append(JSON.stringify(sample));
    index.set(planned.ordinal, place, sample.outcome.kind === "errored");
    const value = scored.values.find((entry) => entry.value !== null)?.value ?? null;
    onSample?.({ outcome: sample.outcome.kind, value, sample });
  }

  #fail(error: unknown): void {
    if (error instanceof AssayError && error.code === "BUDGET_SPENT") this.#stop({ why: "budget", error });
    else if (error instanceof ModelCallError) this.#stop({ why: "fatal", error });
    else {
      this.#broken ??= error;
      this.#stop({ why: "fatal", error: error as AssayError });
    }
  }

  #stop(reason: Stopped): void {
    if (this.stopped && this.stopped.why !== "interrupted") return;
    this.stopped = reason;
    if (reason.why === "fatal") this.#cancel.abort();
  }
}

function track(set: Set<Promise<void>>, work: Promise<void>): void {
  const tracked = work.finally(() => set.delete(tracked));
  set.add(tracked);
}

function sampleOf(planned: Planned, response: Sample["response"], scored: Scored): Sample {
  return {
    item: planned.item.id,
    epoch: planned.epoch,
    row: planned.item.row,
    requestHash: planned.requestHash,
    categories: planned.item.categories,
    cluster: planned.item.cluster,
    fields: { ...planned.scoring },
    shots: planned.shots,
    request: planned.request,
    response,
    answers: scored.answers,
    values: scored.values,
    outcome: scored.outcome,
    grading: scored.grading,
  };
}
