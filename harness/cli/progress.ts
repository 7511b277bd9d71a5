import type { OutcomeKind } from "../contracts/index.ts";
import { formatSeconds } from "./format.ts";
import type { Terminal } from "./terminal.ts";

/** What the line shows beside its own counting. */
export interface ProgressState {
  inFlight: number;
  limit: number;
  retries: number;
  cost: number | null;
}

const redrawMs = 100;
const plainEveryMs = 5000;

/**
 * One line a run on stderr: done/total, running score, requests under way, trouble, spending, time left. Redrawn in place
 * at most ten times a second on a terminal; a plain line every five seconds elsewhere.
 */
export class Progress {
  readonly #terminal: Terminal;
  readonly #label: string;
  readonly #state: () => ProgressState;
  readonly #outcomes = new Map<OutcomeKind, number>();
  #total = 0;
  #before = 0;
  #done = 0;
  #sum = 0;
  #valued = 0;
  #started = performance.now();
  #drawn = performance.now();

  constructor(terminal: Terminal, label: string, state: () => ProgressState) {
    this.#terminal = terminal;
    this.#label = label;
    this.#state = state;
  }

  start(total: number, finished: number): void {
    this.#total = total;
    this.#before = finished;
    this.#started = performance.now();
    if (finished > 0 && finished < total)
      this.#terminal.say(
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
    const wait = this.#terminal.isInteractive ? redrawMs : plainEveryMs;
    const now = performance.now();
    if (now - this.#drawn < wait) return;
    this.#drawn = now;
    if (this.#terminal.isInteractive) this.#terminal.stderr.write(`\r\u001b[2K${this.#line()}`);
    else this.#terminal.say(this.#line());
  }

  /** Takes the live line away, so that what follows starts clean. */
  end(): void {
    if (this.#terminal.isInteractive) this.#terminal.stderr.write("\r\u001b[2K");
  }

  #line(): string {
    const { inFlight, limit, retries, cost } = this.#state();
    const done = this.#before + this.#done;
    const seconds = (performance.now() - this.#started) / 1000;
    const left = this.#done > 0 ? ((this.#total - done) * seconds) / this.#done : 0;
    const errors = this.#outcomes.get("errored") ?? 0;
    const unparsed = this.#outcomes.get("unparsed") ?? 0;
    const parts = [
      `${this.#label}  ${done.toLocaleString("en")}/${this.#total.toLocaleString("en")}`,
      this.#valued > 0 ? `mean ${(this.#sum / this.#valued).toFixed(3)} ±${this.#margin().toFixed(3)}` : "",
      `${inFlight}/${limit} at once`,
      retries > 0 ? `${retries} retries` : "",
      errors > 0 ? `${errors} errored` : "",
      unparsed > 0 ? `${unparsed} unparsed` : "",
      cost ? `$${cost.toFixed(2)}` : "",
      `${formatSeconds(left)} left`,
    ];
    return parts
      .filter(Boolean)
      .join("  ")
      .slice(0, this.#terminal.stderr.columns ?? 200);
  }

  /** Half width of a 95 % interval, good enough for a line that changes ten times a second. */
  #margin(): number {
    const mean = this.#sum / this.#valued;
    return 1.96 * Math.sqrt(Math.max(0, mean * (1 - mean)) / this.#valued);
  }
}
