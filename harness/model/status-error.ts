import { type CallErrorKind, ModelCallError } from "./model-call-error.ts";

/** Headers of an answer by lower-case name. */
export type AnswerHeaders = Readonly<Record<string, string | undefined>>;

/** Of a header that was sent several times, the first counts. */
export function firstOfEach(headers: Readonly<Record<string, string | string[] | undefined>>): AnswerHeaders {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat()[0]]));
}

/** A status of 400 or more, as received. */
export interface Failure {
  status: number;
  text: string;
  headers: AnswerHeaders;
  url: string;
}

/** Characters of a body that is no JSON in which words are looked for. */
const mostLookedAt = 20_000;
const tooLong =
  /context.{0,20}(?:length|window|size)|maximum (?:context|sequence|prompt)|too many tokens|prompt is too long|input.{0,20}too long|exceeds?.{0,40}tokens/i;
/** Azure's and OpenAI's codes for a prompt that their filter blocks: it concerns one item, not the run. */
const filtered = /"code"\s*:\s*"(?:content_filter|content_policy_violation)"/;

const advice: Partial<Record<CallErrorKind, string>> = {
  auth: "Check the key in the environment; `assay doctor` says which is read.",
  not_found: "Check the model's name and --base-url (it usually ends in /v1).",
  bad_request: "Change what the server objects to, for example with --set generate.extra or --set generate.seed=null.",
  rate_limited: "Lower --concurrency, or set --rpm and --tpm to what your plan allows.",
};

/** Turns a failure into an error that carries the server's own words. */
export function statusError(failure: Failure): ModelCallError {
  const { status, url, headers, text } = failure;
  const retryAfterMs = retryAfter(headers) ?? retryDelay(text);
  const kind = kindOf(failure, retryAfterMs);
  return new ModelCallError(kind, {
    what: `${url} answered ${status}: ${serverWords(text) || "(no text)"}`,
    fix: advice[kind] ?? "Try again later.",
    status,
    retryAfterMs,
  });
}

/** A POST must not be sent on blindly: the key would go with it. */
export function redirectError({ status, headers, url }: Omit<Failure, "text">): ModelCallError {
  const target = headers.location;
  return new ModelCallError("not_found", {
    what: `${url} answered ${status}: it sends requests on${target ? ` to ${target.split("?")[0]}` : ""}.`,
    why: "Redirects are not followed, because the key would go along.",
    fix: "Name the final address with --base-url.",
    status,
  });
}

function kindOf({ status, text }: Failure, retryAfterMs: number | null): CallErrorKind {
  if ((status === 400 || status === 413 || status === 422) && tooLong.test(text)) return "context_length";
  if (status === 400 && filtered.test(text)) return "refused";
  if (status === 401 || status === 402 || status === 403) return "auth";
  if (status === 404) return "not_found";
  if (status === 429) return isOutOfMoney(text, retryAfterMs) ? "auth" : "rate_limited";
  if (status === 408 || status === 409 || status === 425 || status >= 500) return "overloaded";
  return "bad_request";
}

/** Gemini speaks of billing at every limit on requests a minute too, but then says when to come back. */
function isOutOfMoney(text: string, retryAfterMs: number | null): boolean {
  return text.includes("insufficient_quota") || (retryAfterMs === null && text.includes("billing"));
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
    .slice(0, mostLookedAt)
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, " ")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 300);
}

/** Pairs of headers that say what is left of a limit, and when it is whole again. */
const windows = ["requests", "tokens"].flatMap((what) => [
  [`x-ratelimit-remaining-${what}`, `x-ratelimit-reset-${what}`] as const,
  [`anthropic-ratelimit-${what}-remaining`, `anthropic-ratelimit-${what}-reset`] as const,
]);

/** Milliseconds to wait: `retry-after` in seconds or as a date, `retry-after-ms`, or a spent rate limit's reset. */
function retryAfter(headers: AnswerHeaders): number | null {
  const milliseconds = Number(headers["retry-after-ms"] ?? Number.NaN);
  if (milliseconds >= 0) return milliseconds;
  const given = headers["retry-after"];
  if (given !== undefined) return secondsOrDate(given);
  const waits = [...windows, ["x-ratelimit-remaining", "x-ratelimit-reset"] as const]
    .filter(([remaining]) => headers[remaining] === "0")
    .map(([, reset]) => resetMs(headers[reset]))
    .filter((wait) => wait !== null);
  return waits.length === 0 ? null : Math.max(...waits);
}

function secondsOrDate(text: string): number | null {
  const seconds = Number(text);
  if (text.trim() !== "" && seconds >= 0) return seconds * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}

/** `1m3.5s`, `250ms`, `12` (seconds), `1764028800` (Unix time), or a date. */
function resetMs(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^\d+(\.\d+)?$/.test(text)) {
    const value = Number(text);
    return value > 1e9 ? Math.max(0, (value > 1e12 ? value : value * 1000) - Date.now()) : value * 1000;
  }
  const units: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
  if (!/^(?:\d+(?:\.\d+)?(?:ms|h|m|s))+$/.test(text)) return secondsOrDate(text);
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g))
    total += Number(amount) * (units[unit ?? "s"] ?? 0);
  return total;
}

/** Google says it in the body: `"retryDelay": "27s"`. */
function retryDelay(text: string): number | null {
  const seconds = /"retryDelay"\s*:\s*"(\d+(?:\.\d+)?)s"/.exec(text)?.[1];
  return seconds === undefined ? null : Number(seconds) * 1000;
}
