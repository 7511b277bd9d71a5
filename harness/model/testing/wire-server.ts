import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** One request as it came over the wire. */
export interface Received {
  path: string;
  headers: IncomingMessage["headers"];
  text: string;
  body: Record<string, unknown>;
}

/** A whole answer, or `undefined` when the handler has dealt with the socket itself. */
export type Reply = { status?: number; headers?: Record<string, string>; body: string | Buffer } | undefined;
export type Handler = (
  received: Received,
  wire: { index: number; request: IncomingMessage; response: ServerResponse },
) => Reply | Promise<Reply>;

export interface WireServer {
  url: string;
  received: Received[];
  /** Answers from now on. */
  handler: Handler;
}

/** A real server on loopback that keeps what it receives. It is closed when the test ends. */
export async function startWireServer(handler: Handler): Promise<WireServer> {
  const wire: WireServer = { url: "", received: [], handler };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => void answer(wire, Buffer.concat(chunks).toString("utf8"), { request, response }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  wire.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return wire;
}

async function answer(
  wire: WireServer,
  text: string,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const received = { path: request.url ?? "", headers: request.headers, text, body: JSON.parse(text) };
  const index = wire.received.push(received) - 1;
  const reply = await wire.handler(received, { index, request, response });
  if (!reply) return;
  response.writeHead(reply.status ?? 200, { "content-type": "application/json", ...reply.headers });
  response.end(reply.body);
}
