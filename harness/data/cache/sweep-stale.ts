import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

const dayMs = 24 * 60 * 60 * 1000;

/** Removes what killed downloads of ours left behind. Younger files may belong to a process that still writes them. */
export async function sweepStale(blobs: string, now: number = Date.now()): Promise<void> {
  const names = await readdir(blobs).catch(() => []);
  for (const name of names) {
    if (!/^\d+-[0-9a-f]{8}\.incomplete$/.test(name)) continue;
    const location = join(blobs, name);
    const facts = await stat(location).catch(() => undefined);
    if (facts !== undefined && now - facts.mtimeMs > dayMs) await rm(location, { force: true });
  }
}
