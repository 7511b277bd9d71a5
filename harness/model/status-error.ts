import { type CallErrorKind, ModelCallError } from "./model-call-error.ts";

/** A status of 400 or more, as received. */
export interface Failure {
  status: number;
  text: string;
  headers: Headers;
  url: string;
}

const tooLong =
  /context.{0,20}(?:length|window|size)|maximum (?:context|sequence|prompt)|too many tokens|prompt is too long|input.{0,20}too long|exceeds?.{0,40}tokens/i;

const advice: Partial<Record<CallErrorKind, string>> = {
  auth: "Check the key in the environment; `assay doctor` says which is read.",
  not_found: "Check the model's name and --base-url (it usually ends in /v1).",
  bad_request: "Change what the server objects to, for example with --set generate.extra or --set generate.seed=null.",
  rate_limited: "Lower --concurrency, or set --rpm and --tpm to what your plan allows.",
};

/** Turns a failure into an error that carries the server's own words. */
export function statusError(failure: Failure): ModelCallError {
  const { status, url, headers } = failure;
  const kind = kindOf(failure);
  return new ModelCallError(kind, {
    what: `${url} answered ${status}: ${serverWords(failure.text) || "(no text)"}`,
    fix: advice[kind] ?? "Try again later.",
    status,
    retryAfterMs: retryAfter(headers),
  });
}

function kindOf({ status, text }: Failure): CallErrorKind {
  if ((status === 400 || status === 413 || status === 422) && tooLong.test(text)) return "context_length";
  if (status === 401 || status === 403) return "auth";
  if (status === 404) return "not_found";
  if (status === 429) return /insufficient_quota|billing/.test(text) ? "auth" : "rate_limited";
  if (status === 408 || status === 409 || status >= 500) return "overloaded";
  return "bad_request";
}

/** The message inside an error body of any of the usual shapes, else the beginning of the body. */
export function serverWords(text: string): string {
  try {
    const { error, message, detail } = JSON.parse(text) as { error?: unknown; message?: unknown; detail?: unknown };
    const inner = typeof error === "object" && error !== null ? (error as { message?: unknown }).message : error;
    for (const words of [inner, message, detail])
      if (typeof words === "string" && words !== "") return words.slice(0, 500);
  } catch {
    // Not JSON: the body itself is what there is.
  }
  return text
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 300);
}

/** Milliseconds to wait: `retry-after` in seconds or as a date, `retry-after-ms`, or a spent `x-ratelimit-*` window. */
function retryAfter(headers: Headers): number | null {
  const milliseconds = Number(headers.get("retry-after-ms") ?? Number.NaN);
  if (milliseconds >= 0) return milliseconds;
  const given = headers.get("retry-after");
  if (given !== null) {
    const seconds = Number(given);
    if (seconds >= 0) return seconds * 1000;
    const date = Date.parse(given);
    if (!Number.isNaN(date)) return Math.max(0, date - Date.now());
  }
  for (const what of ["requests", "tokens"]) {
    if (headers.get(`x-ratelimit-remaining-${what}`) === "0")
      return durationMs(headers.get(`x-ratelimit-reset-${what}`));
  }
  return null;
}

/** `1m3.5s`, `250ms`, `12`. */
function durationMs(text: string | null): number | null {
  if (text === null) return null;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const units: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g))
    total += Number(amount) * (units[unit ?? "s"] ?? 0);
  return total > 0 ? total : null;
}
