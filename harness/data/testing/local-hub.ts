import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";

/** Returns `true` if it has taken care of the request itself. */
export type Intercept = (
  request: IncomingMessage,
  response: ServerResponse,
  seen: number,
) => boolean | Promise<boolean>;

/** What a test may set. */
export interface LocalHubOptions {
  /** Path in the repository `owner/set` → content. */
  files: Record<string, Uint8Array>;
  /** Sees every request first; `seen` counts earlier ones of the same method and path, ranges of one byte apart. */
  intercept?: Intercept;
  token?: string;
  /** How content is announced. @default "large" */
  storage?: "git" | "large";
}

/** A Hub on loopback with one data set, good for every revision but `gone`. */
export interface LocalHub {
  endpoint: string;
  /** Method, path and range of every request so far. */
  log: string[];
}

export const commit = "0123456789abcdef0123456789abcdef01234567";
const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** Starts a {@link LocalHub} that ends with the test. */
export async function startLocalHub(options: LocalHubOptions): Promise<LocalHub> {
  const log: string[] = [];
  const server = createServer((request, response) => {
    const line = `${request.method} ${request.url} ${request.headers.range ?? ""}`.trimEnd();
    const seen = log.filter((earlier) => earlier === line).length;
    log.push(line);
    void answer(options, request, response, seen);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, log };
}

async function answer(
  options: LocalHubOptions,
  request: IncomingMessage,
  response: ServerResponse,
  seen: number,
): Promise<void> {
  if (await options.intercept?.(request, response, seen)) return;
  const path = decodeURIComponent(new URL(request.url!, "http://hub").pathname);
  if (options.token && request.headers.authorization !== `Bearer ${options.token}`) return refuse(response, 401, "");
  if (!/^\/(?:api\/)?datasets\/owner\/set\//.test(path)) return refuse(response, 404, "RepoNotFound");
  if (path.split("/").includes("gone")) return refuse(response, 404, "RevisionNotFound");
  if (path.includes("/revision/")) return sendJson(response, { _id: "1", id: "owner/set", sha: commit });
  if (path.includes("/tree/")) return sendJson(response, entries(options));
  if (path.includes("/paths-info/")) {
    const { paths } = JSON.parse(await bodyOf(request)) as { paths: string[] };
    return sendJson(
      response,
      entries(options).filter((entry) => paths.includes(entry.path)),
    );
  }
  const name = /\/resolve\/[^/]+\/(.+)$/.exec(path)?.[1] ?? "";
  const content = options.files[name];
  if (content === undefined) return refuse(response, 404, "EntryNotFound");
  sendContent(request, response, { content, etag: hashesOf(content)[options.storage === "git" ? "git" : "sha256"] });
}

function entries({ files, storage }: LocalHubOptions) {
  return Object.entries(files).map(([path, content]) => {
    const { sha256, git } = hashesOf(content);
    const lfs = storage === "git" ? {} : { lfs: { oid: sha256, size: content.length, pointerSize: 130 } };
    return { type: "file", path, size: content.length, oid: git, ...lfs };
  });
}

function hashesOf(content: Uint8Array): { sha256: string; git: string } {
  const git = createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
  return { sha256: createHash("sha256").update(content).digest("hex"), git };
}

/** Sends content as the Hub does, or the asked-for part of it. */
export function sendContent(
  request: IncomingMessage,
  response: ServerResponse,
  { content, etag }: { content: Uint8Array; etag: string },
): void {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
  const headers = { etag: `"${etag}"`, "accept-ranges": "bytes" };
  if (from === undefined) {
    response.writeHead(200, { ...headers, "content-length": content.length }).end(content);
    return;
  }
  const part = content.subarray(Number(from), to ? Number(to) + 1 : content.length);
  const range = `bytes ${from}-${Number(from) + part.length - 1}/${content.length}`;
  response.writeHead(206, { ...headers, "content-range": range, "content-length": part.length }).end(part);
}

/** An error in the Hub's manner. */
export function refuse(response: ServerResponse, status: number, code: string, message = "no"): void {
  if (code !== "") response.setHeader("x-error-code", code);
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ error: message }));
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return body;
}

/** Is this the request for the content itself, rather than for a byte of it or about it? */
export function isForContent(request: IncomingMessage): boolean {
  return request.url!.includes("/resolve/") && request.headers.range !== "bytes=0-0";
}
