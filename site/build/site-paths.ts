import { readdirSync } from "node:fs";
import type { ReadSite } from "../data/earlier-snapshots.ts";
import type { Manifest } from "../data/manifest-schemas.ts";
import { pathOf } from "./check/path-of.ts";
import { readPage } from "./check/read-page.ts";

/** Requests side by side. */
const atOnce = 8;

/** Every file of a site in a folder. */
export function folderPaths(folder: string): Set<string> {
  return new Set(readdirSync(folder, { recursive: true }).map((name) => String(name).replaceAll("\\", "/")));
}

/** What of a published site can be reached: its data files, and everything that its pages lead to. */
export async function publishedPaths(read: ReadSite, manifest: Manifest, base: string): Promise<Set<string>> {
  const found = new Set(manifest.files.filter((file) => !file.external).map((file) => file.path));
  const seen = new Set(["index.html", "404.html"]);
  const queue = [...seen];
  const visit = async (path: string) => {
    const bytes = await read(path);
    if (bytes === null) return;
    found.add(path);
    if (!path.endsWith(".html")) return;
    for (const link of readPage(Buffer.from(bytes).toString("utf8")).links) {
      const target = pathOf(link, base);
      if (target === null || seen.has(target) || found.has(target)) continue;
      seen.add(target);
      queue.push(target);
    }
  };
  const work = async () => {
    for (let path = queue.shift(); path !== undefined; path = queue.shift()) await visit(path);
  };
  // Workers that find the queue empty while another is about to fill it have to come back.
  while (queue.length > 0) await Promise.all(Array.from({ length: atOnce }, work));
  return found;
}
