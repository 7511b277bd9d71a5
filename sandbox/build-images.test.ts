import { once } from "node:events";
import { mkdtempSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildImages } from "./build-images.ts";

/** An engine that takes builds and remembers how it was asked; every image it is asked for is there. */
const asked: { url: string; bytes: number }[] = [];
const path = join(mkdtempSync(join(tmpdir(), "assay-build-")), "docker.sock");
const environment = { DOCKER_HOST: path };
const image = { Id: "sha256:1", Architecture: "amd64", Config: {}, Size: 1 };
const answers: [string, object][] = [
  ["/version", { Arch: "amd64" }],
  ["/info", {}],
  ["/json", image],
];
const server = createServer(async (request, response) => {
  const url = request.url ?? "";
  let bytes = 0;
  for await (const chunk of request) bytes += (chunk as Buffer).length;
  if (url.includes("/build?")) {
    asked.push({ url, bytes });
    response.end(`${JSON.stringify(asked.length === 2 ? { error: "no such host" } : { stream: "Step 1\n" })}\n`);
    return;
  }
  response.end(JSON.stringify(answers.find(([end]) => url.endsWith(end))?.[1] ?? {}));
});

beforeAll(async () => {
  await once(server.listen(path), "listening");
});
afterAll(() => server.close());

describe("an image from a registry", () => {
  it("is built of the recipe's pinned base images, with the packages of a language", async () => {
    const lines: string[] = [];
    const built = await buildImages({
      from: "registry",
      language: "cpp",
      environment,
      onLine: (line) => lines.push(line),
    });
    expect(built).toMatchObject({ name: "assay-sandbox-cpp:latest", id: "sha256:1" });
    expect(lines).toEqual(["Step 1"]);
    const query = new URL(asked[0]?.url ?? "", "http://engine").searchParams;
    expect(query.get("t")).toBe("assay-sandbox-cpp:latest");
    expect(JSON.parse(query.get("buildargs") ?? "")).toEqual({ PACKAGES: "g++" });
    expect(asked[0]?.bytes).toBeGreaterThan(1000);
  });

  it("is not there when the engine's build says an error", async () => {
    await expect(buildImages({ from: "registry", environment })).rejects.toThrow("no such host");
  });

  it("is refused with a base image that is not pinned by its digest", async () => {
    const before = asked.length;
    const pythonImage = "python:3.13-slim";
    await expect(buildImages({ from: "registry", pythonImage, environment })).rejects.toThrow(
      'The base image "python:3.13-slim" is not pinned',
    );
    expect(asked).toHaveLength(before);
  });

  it("names its own bases by digest", () => {
    const recipe = readFileSync(new URL("./images/python/Dockerfile", import.meta.url), "utf8");
    const bases = recipe.match(/^ARG \w+_IMAGE=.*$/gm) ?? [];
    expect(bases).toHaveLength(2);
    for (const base of bases) expect(base).toMatch(/^ARG \w+_IMAGE=[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}$/);
    expect(recipe.match(/^FROM \$\{(NODE|PYTHON)_IMAGE\}/gm)).toHaveLength(2);
    expect(recipe.match(/^FROM /gm)).toHaveLength(2);
  });
});
