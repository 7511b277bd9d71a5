import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { listCached, pull } from "./index.ts";
import { commit, type Intercept, isForContent, startLocalHub } from "./testing/local-hub.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const content = Buffer.from(Array.from({ length: 60_000 }, (_, n) => `{"n":${n}}\n`).join(""));
const files = { "test.jsonl": content };
const spec = { repo: "owner/set", revision: commit, splits: { test: "test.jsonl" } };

const script = `
  import { openDataset } from ${JSON.stringify(join(import.meta.dirname, "index.ts"))};
  const data = await openDataset(${JSON.stringify(spec)});
  process.stdout.write(JSON.stringify(await data.count("test")));
`;

/** A process of its own that downloads the data set with nothing but its environment. */
function startPull(endpoint: string, cacheDir: string): ChildProcess {
  const env = { PATH: process.env.PATH, HOME: cacheDir, HF_ENDPOINT: endpoint, HF_HUB_CACHE: cacheDir };
  return spawn(process.execPath, ["--input-type=module", "-e", script], { env, stdio: ["ignore", "pipe", "pipe"] });
}

/** Sends the body in pieces, so that processes overlap. */
const slowly: Intercept = async (request, response) => {
  if (!isForContent(request)) return false;
  response.writeHead(200, { "content-length": content.length });
  for (let at = 0; at < content.length; at += 100_000) {
    response.write(content.subarray(at, at + 100_000));
    await sleep(20);
  }
  response.end();
  return true;
};

describe("several processes", () => {
  it("download the same file at once without disturbing each other, and print nothing of their own", async () => {
    const hub = await startLocalHub({ files, intercept: slowly });
    const cacheDir = temporaryFolder();
    const children = Array.from({ length: 4 }, () => startPull(hub.endpoint, cacheDir));
    const results = await Promise.all(
      children.map(async (child) => [await text(child.stdout!), await text(child.stderr!)]),
    );
    expect(results).toEqual(children.map(() => ["60000", ""]));
    expect(readdirSync(join(cacheDir, "datasets--owner--set/blobs"))).toHaveLength(1);
    expect(await pull(spec, { environment: {}, cacheDir, offline: true })).toMatchObject({
      files: [{ bytes: content.length }],
    });
  });

  it("leave nothing readable when killed, and what they leave is swept after a day", async () => {
    const arrived = Promise.withResolvers<void>();
    let isHolding = true;
    const hold: Intercept = (request, response) => {
      if (!isHolding || !isForContent(request)) return false;
      response.writeHead(200, { "content-length": content.length });
      response.write(content.subarray(0, content.length >> 1), () => arrived.resolve());
      return true;
    };
    const hub = await startLocalHub({ files, intercept: hold });
    const cacheDir = temporaryFolder();
    const child = startPull(hub.endpoint, cacheDir);
    await arrived.promise;
    const blobs = join(cacheDir, "datasets--owner--set/blobs");
    // The body is on its way; the child need not have begun to keep it.
    while (!existsSync(blobs) || readdirSync(blobs).length === 0) await sleep(20);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await listCached(cacheDir)).toEqual([]);
    const [unfinished] = readdirSync(blobs);
    expect(unfinished).toMatch(/\.incomplete$/);

    isHolding = false;
    await pull(spec, { environment: {}, endpoint: hub.endpoint, cacheDir });
    expect(readdirSync(blobs)).toContain(unfinished);
    const longAgo = new Date(Date.now() - 25 * 60 * 60 * 1000);
    utimesSync(join(blobs, unfinished!), longAgo, longAgo);
    const other = { ...files, "other.jsonl": Buffer.from("{}\n") };
    const second = await startLocalHub({ files: other });
    await pull({ ...spec, splits: { test: "other.jsonl" } }, { environment: {}, endpoint: second.endpoint, cacheDir });
    expect(readdirSync(blobs)).not.toContain(unfinished);
  });
});
