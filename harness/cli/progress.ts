import type { OutcomeKind } from "../contracts/index.ts";
import type { RetryEvent } from "../model/index.ts";
import { counted, formatSeconds } from "./format.ts";
import type { Terminal } from "./terminal.ts";

/** What the line shows beside its own counting. */
export interface ProgressState {
  inFlight: number;
  limit: number;
  retries: number;
  cached: number;
  cost: number | null;
}

const redrawMs = 100;
const plainEveryMs = 5000;
const troubleEveryMs = 5000;

/**
 * One line a run on stderr: done/total, running score, requests under way, trouble, spending, time left. Redrawn in place
 * at most ten times a second on a terminal; a plain line every five seconds elsewhere.
 */
export class Progress {
  readonly #terminal: Terminal;
  #label = "";
  #state: () => ProgressState = () => ({ inFlight: 0, limit: 0, retries: 0, cached: 0, cost: null });
  readonly #outcomes = new Map<OutcomeKind, number>();
  #total = 0;
  #before = 0;
  #done = 0;
  #sum = 0;
  #valued = 0;
  readonly #now: () => number;
  #started: number;
  #drawn: number;
  #troubled = Number.NEGATIVE_INFINITY;
  #ticker: NodeJS.Timeout | undefined;

  /** @param now - the clock, in milliseconds; tests pass their own */
  constructor(terminal: Terminal, now = () => performance.now()) {
    this.#terminal = terminal;
    this.#now = now;
    this.#started = now();
    this.#drawn = this.#started;
  }

  /** Begins the line of another run. */
  open(label: string, state: () => ProgressState): void {
    this.#label = label;
    this.#state = state;
    this.#outcomes.clear();
    [this.#total, this.#before, this.#done, this.#sum, this.#valued] = [0, 0, 0, 0, 0];
    // Nothing may come in for a while: a line that stands still says so by its clock.
    this.#ticker = setInterval(() => this.#draw(), this.#terminal.isInteractive ? 1000 : plainEveryMs).unref();
  }

  start(total: number, finished: number): void {
    this.#total = total;
    this.#before = finished;
    this.#started = this.#now();
    this.#drawn = this.#started;
    if (finished > 0 && finished < total)
      this.#above(
        `${this.#label}: ${finished.toLocaleString("en")} of ${total.toLocaleString("en")} samples are finished already; going on.`,
      );
  }

  sample(outcome: OutcomeKind, value: number | null): void {
    this.#done += 1;
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
    if (value !== null) {
      this.#sum += value;
      this.#valued += 1;
    }
    if (this.#now() - this.#drawn >= (this.#terminal.isInteractive ? redrawMs : plainEveryMs)) this.#draw();
  }

  /** Says why it takes so long, at most every five seconds. */
  retry(model: string, { error, failures, retries, pauseMs }: RetryEvent): void {
    const now = this.#now();
    if (now - this.#troubled < troubleEveryMs) return;
    this.#troubled = now;
    this.#above(
      `! ${model}: ${error.what} Trying again in ${formatSeconds(pauseMs / 1000)} (${failures} of ${retries}).`,
    );
  }

  /** Takes the live line away, so that what follows starts clean. */
  end(): void {
    clearInterval(this.#ticker);
    this.#erase();
  }

  #above(text: string): void {
    this.#erase();
    this.#terminal.say(text);
  }

  #erase(): void {
    if (this.#terminal.isInteractive) this.#terminal.stderr.write("\r\u001b[2K");
  }

  #draw(): void {
    if (this.#total === 0) return;
    const now = this.#now();
    if (now - this.#drawn < redrawMs) return;
    this.#drawn = now;
    this.#erase();
    if (this.#terminal.isInteractive) this.#terminal.stderr.write(this.#line());
    else this.#terminal.say(this.#line());
  }

  #line(): string {
    const { inFlight, limit, retries, cached, cost } = this.#state();
    const done = this.#before + this.#done;
    const seconds = (this.#now() - this.#started) / 1000;
    const parts = [
      `${this.#label}  ${done.toLocaleString("en")}/${this.#total.toLocaleString("en")}`,
      this.#valued > 0 ? `mean ${(this.#sum / this.#valued).toFixed(3)} ±${this.#margin().toFixed(3)}` : "",
      limit > 0 ? `${inFlight}/${limit} at once` : "",
      cached > 0 ? `${cached.toLocaleString("en")} cached` : "",
      retries > 0 ? counted(retries, "retry", "retries") : "",
      ...(["errored", "unparsed", "refused", "limited"] as const).map((kind) => this.#count(kind)),
      cost ? `$${cost.toFixed(2)}` : "",
      this.#done > 0 ? `${formatSeconds(((this.#total - done) * seconds) / this.#done)} left` : "nothing back yet",
    ];
    return parts
      .filter(Boolean)
      .join("  ")
      .slice(0, this.#terminal.stderr.columns || 200);
  }

  #count(kind: OutcomeKind): string {
    const count = this.#outcomes.get(kind) ?? 0;
    return count === 0 ? "" : `${count.toLocaleString("en")} ${kind}`;
  }

  /** Half width of a 95 % interval, good enough for a line that changes ten times a second. */
  #margin(): number {
    const mean = this.#sum / this.#valued;
    return 1.96 * Math.sqrt(Math.max(0, mean * (1 - mean)) / this.#valued);
  }
}
