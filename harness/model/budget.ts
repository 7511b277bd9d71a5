import { AssayError } from "../contracts/index.ts";
import { AskAborted } from "./ask-aborted.ts";

/** What a command may spend, over all its models and tasks. */
export interface BudgetOptions {
  maxRequests?: number;
  /** US dollars. */
  maxCost?: number;
}

/**
 * Counts requests and money against `--max-requests` and `--max-cost`. What requests under way will probably cost is set
 * aside, so that the limit is kept whatever the concurrency.
 */
export class Budget {
  readonly #options: BudgetOptions;
  #requests = 0;
  #spent = 0;
  #setAside = 0;
  #underWay = 0;
  #waiting: (() => void)[] = [];

  constructor(options: BudgetOptions = {}) {
    this.#options = options;
  }

  /** Whether money is limited, so that prices must be known. */
  get limitsCost(): boolean {
    return this.#options.maxCost !== undefined;
  }

  /**
   * Lets a request go; where the rest may not be enough, waits for what is under way to be counted.
   *
   * @param expected - probable cost in US dollars
   * @throws AssayError `BUDGET_SPENT`; AskAborted
   */
  async admit(expected: number, signal: AbortSignal): Promise<void> {
    while (this.#isShort(expected)) {
      if (this.#underWay === 0) throw spent(`--max-cost ${this.#options.maxCost}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
      if (signal.aborted) throw new AskAborted();
    }
    const { maxRequests } = this.#options;
    if (maxRequests !== undefined && this.#requests >= maxRequests) throw spent(`--max-requests ${maxRequests}`);
    this.#requests += 1;
    this.#underWay += 1;
    this.#setAside += expected;
  }

  #isShort(expected: number): boolean {
    const { maxCost } = this.#options;
    if (maxCost === undefined) return false;
    if (this.#spent >= maxCost) return true;
    // The first request of all is let go: nothing is known yet of what an answer costs.
    return this.#spent + this.#setAside > 0 && this.#spent + this.#setAside + expected > maxCost;
  }

  /** A request that was admitted has ended. */
  settle(expected: number, actual: number): void {
    this.#underWay -= 1;
    // What rounding leaves of a long sum must not pass for a request under way.
    this.#setAside = this.#underWay === 0 ? 0 : Math.max(0, this.#setAside - expected);
    this.#spent += actual;
    for (const resume of this.#waiting.splice(0)) resume();
  }
}

function spent(what: string): AssayError {
  return new AssayError({
    code: "BUDGET_SPENT",
    what: `${what} is reached.`,
    fix: "Raise it and issue the same command again: what is finished is kept.",
  });
}
