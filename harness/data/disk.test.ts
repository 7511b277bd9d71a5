import { spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { explainDiskError } from "./cache/explain-disk-error.ts";
import { CacheError } from "./errors/cache-error.ts";
import { pull } from "./index.ts";
import { commit, startLocalHub } from "./testing/local-hub.ts";

const mounted = mountSmallDisk();
afterAll(() => {
  if (mounted === undefined) return;
  spawnSync("/bin/umount", [mounted]);
  rmdirSync(mounted);
});

describe("a full disk", () => {
  it.skipIf(mounted === undefined)("is noticed before the download (needs the right to mount)", async () => {
    const content = Buffer.alloc(1_000_000, "{}\n");
    const hub = await startLocalHub({ files: { "a.jsonl": content } });
    const options = { environment: {}, endpoint: hub.endpoint, cacheDir: mounted!, taskId: "big" };
    await expect(
      pull({ repo: "owner/set", revision: commit, splits: { test: "a.jsonl" } }, options),
    ).rejects.toMatchObject({
      code: "DATA_DISK_FULL",
      why: expect.stringContaining("1000000 bytes are needed"),
      fix: expect.stringContaining("assay data pull big"),
    });
    expect(hub.log.some((line) => line.endsWith("a.jsonl"))).toBe(false);
  });

  it.skipIf(process.platform !== "linux")("is explained when it fills up on the way", async () => {
    const full = await open("/dev/full", "w");
    const error: unknown = await full.appendFile("x").catch((caught: unknown) => caught);
    await full.close();
    const explained = explainDiskError(error, "/cache", "assay data pull big");
    expect(explained).toBeInstanceOf(CacheError);
    expect(explained).toMatchObject({ code: "DATA_DISK_FULL", cause: { code: "ENOSPC" } });
  });

  it("leaves other errors as they are", () => {
    const error = new Error("something else");
    expect(explainDiskError(error, "/cache", "assay data pull big")).toBe(error);
  });
});

function mountSmallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "assay-disk-"));
  if (spawnSync("/bin/mount", ["-t", "tmpfs", "-o", "size=256k", "none", folder]).status === 0) return folder;
  rmdirSync(folder);
  return undefined;
}
