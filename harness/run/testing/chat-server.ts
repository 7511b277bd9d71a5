import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a scripted server does with the n-th request (from 0). */
export type Script = (
  question: string,
  call: { index: number; body: Record<string, unknown>; request: IncomingMessage; response: ServerResponse },
) => string | undefined;

export interface ChatServer {
  url: string;
  /** Bodies of all requests so far. */
  bodies: Record<string, unknown>[];
  close(): Promise<void>;
}

/**
 * A real OpenAI-compatible server on loopback. The script gives the text of the answer, or `undefined` when it has dealt with
 * the response itself (an error, a dropped socket).
 */
export async function startChatServer(script: Script): Promise<ChatServer> {
  const bodies: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", () => {
      const body = JSON.parse(text) as Record<string, unknown>;
      const index = bodies.push(body) - 1;
      const messages = (body.messages ?? []) as { content: string }[];
      const answer = script(messages.at(-1)?.content ?? String(body.prompt), { index, body, request, response });
      if (answer === undefined) return;
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(completion(answer)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    bodies,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function completion(content: string): unknown {
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    model: "scripted-1",
    system_fingerprint: "fp_1",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  };
}

/** The right answer to a question of the toy task, in a sentence. */
export function addUp(question: string): string {
  const [a = 0, b = 0] = (question.match(/\d+/g) ?? []).slice(-2).map(Number);
  return `The answer is ${a + b}.`;
}
