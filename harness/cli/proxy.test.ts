import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { addUp } from "../run/testing/chat-server.ts";
import { serve, setting, startAssay } from "./testing/command.ts";

/** A proxy that knows one server by whatever name it is asked for, and keeps the names. */
async function startProxy(target: string): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const { host, pathname } = new URL(incoming.url ?? "");
    asked.push(host);
    const { method, headers } = incoming;
    incoming.pipe(
      request(new URL(pathname, target), { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      }),
    );
  });
  server.on("connect", ({ url }, socket) => {
    asked.push(url ?? "");
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

test("requests go through the proxy that the environment names; a server on this machine is asked directly", async () => {
  const server = await serve(addUp);
  const proxy = await startProxy(server.url);
  const env = {
    http_proxy: proxy.url,
    https_proxy: proxy.url,
    no_proxy: "",
    NO_PROXY: "",
    HF_ENDPOINT: "http://hub.invalid",
  };
  const runAt = async (baseUrl: string) => {
    const { flags } = setting(2);
    const { ended } = startAssay(["run", "toy", "--model", "openai/m", "--base-url", baseUrl, ...flags], env);
    const { code, out } = await ended;
    return { code, counts: JSON.parse(out).runs[0].counts };
  };
  const direct = await runAt(server.url);
  expect(direct).toMatchObject({ code: 0, counts: { scored: 2 } });
  expect(proxy.asked).toEqual([]);
  const through = await runAt("http://model.invalid:8000/v1");
  expect(through).toMatchObject({ code: 0, counts: { scored: 2 } });
  expect(new Set(proxy.asked)).toEqual(new Set(["model.invalid:8000"]));
  const { ended } = startAssay(["doctor", "--json"], env);
  await ended;
  expect(proxy.asked.some((name) => name.includes("hub.invalid"))).toBe(true);
});
