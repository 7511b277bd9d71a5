import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, zstdDecompress } from "node:zlib";
import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from "undici";
import { AskAborted } from "./ask-aborted.ts";
import { ModelCallError } from "./model-call-error.ts";
import { grantedConnections, isOutOfFiles } from "./out-of-files.ts";
import { readProxy } from "./proxy.ts";
import { redact } from "./redact.ts";
import { firstOfEach, redirectError, statusError } from "./status-error.ts";

/** One POST of JSON. */
export interface Post {
  url: string;
  /** The address as it may be recorded and shown: without credentials. */
  shownUrl: string;
  headers: Record<string, string>;
  /** The exact body. */
  body: string;
  timeoutMs: number;
  signal: AbortSignal;
  /** Never to appear in a record or a message. */
  secrets: readonly string[];
}

/** What came back, with the times of it in milliseconds since the request was sent. */
export interface Answer {
  status: number;
  text: string;
  requestId: string | null;
  /** When status and headers were here. Answers are not streamed, so most servers send them with the finished text. */
  firstByteMs: number;
  totalMs: number;
}

/** No answer to one question is longer; an endless one must not fill the memory. */
const mostBytes = 64_000_000;
const longestTimer = 2 ** 31 - 1;

let agent: Dispatcher | undefined;

/**
 * Long generations send nothing for minutes: undici's own time limits are off, ours is the signal. A connection that idles
 * is given up before servers do that (after five seconds, many of them), lest a request be sent into a closed one.
 */
function sharedAgent(): Dispatcher {
  if (agent) return agent;
  const connections = grantedConnections();
  const limits = { connections, pipelining: 1, headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 4000 };
  const proxy = readProxy(process.env);
  agent = proxy ? new EnvHttpProxyAgent({ ...limits, ...proxy }) : new Agent(limits);
  return agent;
}

/** Posts JSON and reads the whole answer. @throws ModelCallError for everything but a status of 2xx; AskAborted */
export async function postJson(post: Post): Promise<Answer> {
  if (post.signal.aborted) throw new AskAborted();
  const controller = new AbortController();
  const abort = () => controller.abort();
  let isLate = false;
  const timer = setTimeout(
    () => {
      isLate = true;
      abort();
    },
    Math.min(post.timeoutMs, longestTimer),
  );
  post.signal.addEventListener("abort", abort, { once: true });
  try {
    return await exchange(post, controller.signal);
  } catch (error) {
    if (error instanceof ModelCallError) throw error;
    if (post.signal.aborted) throw new AskAborted();
    throw isLate ? late(post, error) : broken(post, error);
  } finally {
    clearTimeout(timer);
    post.signal.removeEventListener("abort", abort);
  }
}

async function exchange(post: Post, signal: AbortSignal): Promise<Answer> {
  const started = performance.now();
  const response = await request(post.url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json", ...post.headers },
    body: post.body,
    dispatcher: sharedAgent(),
    signal,
  });
  const firstByteMs = performance.now() - started;
  const text = redact(await bodyText(response, post.shownUrl), post.secrets);
  const status = response.statusCode;
  const headers = firstOfEach(response.headers);
  if (status >= 400) throw statusError({ status, text, headers, url: post.shownUrl });
  if (status >= 300) throw redirectError({ status, headers, url: post.shownUrl });
  const requestId = headers["x-request-id"] ?? headers["request-id"] ?? null;
  return {
    status,
    text,
    requestId: requestId === null ? null : redact(requestId, post.secrets),
    firstByteMs,
    totalMs: performance.now() - started,
  };
}

async function bodyText({ body, headers }: Dispatcher.ResponseData, url: string): Promise<string> {
  const announced = Number(headers["content-length"] ?? Number.NaN);
  const decompress = decoders[String(headers["content-encoding"] ?? "identity").toLowerCase()];
  if (announced <= mostBytes && !decompress) return body.text();
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > mostBytes)
      throw new ModelCallError("malformed", {
        what: `${url} sent more than ${mostBytes / 1e6} MB as one answer.`,
        fix: "Check that --base-url is the API.",
      });
  }
  const bytes = Buffer.concat(chunks);
  const text = (decompress ? await decompressed(bytes, decompress, url) : bytes).toString("utf8");
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

type Decoder = (bytes: Buffer, limits: { maxOutputLength: number }) => Promise<Buffer>;

/** None is asked for, and some proxies compress all the same. */
const decoders: Readonly<Record<string, Decoder>> = {
  gzip: promisify(gunzip),
  "x-gzip": promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
};

async function decompressed(bytes: Buffer, decompress: Decoder, url: string): Promise<Buffer> {
  try {
    return await decompress(bytes, { maxOutputLength: mostBytes });
  } catch (cause) {
    throw new ModelCallError("malformed", { what: `${url} sent an answer whose compression is damaged.`, cause });
  }
}

function late(post: Post, cause: unknown): ModelCallError {
  return new ModelCallError("timeout", {
    what: `${post.shownUrl} gave no complete answer within ${post.timeoutMs / 1000} s.`,
    fix: "Raise --timeout, or lower --concurrency if the server is busy.",
    cause,
  });
}

function broken(post: Post, cause: unknown): ModelCallError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const reason = code === "UND_ERR_SOCKET" || code === undefined ? message : code;
  return new ModelCallError("network", {
    what: `The connection to ${post.shownUrl} failed: ${redact(String(reason), post.secrets)}.`,
    fix: isOutOfFiles(cause)
      ? "This process may open no more connections: raise `ulimit -n`, or lower --concurrency."
      : "Check that the server runs and that --base-url is right.",
    cause,
  });
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
