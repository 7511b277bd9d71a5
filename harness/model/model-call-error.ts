import { AssayError, type ErrorParts } from "../contracts/index.ts";

export type CallErrorKind =
  | "rate_limited"
  | "overloaded"
  | "network"
  | "timeout"
  | "malformed"
  | "bad_request"
  | "auth"
  | "not_found"
  | "context_length"
  | "capability"
  | "refused"
  | "missing";

const retryable = new Set<CallErrorKind>(["rate_limited", "overloaded", "network", "timeout", "malformed"]);
const fatal = new Set<CallErrorKind>(["bad_request", "auth", "not_found", "capability"]);

const codes: Record<CallErrorKind, string> = {
  rate_limited: "MODEL_RATE_LIMITED",
  overloaded: "MODEL_UNAVAILABLE",
  network: "MODEL_CONNECTION",
  timeout: "MODEL_TIMEOUT",
  malformed: "MODEL_MALFORMED",
  bad_request: "MODEL_BAD_REQUEST",
  auth: "MODEL_AUTH",
  not_found: "MODEL_NOT_FOUND",
  context_length: "MODEL_CONTEXT_LENGTH",
  capability: "MODEL_CAPABILITY",
  refused: "MODEL_REFUSED",
  missing: "MODEL_RESPONSE_MISSING",
};

/** A model didn't answer. The kind decides whether trying again can help, and whether going on makes sense. */
export class ModelCallError extends AssayError {
  override readonly name = "ModelCallError";
  readonly kind: CallErrorKind;
  readonly status: number | null;
  /** The server asked to wait so long. */
  readonly retryAfterMs: number | null;
  /** Attempts made, the failing one included. */
  attempts = 1;

  constructor(
    kind: CallErrorKind,
    parts: Omit<ErrorParts, "code"> & { status?: number; retryAfterMs?: number | null },
  ) {
    super({ ...parts, code: codes[kind] });
    this.kind = kind;
    this.status = parts.status ?? null;
    this.retryAfterMs = parts.retryAfterMs ?? null;
  }

  get retryable(): boolean {
    return retryable.has(this.kind);
  }

  /** Every other request would meet the same. */
  get fatal(): boolean {
    return fatal.has(this.kind);
  }
}
