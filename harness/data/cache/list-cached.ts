import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { readHubSettings } from "../settings.ts";

/** A data set in the cache at one commit. */
export interface CachedDataset {
  repo: string;
  revision: string;
  files: { path: string; bytes: number }[];
  /** Sum over the files; revisions that share content count it each. */
  bytes: number;
}

/**
 * Everything in the cache that tasks could read, in order of name and commit. Files that broke off aren't in it.
 *
 * @param cacheDir where the environment says, unless given
 */
export async function listCached(cacheDir: string = readHubSettings(process.env).cacheDir): Promise<CachedDataset[]> {
  const found: CachedDataset[] = [];
  for (const folder of await entries(cacheDir)) {
    const [, type, joined] = /^(datasets|spaces)--(.+)$/.exec(folder.name) ?? [];
    if (joined === undefined) continue;
    const repo = `${type === "spaces" ? "spaces/" : ""}${joined.replaceAll("--", "/")}`;
    const snapshots = join(cacheDir, folder.name, "snapshots");
    for (const { name: revision } of await entries(snapshots)) {
      const files = await filesIn(join(snapshots, revision));
      found.push({ repo, revision, files, bytes: files.reduce((sum, file) => sum + file.bytes, 0) });
    }
  }
  return found;
}

async function filesIn(snapshot: string): Promise<CachedDataset["files"]> {
  const files: CachedDataset["files"] = [];
  for (const entry of await readdir(snapshot, { recursive: true, withFileTypes: true }).catch(() => [] as Dirent[])) {
    const location = join(entry.parentPath, entry.name);
    const facts = entry.name.endsWith(".incomplete") ? undefined : await stat(location).catch(() => undefined);
    if (!facts?.isFile()) continue;
    files.push({ path: relative(snapshot, location).split(sep).join("/"), bytes: facts.size });
  }
  return files.sort(byName((file) => file.path));
}

async function entries(folder: string): Promise<Dirent[]> {
  const all = await readdir(folder, { withFileTypes: true }).catch(() => [] as Dirent[]);
  return all.filter((entry) => entry.isDirectory()).sort(byName((entry) => entry.name));
}

/** By code units, so that the order is the same on every machine. */
function byName<T>(nameOf: (value: T) => string): (left: T, right: T) => number {
  return (left, right) => (nameOf(left) < nameOf(right) ? -1 : Number(nameOf(left) > nameOf(right)));
}
