import { AssayError, type ErrorParts } from "../../contracts/index.ts";

/** Permanent codes of everything that can go wrong between us and the Hub. */
export type HubErrorCode =
  | "DATA_CHECKSUM_MISMATCH"
  | "DATA_CONNECTION_LOST"
  | "DATA_ENDPOINT_INVALID"
  | "DATA_FILE_MISSING"
  | "DATA_GATED"
  | "DATA_HUB_ANSWER"
  | "DATA_HUB_UNAVAILABLE"
  | "DATA_HUB_UNREACHABLE"
  | "DATA_INTERRUPTED"
  | "DATA_OFFLINE_MISSING"
  | "DATA_REPO_MISSING"
  | "DATA_REVISION_MISSING"
  | "DATA_SIZE_MISMATCH"
  | "DATA_TIMEOUT"
  | "DATA_TOKEN_MALFORMED"
  | "DATA_TOKEN_REFUSED";

const retryableCodes: ReadonlySet<HubErrorCode> = new Set([
  "DATA_CONNECTION_LOST",
  "DATA_HUB_UNAVAILABLE",
  "DATA_HUB_UNREACHABLE",
  "DATA_TIMEOUT",
]);

/** The Hub refused, was out of reach, or sent something other than it announced. */
export class HubError extends AssayError {
  override readonly name = "HubError";
  /** May the same request succeed a moment later? */
  readonly retryable: boolean;
  /** Milliseconds the server asked us to wait, where it said. */
  readonly retryAfterMs: number | undefined;

  constructor(parts: ErrorParts & { code: HubErrorCode; retryAfterMs?: number | undefined }) {
    super(parts);
    this.retryable = retryableCodes.has(parts.code);
    this.retryAfterMs = parts.retryAfterMs;
  }
}
