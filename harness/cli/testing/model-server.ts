/**
 * A model server without a model, for tests and benchmarks over whole data sets: a process of its own that answers
 * `/chat/completions` and `/completions` at once. It prints its address on the first line, and counts its requests at `/count`.
 *
 * Generated text is the first argument. Echoed log-probabilities fall with a token's length; the token ` A` is likeliest of all.
 */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const text = process.argv[2] ?? "Answer: A";
/** Words are tokens near the end, where continuations are; all before is one token. */
const lookedAt = 2000;
let count = 0;

const server = createServer((request, response) => {
  if (request.method === "GET") return void response.end(String(count));
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    count += 1;
    const body = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { prompt?: string; echo?: boolean };
    if (body.prompt === undefined) send(response, { message: { role: "assistant", content: text } });
    else if (body.echo) send(response, { text: "", logprobs: echoed(body.prompt) });
    else send(response, { text });
  });
});

function send(response: ServerResponse, choice: object): void {
  const body = JSON.stringify({
    model: "no-model-1",
    choices: [{ index: 0, ...choice, finish_reason: "stop" }],
    usage: { prompt_tokens: 100, completion_tokens: 1 },
  });
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  response.end(body);
}

function echoed(prompt: string): object {
  const head = prompt.slice(0, -lookedAt);
  const words = prompt.slice(head.length).match(/\s*\S+|\s+$/g) ?? [];
  const tokens = [...(head === "" ? [] : [head]), ...words, " next"];
  const token_logprobs = tokens.map((token, index) => (index === 0 ? null : logprobOf(token)));
  const top_logprobs = tokens.map((_, index) => (index === 0 ? null : { " A": logprobOf(" A") }));
  return { tokens, token_logprobs, top_logprobs, text_offset: [] };
}

function logprobOf(token: string): number {
  return token === " A" ? -0.05 : -token.length / 10;
}

server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`));
