import { createHash } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** What one harness asked, in the form in which both are compared. */
export interface LoggedRequest {
  kind: "chat" | "text" | "echo";
  /** The prompt; messages as JSON for chat; prompt and continuation together for an echo. */
  prompt: string;
  stop: string[];
  maxTokens: number | null;
  temperature: number | null;
}

/** A local OpenAI-compatible server that writes down who asked what and answers from the text alone. */
export interface ParityServer {
  /** Base URL for one harness: what it asks is kept under its name. */
  url(client: string): string;
  /** Takes out what a client has asked since the last call. */
  take(client: string): LoggedRequest[];
  /** Answers by prompt (for chat, by the messages' JSON); any other prompt gets one made from its hash. */
  answers: Map<string, string>;
  close(): Promise<void>;
}

type Body = Record<string, unknown>;

/** Starts the server on loopback. */
export async function startServer(): Promise<ParityServer> {
  const logs = new Map<string, LoggedRequest[]>();
  const answers = new Map<string, string>();
  const server = createServer(async (request, response) => {
    const [, client = "", , ...path] = (request.url ?? "").split("/");
    const body = JSON.parse(await read(request)) as Body;
    const list = logs.get(client) ?? [];
    logs.set(client, list);
    const answer = path[0] === "chat" ? chat(body, answers, list) : completions(body, answers, list);
    response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
  });
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (client) => `http://127.0.0.1:${port}/${client}/v1`,
    take: (client) => logs.get(client)?.splice(0) ?? [],
    answers,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function logged(kind: LoggedRequest["kind"], prompt: string, body: Body): LoggedRequest {
  const stop = body.stop === undefined || body.stop === null ? [] : [body.stop].flat();
  const number = (value: unknown) => (typeof value === "number" ? value : null);
  const maxTokens = number(body.max_tokens ?? body.max_completion_tokens);
  return { kind, prompt, stop: stop as string[], maxTokens, temperature: number(body.temperature) };
}

function chat(body: Body, answers: Map<string, string>, log: LoggedRequest[]): Body {
  const messages = (body.messages as Body[]).map(({ role, content }) => ({ role, content }));
  const request = logged("chat", JSON.stringify(messages), body);
  log.push(request);
  const content = generate(request, answers);
  return { model: "parity", choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content } }] };
}

/** Prompts are texts or lists of byte tokens, one or several. */
function completions(body: Body, answers: Map<string, string>, log: LoggedRequest[]): Body {
  const prompts = promptsOf(body.prompt);
  const choices = prompts.map((prompt, index) => {
    const request = logged(body.echo === true ? "echo" : "text", prompt.toString("utf8"), body);
    log.push(request);
    if (body.echo === true) return { index, finish_reason: "length", ...echo(prompt) };
    return { index, finish_reason: "stop", text: generate(request, answers) };
  });
  return { model: "parity", choices };
}

function promptsOf(prompt: unknown): Buffer[] {
  if (typeof prompt === "string") return [Buffer.from(prompt)];
  const list = prompt as unknown[];
  if (typeof list[0] === "number") return [Buffer.from((list as number[]).filter((id) => id < 256))];
  return list.flatMap(promptsOf);
}

/** The answer for a prompt, cut at the first stop as servers do. */
function generate({ prompt, stop }: LoggedRequest, answers: Map<string, string>): string {
  const text = answers.get(prompt) ?? madeUp(prompt);
  const ends = stop.map((mark) => text.indexOf(mark)).filter((at) => at >= 0);
  return text.slice(0, Math.min(text.length, ...ends));
}

function madeUp(prompt: string): string {
  const number = createHash("sha256").update(prompt).digest().readUInt16BE(0);
  return ` Nobody told me. The answer is ${number}.\n#### ${number}`;
}

/**
 * Log-probabilities of each byte, from a running hash of all before it: equal texts get equal values and nothing else
 * matters. About every second byte is the likeliest of its place.
 */
function echo(prompt: Buffer): Body {
  const tokens: string[] = [];
  const logprobs: (number | null)[] = [];
  const top: (Record<string, number> | null)[] = [];
  let hash = 0x811c9dc5;
  for (const byte of [...prompt, 33]) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
    const value = -((hash >>> 8) % 4096) / 1024;
    const token = byte < 128 ? String.fromCharCode(byte) : `bytes:\\x${byte.toString(16)}`;
    tokens.push(token);
    logprobs.push(tokens.length === 1 ? null : value);
    top.push(tokens.length === 1 ? null : hash & 1 ? { [token]: value } : { [token]: value, other: value / 2 });
  }
  return { text: prompt.toString("utf8"), logprobs: { tokens, token_logprobs: logprobs, top_logprobs: top } };
}
