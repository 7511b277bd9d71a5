import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { discoverEngine } from "./engine/discover.ts";
import { type Job, openSandbox, sandboxStatus } from "./index.ts";
import { engineProblem } from "./testing/engine-for-tests.ts";
import { OwnEngine, ownEngineProblem } from "./testing/own-engine.ts";

const job = (seconds: number): Job => ({
  language: "python",
  code: `import time\ndef add(a, b):\n    time.sleep(${seconds})\n    return a + b\n`,
  tests: { kind: "asserts", asserts: ["assert add(2, 3) == 5"] },
  limits: { wallSeconds: 30 },
});

/** An image of one empty layer, as `docker save` would write it. */
function loadEmptyImage(name: string, architecture: string): void {
  const folder = mkdtempSync(join(tmpdir(), "assay-image-"));
  const layer = Buffer.alloc(10_240);
  const config = {
    architecture,
    os: "linux",
    config: {},
    rootfs: { type: "layers", diff_ids: [`sha256:${createHash("sha256").update(layer).digest("hex")}`] },
    history: [{ created_by: name }],
  };
  writeFileSync(join(folder, "layer.tar"), layer);
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  const manifest = [{ Config: "config.json", RepoTags: [name], Layers: ["layer.tar"] }];
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
  const archive = execFileSync("tar", ["-C", folder, "-c", "."]);
  execFileSync("docker", ["load"], { input: archive, stdio: "pipe" });
}

describe.skipIf(engineProblem !== undefined)("an engine with an image that cannot be used", () => {
  const names = { empty: "assay-test-empty:latest", foreign: "assay-test-foreign:latest" };
  beforeAll(async () => {
    const { architecture } = await discoverEngine();
    loadEmptyImage(names.empty, architecture);
    loadEmptyImage(names.foreign, architecture === "arm64" ? "amd64" : "arm64");
  });
  afterAll(() => {
    execFileSync("docker", ["rmi", "-f", names.empty, names.foreign], { stdio: "ignore" });
  });

  it("says which image is missing and how to build it", async () => {
    await expect(openSandbox({ image: "assay-test-no-such:latest" })).rejects.toThrow(
      /assay-test-no-such:latest is not on the engine[\s\S]*assay sandbox build/,
    );
    await expect(openSandbox({ image: "not an image name" })).rejects.toThrow("not an image name");
  });

  it("says that an image is for another architecture than the machine", async () => {
    await expect(openSandbox({ image: names.foreign })).rejects.toThrow(/is for \w+, the engine runs on \w+/);
  });

  it("says that a box does not start, and leaves no container", async () => {
    await expect(openSandbox({ image: names.empty })).rejects.toThrow(
      /A box of the image assay-test-empty:latest does not start[\s\S]*rebuild the image/,
    );
    const { docker } = await discoverEngine();
    const label = [`assay.sandbox.process=${process.pid}`];
    expect(await docker.listContainers({ all: true, filters: { label } })).toEqual([]);
  });
});

describe.skipIf(process.getuid?.() !== 0)("a socket that this user may not open", () => {
  it("is reported as a matter of permission, with the remedy", async () => {
    const folder = mkdtempSync(join(tmpdir(), "assay-socket-"));
    chmodSync(folder, 0o755);
    const path = join(folder, "docker.sock");
    const server = createServer().listen(path);
    await once(server, "listening");
    chmodSync(path, 0o600);
    process.seteuid?.(65_534);
    try {
      const { problems, usable } = await sandboxStatus({ environment: { DOCKER_HOST: `unix://${path}` } });
      expect(usable).toBe(false);
      expect(problems.join()).toContain("permission denied on the socket: add yourself to the group");
    } finally {
      process.seteuid?.(0);
      server.close();
    }
  });
});

describe.skipIf(engineProblem !== undefined || ownEngineProblem !== undefined)("an engine that is stopped", () => {
  const engine = new OwnEngine();
  beforeAll(async () => {
    await engine.start();
    engine.load("assay-sandbox:latest");
  }, 180_000);
  afterAll(() => engine.remove(), 60_000);

  it("leaves programs unscored while it is away, and judges again when it is back", { timeout: 120_000 }, async () => {
    const { environment } = engine;
    const sandbox = await openSandbox({ environment, boxes: 1, selfTest: false });
    try {
      expect(await sandbox.grade(job(0))).toMatchObject({ status: "passed" });
      const verdict = sandbox.grade(job(20));
      await delay(500);
      await engine.stop();
      expect(await verdict).toMatchObject({ status: "sandbox_error", retried: true });
      expect(await sandbox.grade(job(0))).toMatchObject({ status: "sandbox_error" });
      await engine.start();
      expect(await sandbox.grade(job(0))).toMatchObject({ status: "passed", retried: false });
    } finally {
      await sandbox.close();
    }
  });
});
