import {
  AssayError,
  type ModelCall,
  type ModelRequest,
  type ModelResponse,
  type Outcome,
  type OutcomeKind,
  type Sample,
} from "../contracts/index.ts";
import { AskAborted, type Client, ModelCallError } from "../model/index.ts";
import type { Journal, SampleIndex } from "../record/index.ts";
import type { Planned } from "./plan.ts";
import type { Scored, Scorer } from "./score-sample.ts";
import type { Workplace } from "./workplace.ts";

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
  /** Repository tasks: whether an item can be worked on here, and how its container takes part in the answer. */
  workplace?: Workplace | null;
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

/** A response, and what was asked: the plan's request, or that with what the item's container added. */
interface Answered {
  planned: Planned;
  response: ModelResponse;
}

/** Responses that may wait for their verdicts before asking pauses: bounds memory where judging is slower than asking. */
const mostBeingScored = 256;

/** As many answers in a row without a verdict mean that it is the sandbox. */
const unjudgedInARow = 10;

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
  readonly #interrupt = () => {
    this.stopped ??= { why: "interrupted" };
  };
  readonly #cancel = new AbortController();
  readonly #stops: { draining: AbortSignal; aborting: AbortSignal };
  #asking = 0;
  #scoring = 0;
  #wake: () => void = () => undefined;
  #failures = 0;
  #unjudgedInARow = 0;
  #broken: unknown;

  constructor(options: ExecuteOptions) {
    this.#options = options;
    const aborting = AbortSignal.any([options.aborting, this.#cancel.signal]);
    this.#stops = { aborting, draining: AbortSignal.any([options.draining, aborting]) };
    if (options.draining.aborted) this.#interrupt();
    options.draining.addEventListener("abort", this.#interrupt, { once: true });
  }

  launch(planned: Planned): void {
    this.#asking += 1;
    void this.#ask(planned)
      .then((answered) => {
        if (answered) this.#launchScoring(answered);
      })
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#asking -= 1;
        this.#wake();
      });
  }

  #launchScoring({ planned, response }: Answered): void {
    this.#scoring += 1;
    void this.#score(planned, response)
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#scoring -= 1;
        this.#wake();
      });
  }

  /** Resolves when another request may be held. A few more than the limit, so that the client never waits for us. */
  async hasRoom(): Promise<void> {
    const isFull = () => this.#asking >= this.#options.client.limit + 8 || this.#scoring >= mostBeingScored;
    while (isFull() && !this.stopped) await this.#oneEnds();
  }

  async finished(): Promise<void> {
    while (this.#asking + this.#scoring > 0) await this.#oneEnds();
    // The signal is the command's and outlives the run, which may be one of thousands.
    this.#options.draining.removeEventListener("abort", this.#interrupt);
    if (this.#broken) throw this.#broken;
  }

  #oneEnds(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  async #ask(planned: Planned): Promise<Answered | undefined> {
    try {
      const refusal = await this.#options.workplace?.refuse(planned.item.document);
      if (typeof refusal === "string") {
        await this.#recordRefusal(planned, refusal);
        return undefined;
      }
      const answered = (await this.#unjudged(planned)) ?? (await this.#converse(planned));
      this.#failures = 0;
      return answered;
    } catch (error) {
      if (error instanceof AskAborted) return undefined;
      if (!(error instanceof ModelCallError) || error.fatal) throw error;
      await this.#recordFailure(planned, error);
      return undefined;
    }
  }

  /** A response that an earlier command got and the sandbox could not judge: it is judged again, not paid for again. */
  async #unjudged(planned: Planned): Promise<Answered | undefined> {
    const { index, journal } = this.#options;
    const place = index.erroredPlace(planned.ordinal);
    if (!place) return undefined;
    const { outcome, request, response } = JSON.parse(await journal.read(place)) as Sample;
    if (outcome.kind !== "errored" || outcome.code !== "SANDBOX_ERROR" || !response) return undefined;
    return { planned: { ...planned, request }, response };
  }

  async #converse(planned: Planned): Promise<Answered> {
    const { client, workplace } = this.#options;
    const call = callOf(planned);
    const ask = (request: ModelRequest) => client.ask({ ...call, request }, this.#stops);
    if (!workplace?.converse) return { planned, response: await ask(planned.request) };
    const { request, response } = await workplace.converse(planned.item.document, planned.request, ask);
    return { planned: { ...planned, request }, response };
  }

  /** Nothing is asked about an item that can't be worked on here; it is no answer of the model, and asked when it can. */
  async #recordRefusal(planned: Planned, message: string): Promise<void> {
    const outcome: Outcome = { kind: "errored", code: "INSTANCE_UNAVAILABLE", message, status: null, attempts: 0 };
    await this.#record(planned, null, this.#options.scorer.withoutResponse(outcome, planned.scoring));
  }

  async #score(planned: Planned, response: ModelResponse): Promise<void> {
    const subject = { scoring: planned.scoring, document: planned.item.document, request: planned.request };
    const scored = await this.#options.scorer.score(subject, response);
    if (this.#options.aborting.aborted && scored.outcome.kind === "errored") return;
    await this.#record(planned, response, scored);
    const { outcome } = scored;
    if (outcome.kind !== "errored") this.#unjudgedInARow = 0;
    else if (outcome.code === "SANDBOX_ERROR" && ++this.#unjudgedInARow >= unjudgedInARow) this.#halt(outcome.message);
  }

  /** Asks no more; what is under way is finished and kept, to be judged when the sandbox works. */
  #halt(why: string): void {
    const error = new AssayError({
      code: "SANDBOX_FAILS",
      what: `The sandbox gave no verdict on ${unjudgedInARow} answers in a row.`,
      why,
      fix: "Look at `assay doctor`, then issue the same command again: the answers are kept and will be judged.",
    });
    this.stopped ??= { why: "fatal", error };
    this.#wake();
  }

  async #recordFailure(planned: Planned, error: ModelCallError): Promise<void> {
    const outcome = outcomeOf(error);
    await this.#record(planned, null, this.#options.scorer.withoutResponse(outcome, planned.scoring));
    // A file that lacks responses costs nothing to go on with; a server that fails every time does.
    if (outcome.kind !== "errored" || error.kind === "missing") return;
    this.#failures += 1;
    if (this.#failures >= failuresInARow) this.#stop({ why: "fatal", error });
  }

  async #record(planned: Planned, response: Sample["response"], scored: Scored): Promise<void> {
    const { index, journal, onSample } = this.#options;
    const sample = sampleOf(planned, response, scored);
    const place = await journal.append(JSON.stringify(sample));
    index.set(planned.ordinal, place, sample.outcome.kind === "errored");
    const { metric, filter } = this.#options.scorer.primary;
    const value = scored.values.find((entry) => entry.metric === metric && entry.filter === filter)?.value ?? null;
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

/** What the client is asked for a planned request. */
export function callOf({ request, item, epoch, hints }: Planned): ModelCall {
  return { request, item: item.id, epoch, hints, row: { index: item.row, columns: item.document } };
}

function outcomeOf(error: ModelCallError): Outcome {
  if (error.kind === "context_length") return { kind: "limited", limit: "context" };
  if (error.kind === "refused") return { kind: "refused", reason: error.what };
  const { code, what: message, status, attempts } = error;
  return { kind: "errored", code, message, status, attempts };
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
