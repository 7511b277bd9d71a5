/** One place an engine was looked for, and what came of it. */
export interface EngineAttempt {
  /** Socket path or URL. */
  where: string;
  /** Why it could not be used. */
  problem: string;
}

/** What a caller has to say to build a {@link SandboxUnavailable}. */
interface Unavailability {
  /** What is missing, one sentence without a full stop. */
  reason: string;
  /** What to do about it. */
  remedy: string;
  /** Where an engine was looked for. */
  tried?: readonly EngineAttempt[];
  cause?: unknown;
}

/** Code tasks cannot run here: thrown before any model call is paid for. There is no fall-back to the host. */
export class SandboxUnavailable extends Error {
  override readonly name = "SandboxUnavailable";
  readonly code = "ASSAY_SANDBOX_UNAVAILABLE";
  /** What is missing and where it was looked for, without the remedy. */
  readonly explanation: string;
  readonly remedy: string;
  readonly hint: string;
  readonly tried: readonly EngineAttempt[];

  constructor({ reason, remedy, tried = [], cause }: Unavailability) {
    const list = tried.map(({ where, problem }) => `\n  ${where}: ${problem}`).join("");
    const explanation = `${reason}.${list === "" ? "" : ` Tried:${list}`}`;
    super(`${explanation}\n${remedy}`, cause === undefined ? undefined : { cause });
    this.explanation = explanation;
    this.remedy = remedy;
    this.hint = remedy;
    this.tried = tried;
  }
}
