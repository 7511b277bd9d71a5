import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, vi } from "vitest";
import { bundledTasks, type Flag, type Resolved, resolve } from "../../task/index.ts";

const shared = process.env.ASSAY_SHARED ?? join(import.meta.dirname, "../../../../shared");
const serverScript = join(shared, "tools/hub-server.mjs");
const isRequired = (process.env.ASSAY_REQUIRE ?? "").split(/[\s,]+/).includes("hub");

/** Is there no mirror of the Hub on this machine? */
export const isMirrorAbsent = !existsSync(serverScript);

/** Tests over published data: the Hub is a mirror beside the repository. Skipped where it is absent, failing where `ASSAY_REQUIRE` names it. */
export function describeOverMirror(name: string, body: () => void): void {
  describe.skipIf(isMirrorAbsent && !isRequired)(`${name} (needs the mirror)`, () => {
    let server: ChildProcess | undefined;
    beforeAll(async () => {
      if (isMirrorAbsent) throw new Error("ASSAY_REQUIRE asks for the mirror, and it isn't there; set ASSAY_SHARED.");
      server = spawn(process.execPath, [serverScript], { stdio: ["ignore", "pipe", "inherit"] });
      const [endpoint] = (await once(createInterface({ input: server.stdout! }), "line")) as [string];
      vi.stubEnv("HF_ENDPOINT", endpoint);
      vi.stubEnv("HF_HOME", mkdtempSync(join(tmpdir(), "assay-mirror-")));
      vi.stubEnv("HF_TOKEN", undefined);
    });
    afterAll(() => {
      server?.kill();
      vi.unstubAllEnvs();
    });
    body();
  });
}

/** Of some data sets the mirror has a part of the files only. */
function isInMirror(repo: string, path: string): boolean {
  return existsSync(join(shared, "hub/datasets", repo, path));
}

/** A bundled protocol over those files of its task that the mirror holds; `rows`: what the task expects of the evaluated ones. */
export function resolvePresent(
  reference: string,
  flags: Flag[] = [],
): { resolved: Resolved; isWhole: boolean; rows: number } {
  const resolved = resolve(reference, { roots: [bundledTasks], flags });
  const { task, protocol } = resolved;
  const { dataset, expected } = task;
  if (!("repo" in dataset)) throw new Error(`${task.id} isn't on the Hub`);
  const all = Object.entries(dataset.splits ?? {});
  const present = (paths: string | string[]) => [paths].flat().filter((path) => isInMirror(dataset.repo, path));
  const splits = Object.fromEntries(all.map(([split, paths]) => [split, present(paths)]));
  const evaluated = protocol.evaluate ?? task.evaluate;
  const isWhole = splits[evaluated]?.length === [dataset.splits?.[evaluated] ?? []].flat().length;
  const parts = all.filter(([split, path]) => split !== evaluated && splits[evaluated]?.includes(String(path)));
  const rows = isWhole
    ? (expected?.rows?.[evaluated] ?? 0)
    : parts.reduce((sum, [split]) => sum + (expected?.rows?.[split] ?? 0), 0);
  const pinned = isWhole ? expected : undefined;
  return {
    resolved: { ...resolved, task: { ...task, dataset: { ...dataset, splits }, expected: pinned } },
    isWhole,
    rows,
  };
}

/** Are there the rows that a protocol evaluates and draws its shots from? */
export function canBeAsked(reference: string): boolean {
  const { task, protocol } = resolve(reference, { roots: [bundledTasks] });
  const { dataset } = task;
  if (protocol.method === "perplexity" || !("repo" in dataset)) return false;
  const needed = [
    protocol.evaluate ?? task.evaluate,
    ...(protocol.shots.count > 0 ? [protocol.shots.split ?? ""] : []),
  ];
  const files = needed.map((split) => [dataset.splits?.[split] ?? []].flat());
  return files.every((paths) => paths.length === 0 || paths.some((path) => isInMirror(dataset.repo, path)));
}
