import { Agent, request } from "undici";
import { ModelCallError } from "./model-call-error.ts";
import { statusError } from "./status-error.ts";

/** One POST of JSON. */
export interface Post {
  url: string;
  headers: Record<string, string>;
  /** The exact body. */
  body: string;
  timeoutMs: number;
  signal: AbortSignal;
  /** Never to appear in a record or a message. */
  secrets: readonly string[];
}

/** What came back, with the times of it. */
export interface Answer {
  status: number;
  text: string;
  requestId: string | null;
  firstByteMs: number;
  totalMs: number;
}

let agent: Agent | undefined;

/** Long generations send nothing for minutes: undici's own time limits are off, ours is the signal. */
function sharedAgent(): Agent {
  agent ??= new Agent({
    connections: 1024,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 30_000,
  });
  return agent;
}

/** Posts JSON and reads the whole answer. @throws ModelCallError for everything but a status below 400 */
export async function postJson(post: Post): Promise<Answer> {
  const started = performance.now();
  const timer = AbortSignal.timeout(post.timeoutMs);
  try {
    const response = await request(post.url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", ...post.headers },
      body: post.body,
      dispatcher: sharedAgent(),
      signal: AbortSignal.any([post.signal, timer]),
    });
    const firstByteMs = performance.now() - started;
    const text = redact(await response.body.text(), post.secrets);
    const headers = new Headers(
      Object.entries(response.headers).map(([name, value]) => [name, String(value)] as [string, string]),
    );
    if (response.statusCode >= 400) throw statusError({ status: response.statusCode, text, headers, url: post.url });
    return {
      status: response.statusCode,
      text,
      requestId: headers.get("x-request-id"),
      firstByteMs,
      totalMs: performance.now() - started,
    };
  } catch (error) {
    throw explain(error, post, timer);
  }
}

function explain(error: unknown, post: Post, timer: AbortSignal): unknown {
  if (error instanceof ModelCallError || post.signal.aborted) return error;
  if (timer.aborted) {
    return new ModelCallError("timeout", {
      what: `${post.url} gave no complete answer within ${post.timeoutMs / 1000} s.`,
      fix: "Raise --timeout, or lower --concurrency if the server is busy.",
      cause: error,
    });
  }
  const reason = error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.message) : String(error);
  return new ModelCallError("network", {
    what: `The connection to ${post.url} failed: ${reason}.`,
    fix: "Check that the server runs and that --base-url is right.",
    cause: error,
  });
}

/** Takes secrets out of a text that a server might have echoed. */
export function redact(text: string, secrets: readonly string[]): string {
  let result = text;
  for (const secret of secrets) if (secret.length >= 6) result = result.replaceAll(secret, "[redacted]");
  return result;
}

/** Parses an answer. @throws ModelCallError `malformed`, which is worth another try: half a body, an HTML page */
export function parseAnswer(answer: Answer, url: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(answer.text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below, together with JSON that is no object.
  }
  throw new ModelCallError("malformed", {
    what: `${url} answered ${answer.status} with something that is not a JSON object.`,
    why: `It begins with ${JSON.stringify(answer.text.slice(0, 120))}.`,
    fix: "Check that --base-url is the API (it usually ends in /v1) and not a web page or a proxy's.",
    status: answer.status,
  });
}
