import { createHash } from "node:crypto";
import { createReadStream, readdirSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { manifestPath } from "../data/store.ts";

/** What a publication did. */
export interface Published {
  /** Where readers find it, or the next thing to do. */
  where: string;
  changed: number;
  removed: number;
  unchanged: number;
}

/** A site's files, by path with slashes: what pages need, the pages, then the manifest, so that nothing names what isn't there yet. */
export function siteFiles(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .split(sep)
        .join("/"),
    );
  return paths.sort((a, b) => turn(a) - turn(b) || (a < b ? -1 : 1));
}

function turn(path: string): number {
  if (path === manifestPath) return 2;
  return path.endsWith(".html") ? 1 : 0;
}

/** Git's name for a file's content: SHA-1 over a header and the bytes. */
export async function gitBlobId(path: string): Promise<string> {
  const hash = createHash("sha1").update(`blob ${statSync(path).size}\0`);
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** SHA-256 of a file, as large-file storage names it. */
export async function contentId(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
