import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { DataStore } from "../data/store.ts";
import { publishSite } from "./publish-site.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "assay-publish-test-"));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A site as a build leaves it: pages, a data file, and a manifest that fits. */
function writeSite(scores: number[]): string {
  const folder = scratch();
  const store = new DataStore(folder);
  store.json("scores", "scores", scores);
  mkdirSync(join(folder, "_astro"));
  writeFileSync(join(folder, "_astro", "style.css"), "body { margin: 0 }");
  writeFileSync(join(folder, "index.html"), `<h1>${scores.join()}</h1>`);
  store.close(store.manifest("test"));
  return folder;
}

const hub = { endpoint: "http://127.0.0.1:9", token: "hf_secret" };
const files = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

test("a folder becomes the site; the second time only what differs is written, and what is gone is removed", async () => {
  const target = join(scratch(), "public");
  const first = writeSite([1]);
  expect(await publishSite({ out: first, to: "dir", target, hub })).toMatchObject({
    changed: 4,
    removed: 0,
    unchanged: 0,
  });
  const second = writeSite([2]);
  expect(await publishSite({ out: second, to: "dir", target, hub })).toMatchObject({
    changed: 3,
    removed: 1,
    unchanged: 1,
  });
  expect(files(target)).toEqual(files(second));
  expect(readFileSync(join(target, "index.html"), "utf8")).toBe("<h1>2</h1>");
});

test("a folder that holds something else is left alone", async () => {
  const target = scratch();
  writeFileSync(join(target, "thesis.txt"), "years of work");
  await expect(publishSite({ out: writeSite([1]), to: "dir", target, hub })).rejects.toMatchObject({
    code: "PUBLISH_OCCUPIED",
  });
  expect(files(target)).toEqual(["thesis.txt"]);
});

test("an unsound site goes nowhere", async () => {
  const [out, target] = [writeSite([1]), join(scratch(), "public")];
  const data = files(out).find((file) => file.startsWith("d/")) ?? "";
  writeFileSync(join(out, data), "[99]");
  await expect(publishSite({ out, to: "dir", target, hub })).rejects.toMatchObject({ code: "SITE_UNSOUND" });
  expect(existsSync(target)).toBe(false);
});

test("the branch gh-pages gets a commit, and the work tree, index and current branch stay as they are", async () => {
  const repository = scratch();
  const git = (...args: string[]) => execFileSync("git", ["-C", repository, ...args], { encoding: "utf8" }).trim();
  git("init", "-q", "-b", "main");
  git("config", "user.name", "Test");
  git("config", "user.email", "test@example.org");
  writeFileSync(join(repository, "code.txt"), "code");
  git("add", "code.txt");
  const publish = (out: string) => publishSite({ out, to: "github-pages", target: repository, hub });
  const first = writeSite([1]);
  expect(await publish(first)).toMatchObject({ changed: 5, removed: 0 });
  expect(git("ls-tree", "-r", "--name-only", "gh-pages").split("\n").sort()).toEqual(
    [".nojekyll", ...files(first)].sort(),
  );
  expect(await publish(first)).toMatchObject({ changed: 0, removed: 0, unchanged: 5 });
  expect(git("rev-list", "--count", "gh-pages")).toBe("1");
  expect(await publish(writeSite([2]))).toMatchObject({ changed: 3, removed: 1, unchanged: 2 });
  expect(git("show", "gh-pages:index.html")).toBe("<h1>2</h1>");
  expect(git("status", "--porcelain")).toBe("A  code.txt");
  expect(git("symbolic-ref", "HEAD")).toBe("refs/heads/main");
});

test("a folder that is no repository is explained", async () => {
  const publication = { out: writeSite([1]), to: "github-pages", target: scratch(), hub } as const;
  await expect(publishSite(publication)).rejects.toMatchObject({ code: "PUBLISH_GIT" });
});

/** A Space on loopback: lists, creates and commits, keeping its files in memory. */
async function startSpaceHub(options: { exists: boolean; refuse?: number }) {
  const space = new Map<string, Buffer>();
  const seen: string[] = [];
  let { exists } = options;
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const path = new URL(request.url ?? "/", "http://hub").pathname;
    seen.push(`${request.method} ${path}`);
    const send = (status: number, value: unknown) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (request.headers.authorization !== "Bearer hf_secret" || options.refuse !== undefined)
      return send(options.refuse ?? 401, { error: "token hf_secret may not write here" });
    if (path === "/api/repos/create") {
      exists = true;
      return send(200, { url: "http://hub/spaces/me/board" });
    }
    if (!exists) return send(404, { error: "not found" });
    if (path.startsWith("/api/spaces/me/board/tree/main")) {
      return send(
        200,
        [...space].map(([name, content]) => ({ type: "file", path: name, size: content.length, oid: blobId(content) })),
      );
    }
    if (path.endsWith("/preupload/main")) {
      const { files: asked } = JSON.parse(body) as { files: { path: string }[] };
      return send(200, { files: asked.map((file) => ({ path: file.path, uploadMode: "regular" })) });
    }
    for (const line of body.split("\n").filter(Boolean)) {
      const { key, value } = JSON.parse(line) as { key: string; value: { path: string; content: string } };
      if (key === "file") space.set(value.path, Buffer.from(value.content, "base64"));
      if (key === "deletedFile") space.delete(value.path);
    }
    return send(200, { success: true, commitOid: "0".repeat(40), commitUrl: "http://hub/c", hookOutput: "" });
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, space, seen };
}

function blobId(content: Buffer): string {
  return createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
}

test("a Space is created where there is none, then gets only what differs", async () => {
  const { endpoint, space, seen } = await startSpaceHub({ exists: false });
  const publish = (out: string) =>
    publishSite({ out, to: "hf-space", target: "me/board", hub: { endpoint, token: "hf_secret" } });
  const first = writeSite([1]);
  expect(await publish(first)).toMatchObject({ where: `${endpoint}/spaces/me/board`, changed: 4, removed: 0 });
  expect([...space.keys()].sort()).toEqual(files(first));
  expect(seen).toContain("POST /api/repos/create");
  space.set("README.md", Buffer.from("kept"));
  expect(await publish(writeSite([2]))).toMatchObject({ changed: 3, removed: 1, unchanged: 1 });
  expect(space.get("index.html")?.toString()).toBe("<h1>2</h1>");
  expect(space.has("README.md")).toBe(true);
  const before = seen.length;
  expect(await publish(writeSite([2]))).toMatchObject({ changed: 0, removed: 0, unchanged: 4 });
  expect(seen.slice(before).filter((line) => line.includes("commit"))).toEqual([]);
});

test("without a token, or with one that may not write, the Space is left alone and the token is told to nobody", async () => {
  const { endpoint } = await startSpaceHub({ exists: true, refuse: 403 });
  const publication = { out: writeSite([1]), to: "hf-space", target: "me/board" } as const;
  await expect(publishSite({ ...publication, hub: { endpoint, token: null } })).rejects.toMatchObject({
    code: "PUBLISH_TOKEN",
  });
  const error = await publishSite({ ...publication, hub: { endpoint, token: "hf_secret" } }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ code: "PUBLISH_HUB" });
  expect(String(error)).toContain("403");
  expect(String(error)).not.toContain("hf_secret");
});
