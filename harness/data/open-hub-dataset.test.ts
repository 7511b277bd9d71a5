import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { listCached, openDataset, pull } from "./index.ts";
import type { OpenOptions } from "./open-dataset.ts";
import { collect } from "./testing/collect.ts";
import {
  commit,
  type Intercept,
  isForContent,
  type LocalHubOptions,
  refuse,
  sendContent,
  startLocalHub,
} from "./testing/local-hub.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";
import type { DownloadProgress } from "./types.ts";

const content = Buffer.from(Array.from({ length: 30_000 }, (_, n) => `{"n":${n}}\n`).join(""));
const half = content.length >> 1;
const spec = { repo: "owner/set", revision: commit, splits: { test: "data/test.jsonl" } };

async function setUp(options: Partial<LocalHubOptions> & { more?: OpenOptions } = {}) {
  const { more, ...hubOptions } = options;
  const hub = await startLocalHub({ files: { "data/test.jsonl": content }, ...hubOptions });
  const cacheDir = temporaryFolder();
  const settings: OpenOptions = {
    environment: {},
    endpoint: hub.endpoint,
    cacheDir,
    token: null,
    retryDelaysMs: [0, 0],
    taskId: "counting",
    ...more,
  };
  return { hub, cacheDir, settings };
}

/** Nothing unfinished and nothing readable may be left after a failure. */
function expectNothingKept(cacheDir: string): void {
  const left = readdirSync(cacheDir, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
  expect(left.map((entry) => entry.name)).toEqual([]);
}

describe("downloading", () => {
  it("brings a file into the Python client's cache layout and records what it is", async () => {
    const { hub, cacheDir, settings } = await setUp();
    const data = await openDataset({ ...spec, config: "main" }, settings);
    expect(await data.count("test")).toBe(30_000);
    const { files, ...origin } = data.provenance();
    expect(origin).toEqual({
      source: "hub",
      repo: "owner/set",
      revision: commit,
      requestedRevision: commit,
      config: "main",
      splits: { test: ["data/test.jsonl"] },
    });
    expect(files).toEqual([
      { path: "data/test.jsonl", sha256: expect.stringMatching(/^[0-9a-f]{64}$/), bytes: content.length, rows: 30_000 },
    ]);
    const pointer = join(cacheDir, "datasets--owner--set/snapshots", commit, "data/test.jsonl");
    expect(realpathSync(pointer)).toBe(realpathSync(join(cacheDir, "datasets--owner--set/blobs", files[0]!.sha256)));
    expect(JSON.stringify(data.provenance())).not.toContain(new URL(hub.endpoint).host);
  });

  it("reports progress from nothing to everything", async () => {
    const events: DownloadProgress[] = [];
    const { settings } = await setUp({ more: { onProgress: (event) => events.push(event) } });
    await pull(spec, settings);
    expect(events[0]).toEqual({ file: "data/test.jsonl", bytes: 0, total: content.length });
    expect(events.at(-1)).toEqual({ file: "data/test.jsonl", bytes: content.length, total: content.length });
    expect(events.map((event) => event.bytes)).toEqual(
      events.map((event) => event.bytes).sort((left, right) => left - right),
    );
  });

  it("asks for nothing again once a commit is cached", async () => {
    const { hub, settings } = await setUp();
    await pull(spec, settings);
    const before = hub.log.length;
    expect(await (await openDataset(spec, { ...settings, offline: true })).count("test")).toBe(30_000);
    await pull(spec, settings);
    expect(hub.log.length).toBe(before);
  });

  it("resolves a branch once, records the commit, and finds the branch again offline", async () => {
    const { settings } = await setUp();
    const branch = { ...spec, revision: "main" };
    expect(await pull(branch, settings)).toMatchObject({ revision: commit, requestedRevision: "main" });
    expect(await pull(branch, { ...settings, offline: true })).toMatchObject({
      revision: commit,
      requestedRevision: "main",
    });
  });

  it("doesn't fetch content again that another commit already brought", async () => {
    const { hub, settings } = await setUp();
    await pull(spec, settings);
    await pull({ ...spec, revision: "f".repeat(40) }, settings);
    expect(hub.log.filter((line) => line.endsWith("data/test.jsonl"))).toHaveLength(1);
  });

  it("downloads only the splits asked for, and several files of a split in order", async () => {
    const files = {
      "a.jsonl": Buffer.from('{"n":1}\n'),
      "b.jsonl": Buffer.from('{"n":2}\n'),
      "c.jsonl": Buffer.from('{"n":3}\n'),
    };
    const { hub, settings } = await setUp({ files });
    const data = await openDataset(
      { ...spec, splits: { test: ["b.jsonl", "a.jsonl"], train: "c.jsonl" } },
      { ...settings, splits: ["test"] },
    );
    const rows = await collect(data.rows("test"));
    expect(rows).toEqual([
      { index: 0, row: { n: 2 }, file: "b.jsonl" },
      { index: 1, row: { n: 1 }, file: "a.jsonl" },
    ]);
    expect(hub.log.join("\n")).not.toContain("c.jsonl");
  });

  it("checks small files, which the Hub keeps in Git, by Git's hash", async () => {
    const { cacheDir, settings } = await setUp({ storage: "git" });
    await pull(spec, settings);
    expect(readdirSync(join(cacheDir, "datasets--owner--set/blobs"))).toEqual([
      expect.stringMatching(/^[0-9a-f]{40}$/),
    ]);
  });

  it("sends the token to the Hub and not to where the Hub redirects", async () => {
    const seen: (string | undefined)[] = [];
    const storage = await startLocalHub({
      files: {},
      intercept(request, response) {
        seen.push(request.headers.authorization);
        sendContent(request, response, { content, etag: "storage" });
        return true;
      },
    });
    const { settings } = await setUp({
      token: "hf_secret",
      intercept(request, response) {
        if (!request.url!.includes("/resolve/")) return false;
        expect(request.headers.authorization).toBe("Bearer hf_secret");
        response.writeHead(302, { location: `${storage.endpoint}/blob` }).end();
        return true;
      },
      more: { token: "hf_secret" },
    });
    await pull(spec, settings);
    expect(seen).toEqual([undefined, undefined]);
  });

  it("takes a file by plain HTTP that the Hub offers in chunks", async () => {
    const storage = await startLocalHub({
      files: {},
      intercept(request, response) {
        sendContent(request, response, { content, etag: "storage" });
        return true;
      },
    });
    const intercept: Intercept = (request, response) => {
      if (!request.url!.includes("/resolve/")) return false;
      if (isForContent(request)) response.writeHead(302, { location: `${storage.endpoint}/blob` }).end();
      else {
        const sha256 = createHash("sha256").update(content).digest("hex");
        response
          .setHeader("content-type", "application/vnd.xet-fileinfo+json")
          .setHeader("x-linked-size", content.length);
        response.setHeader("x-linked-etag", `"${sha256}"`).setHeader("x-xet-hash", "f".repeat(64));
        response.setHeader(
          "link",
          '<http://127.0.0.1:9/a>; rel="xet-auth", <http://127.0.0.1:9/b>; rel="xet-reconstruction-info"',
        );
        response.end("{}");
      }
      return true;
    };
    const { settings } = await setUp({ intercept });
    expect(await (await openDataset(spec, settings)).count("test")).toBe(30_000);
  });

  it("explains storage that refuses the Hub's own link, without showing the link's signature", async () => {
    const storage = await startLocalHub({
      files: {},
      intercept(_request, response) {
        refuse(response, 403, "", "Expired");
        return true;
      },
    });
    const intercept: Intercept = (request, response) => {
      if (!isForContent(request)) return false;
      response.writeHead(302, { location: `${storage.endpoint}/blob?signature=s3cret` }).end();
      return true;
    };
    const { settings, cacheDir } = await setUp({ intercept, more: { retryDelaysMs: [] } });
    const error = await pull(spec, settings).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: "DATA_HUB_UNAVAILABLE",
      message: expect.stringContaining("storage answered 403"),
    });
    expect(JSON.stringify(error) + String(error)).not.toContain("s3cret");
    expectNothingKept(cacheDir);
  });

  it("refuses names that would leave the repository or the cache", async () => {
    const { settings } = await setUp();
    for (const path of ["../x.jsonl", "a/../../x.jsonl", "/etc/x.jsonl", "a//b.jsonl", "a\\..\\x.jsonl", "C:x.jsonl"]) {
      await expect(pull({ ...spec, splits: { test: path } }, settings)).rejects.toMatchObject({
        code: "DATA_SPEC_INVALID",
      });
    }
    for (const repo of ["../set", "owner/..", "a/b/c", "owner/set?x", ""]) {
      await expect(pull({ ...spec, repo }, settings)).rejects.toMatchObject({ code: "DATA_SPEC_INVALID" });
    }
    for (const revision of ["", "..", "a/../b", "a b", "/main"]) {
      await expect(pull({ ...spec, revision }, settings)).rejects.toMatchObject({ code: "DATA_SPEC_INVALID" });
    }
  });
});

describe("a Hub that refuses", () => {
  it("explains a gated repository without a token", async () => {
    const { settings, cacheDir } = await setUp({ token: "hf_right" });
    await expect(pull(spec, settings)).rejects.toMatchObject({
      code: "DATA_GATED",
      fix: expect.stringContaining("assay data pull counting"),
      details: { status: 401 },
    });
    expectNothingKept(cacheDir);
  });

  it("explains a wrong token and never shows it", async () => {
    const { settings } = await setUp({ token: "hf_right", more: { token: "hf_wrong" } });
    const error = await pull(spec, settings).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "DATA_TOKEN_REFUSED" });
    expect(JSON.stringify(error) + String(error)).not.toContain("hf_wrong");
  });

  it("explains a token without access, in the server's words", async () => {
    const intercept: Intercept = (_request, response) => {
      refuse(response, 403, "GatedRepo", "Your request to access is awaiting a review.");
      return true;
    };
    const { settings } = await setUp({ intercept, more: { token: "hf_known" } });
    await expect(pull(spec, settings)).rejects.toMatchObject({
      code: "DATA_GATED",
      message: expect.stringContaining("awaiting a review"),
    });
  });

  it("refuses a token that can't be sent, without showing it", async () => {
    const { hub, settings } = await setUp({ more: { token: "hf_with\nbreak" } });
    const error = await pull(spec, settings).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "DATA_TOKEN_MALFORMED" });
    expect(JSON.stringify(error) + String(error)).not.toContain("hf_with");
    expect(hub.log).toEqual([]);
  });

  it.each([
    ["repository", { ...spec, repo: "owner/other" }, "DATA_REPO_MISSING"],
    ["branch", { ...spec, revision: "gone" }, "DATA_REVISION_MISSING"],
  ])("explains a missing %s", async (_what, wanted, code) => {
    const { settings } = await setUp();
    await expect(pull(wanted, settings)).rejects.toMatchObject({ code, details: { status: 404 } });
  });

  it("explains a missing file and names the nearest", async () => {
    const { settings, cacheDir } = await setUp();
    await expect(pull({ ...spec, splits: { test: "data/tset.jsonl" } }, settings)).rejects.toMatchObject({
      code: "DATA_FILE_MISSING",
      why: "Did you mean data/test.jsonl?",
    });
    expectNothingKept(cacheDir);
  });

  it("explains a split that the task doesn't have before asking the Hub", async () => {
    const { hub, settings } = await setUp();
    await expect(openDataset(spec, { ...settings, splits: ["tets"] })).rejects.toMatchObject({
      code: "DATA_SPLIT_UNKNOWN",
      why: 'Did you mean "test"? It has: test.',
    });
    expect(hub.log).toEqual([]);
  });
});

describe("a network that fails", () => {
  it.each([500, 502, 503, 429])("tries again after %i", async (status) => {
    const intercept: Intercept = (_request, response, seen) => {
      if (seen === 0) refuse(response, status, "");
      return seen === 0;
    };
    const { settings } = await setUp({ intercept });
    expect(await (await openDataset(spec, settings)).count("test")).toBe(30_000);
  });

  it("gives up after the last attempt and says what the server said", async () => {
    const intercept: Intercept = (_request, response) => {
      refuse(response, 503, "", "down for repairs");
      return true;
    };
    const { hub, settings, cacheDir } = await setUp({ intercept });
    await expect(pull(spec, settings)).rejects.toMatchObject({
      code: "DATA_HUB_UNAVAILABLE",
      message: expect.stringContaining("down for repairs"),
    });
    expect(hub.log).toHaveLength(3);
    expectNothingKept(cacheDir);
  });

  it("takes a broken body up where it broke", async () => {
    const intercept: Intercept = (request, response, seen) => {
      const isFirst = isForContent(request) && request.headers.range === undefined && seen === 0;
      if (isFirst) sendHalfAndBreak(response);
      return isFirst;
    };
    const { hub, settings } = await setUp({ intercept });
    expect(await (await openDataset(spec, settings)).count("test")).toBe(30_000);
    const resumed = /bytes=(\d+)-/.exec(hub.log.at(-1)!)?.[1];
    expect(Number(resumed)).toBeGreaterThan(0);
  });

  it("takes a broken body up even from a server that ignores ranges", async () => {
    const intercept: Intercept = (request, response) => {
      if (!isForContent(request)) return false;
      if (request.headers.range === undefined) sendHalfAndBreak(response);
      else response.writeHead(200, { "content-length": content.length }).end(content);
      return true;
    };
    const { settings } = await setUp({ intercept });
    expect(await (await openDataset(spec, settings)).count("test")).toBe(30_000);
  });

  it("keeps nothing of a body that breaks every time", async () => {
    const intercept: Intercept = (request, response) => {
      if (isForContent(request)) request.socket.destroy();
      else return false;
      return response.destroyed || true;
    };
    const { settings, cacheDir } = await setUp({ intercept });
    await expect(pull(spec, settings)).rejects.toMatchObject({ name: "HubError", retryable: true });
    expectNothingKept(cacheDir);
  });

  it.each([
    ["shorter", content.subarray(0, half)],
    ["longer", Buffer.concat([content, Buffer.from("{}\n")])],
  ])("refuses a body %s than announced", async (_what, body) => {
    const intercept: Intercept = (request, response) => {
      if (isForContent(request)) response.writeHead(200, { "content-length": body.length }).end(body);
      return isForContent(request);
    };
    const { settings, cacheDir } = await setUp({ intercept, more: { retryDelaysMs: [] } });
    await expect(pull(spec, settings)).rejects.toMatchObject({
      code: "DATA_SIZE_MISMATCH",
      details: { announced: content.length },
    });
    expectNothingKept(cacheDir);
  });

  it.each(["git", "large"] as const)("refuses other content of the right size (%s files)", async (storage) => {
    const other = Buffer.from(content);
    other[5] = 0x39;
    const intercept: Intercept = (request, response) => {
      if (isForContent(request)) response.writeHead(200, { "content-length": other.length }).end(other);
      return isForContent(request);
    };
    const { settings, cacheDir } = await setUp({ intercept, storage });
    await expect(pull(spec, settings)).rejects.toMatchObject({ code: "DATA_CHECKSUM_MISMATCH" });
    expectNothingKept(cacheDir);
  });

  it.each([
    ["before the headers", () => {}],
    [
      "in the middle of the body",
      (response: Parameters<Intercept>[1]) =>
        void response.writeHead(200, { "content-length": content.length }).write(content.subarray(0, half)),
    ],
  ])("gives up on a server that hangs %s", async (_when, begin) => {
    const intercept: Intercept = (request, response) => {
      if (isForContent(request)) begin(response);
      return isForContent(request);
    };
    const { settings, cacheDir } = await setUp({ intercept, more: { stallTimeoutMs: 200 } });
    await expect(pull(spec, settings)).rejects.toMatchObject({ code: "DATA_TIMEOUT" });
    expectNothingKept(cacheDir);
  });

  it("gives up on an answer about files that never ends", async () => {
    const intercept: Intercept = (request, response) => {
      const isQuestion = request.url!.includes("/paths-info/");
      if (isQuestion) response.writeHead(200, { "content-type": "application/json" }).write("[");
      return isQuestion;
    };
    const { settings } = await setUp({ intercept, more: { stallTimeoutMs: 200 } });
    await expect(pull(spec, settings)).rejects.toMatchObject({ code: "DATA_TIMEOUT" });
  });

  it("lets a slow server take longer in all than the limit for silence", async () => {
    const intercept: Intercept = async (request, response) => {
      if (!isForContent(request)) return false;
      response.writeHead(200, { "content-length": content.length });
      for (let at = 0; at < content.length; at += 6_000) {
        response.write(content.subarray(at, at + 6_000));
        await sleep(25);
      }
      response.end();
      return true;
    };
    const { settings } = await setUp({ intercept, more: { stallTimeoutMs: 1_000 } });
    expect(await (await openDataset(spec, settings)).count("test")).toBe(30_000);
  });

  it("stops when told to and keeps nothing", async () => {
    const stop = new AbortController();
    const intercept: Intercept = (request, response) => {
      if (!isForContent(request)) return false;
      response
        .writeHead(200, { "content-length": content.length })
        .write(content.subarray(0, half), () => stop.abort());
      return true;
    };
    const { settings, cacheDir } = await setUp({ intercept, more: { signal: stop.signal } });
    await expect(pull(spec, settings)).rejects.toMatchObject({ code: "DATA_INTERRUPTED" });
    expectNothingKept(cacheDir);
  });

  it("says that the Hub is out of reach", async () => {
    const { settings } = await setUp({ more: { endpoint: "http://127.0.0.1:9", retryDelaysMs: [] } });
    await expect(pull(spec, settings)).rejects.toMatchObject({
      code: "DATA_HUB_UNREACHABLE",
      fix: expect.stringContaining("HF_HUB_OFFLINE=1"),
    });
  });

  it("refuses an endpoint that is no address", async () => {
    const { settings } = await setUp({ more: { endpoint: "localhost:80" } });
    await expect(pull(spec, settings)).rejects.toMatchObject({ code: "DATA_ENDPOINT_INVALID" });
  });

  it("refuses HTML where JSON was due", async () => {
    const intercept: Intercept = (_request, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end("<html>Sign in to the guest network</html>");
      return true;
    };
    const { settings } = await setUp({ intercept });
    await expect(pull(spec, settings)).rejects.toMatchObject({ code: "DATA_HUB_ANSWER" });
  });

  it("stops the other downloads when one fails", async () => {
    const files = Object.fromEntries(["a", "b", "c", "d", "e", "f"].map((name) => [`${name}.jsonl`, content]));
    const intercept: Intercept = (request, response) => {
      const isBad = isForContent(request) && request.url!.includes("b.jsonl");
      if (isBad) response.writeHead(200, { "content-length": half }).end(content.subarray(0, half));
      else if (isForContent(request))
        response.writeHead(200, { "content-length": content.length }).write(content.subarray(0, half));
      return isForContent(request);
    };
    const { settings, cacheDir } = await setUp({ files, intercept, more: { retryDelaysMs: [] } });
    await expect(pull({ ...spec, splits: { test: Object.keys(files) } }, settings)).rejects.toMatchObject({
      code: "DATA_SIZE_MISMATCH",
    });
    expectNothingKept(cacheDir);
  });
});

describe("without a network", () => {
  it("names all that is missing and the command that fetches it", async () => {
    const { hub, settings } = await setUp({ more: { offline: true } });
    const wanted = { ...spec, splits: { test: "a.jsonl", train: ["b.jsonl", "c.jsonl"] } };
    await expect(pull(wanted, settings)).rejects.toMatchObject({
      code: "DATA_OFFLINE_MISSING",
      why: `Missing at ${commit}: a.jsonl, b.jsonl, c.jsonl.`,
      fix: "Once, with a network: HF_HUB_OFFLINE=0 assay data pull counting",
    });
    expect(hub.log).toEqual([]);
  });

  it("can't know the commit of a branch that was never fetched", async () => {
    const { settings } = await setUp({ more: { offline: true } });
    await expect(pull({ ...spec, revision: "main" }, settings)).rejects.toMatchObject({ code: "DATA_OFFLINE_MISSING" });
  });
});

describe("a cache that changed", () => {
  async function damage(cacheDir: string): Promise<string> {
    const pointer = join(cacheDir, "datasets--owner--set/snapshots", commit, "data/test.jsonl");
    writeFileSync(pointer, content.subarray(0, half));
    return pointer;
  }

  it("fetches a damaged file again", async () => {
    const { cacheDir, settings } = await setUp();
    await pull(spec, settings);
    const pointer = await damage(cacheDir);
    await pull(spec, settings);
    expect(readFileSync(pointer).equals(content)).toBe(true);
  });

  it("refuses a damaged file offline", async () => {
    const { cacheDir, settings } = await setUp();
    await pull(spec, settings);
    await damage(cacheDir);
    await expect(pull(spec, { ...settings, offline: true })).rejects.toMatchObject({
      code: "DATA_CACHE_DAMAGED",
      fix: expect.stringContaining("assay data pull counting"),
    });
  });

  it("says when the cache can't be written", async () => {
    const { cacheDir, settings } = await setUp();
    const inTheWay = join(cacheDir, "file");
    writeFileSync(inTheWay, "");
    await expect(pull(spec, { ...settings, cacheDir: join(inTheWay, "hub") })).rejects.toMatchObject({
      code: "DATA_CACHE_UNUSABLE",
    });
  });

  it("lists what is cached, links and folders followed", async () => {
    const { cacheDir, settings } = await setUp();
    expect(await listCached(join(cacheDir, "nowhere"))).toEqual([]);
    await pull(spec, settings);
    writeFileSync(join(cacheDir, "version.txt"), "1");
    expect(await listCached(cacheDir)).toEqual([
      {
        repo: "owner/set",
        revision: commit,
        files: [{ path: "data/test.jsonl", bytes: content.length }],
        bytes: content.length,
      },
    ]);
    expect(existsSync(join(cacheDir, "datasets--owner--set/refs"))).toBe(false);
  });
});

function sendHalfAndBreak(response: Parameters<Intercept>[1]): void {
  response.writeHead(200, { "content-length": content.length });
  response.write(content.subarray(0, half), async () => {
    // In steps, between which the client gets to read and keep what came.
    for (let step = 0; step < 20; step += 1) await sleep(5);
    response.destroy();
  });
}
