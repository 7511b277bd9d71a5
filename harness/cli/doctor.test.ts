import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { PassThrough } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { main } from "./main.ts";
import { Terminal } from "./terminal.ts";

interface Finding {
  name: string;
  state: string;
  what: string;
  fix?: string;
}

async function doctor(env: Record<string, string>, ...flags: string[]): Promise<{ code: number; out: string }> {
  const out = new PassThrough();
  const terminal = new Terminal(out, new PassThrough() as unknown as NodeJS.WriteStream, env);
  const code = await main(["doctor", ...flags], terminal);
  return { code, out: String(out.read() ?? "") };
}

async function hub(status: number): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status).end("{}"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const byName = (out: string) =>
  Object.fromEntries((JSON.parse(out) as { findings: Finding[] }).findings.map((finding) => [finding.name, finding]));

test("names the keys that are set and never shows one", async () => {
  const secret = "sk-doctor-secret-1";
  const { code, out } = await doctor({ HF_ENDPOINT: await hub(200), ANTHROPIC_API_KEY: secret }, "--json");
  const found = byName(out);
  expect(code).toBe(0);
  expect(found.anthropic).toMatchObject({ state: "ok", what: "ANTHROPIC_API_KEY is set" });
  expect(found.openai).toMatchObject({ state: "warn", fix: expect.stringContaining("export OPENAI_API_KEY") });
  expect(Object.keys(found)).toEqual(expect.arrayContaining(["Node", "Hub", "Sandbox", "Disk"]));
  expect(found.Node?.what).toContain(process.version);
  expect(out).not.toContain(secret);
});

test("tells a Hub that answers, one that doesn't want us, none at all, and being offline on purpose", async () => {
  const state = async (env: Record<string, string>) => byName((await doctor(env, "--json")).out).Hub;
  expect(await state({ HF_ENDPOINT: await hub(200) })).toMatchObject({ state: "ok" });
  expect(await state({ HF_ENDPOINT: await hub(401) })).toMatchObject({
    state: "warn",
    what: expect.stringContaining("401"),
  });
  expect(await state({ HF_ENDPOINT: "http://127.0.0.1:9" })).toMatchObject({
    state: "warn",
    what: expect.stringContaining("can't be reached"),
  });
  expect(await state({ HF_HUB_OFFLINE: "1" })).toMatchObject({ state: "ok", what: expect.stringContaining("offline") });
});

test("without --json it is a list of marks and remedies, without colour where NO_COLOR is set", async () => {
  const { out } = await doctor({ HF_HUB_OFFLINE: "1", NO_COLOR: "1" });
  expect(out).toMatch(/^✓ Node/m);
  expect(out).toMatch(/^! openai +OPENAI_API_KEY is not set\n +Do: export OPENAI_API_KEY/m);
  expect(out).not.toContain("\u001b");
});
