import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { InputError } from "@assay/harness/contracts";
import { manifestPath } from "../data/store.ts";
import { contentId, type Published, siteFiles } from "./site-tree.ts";

/**
 * Brings a folder that a web server shows up to date: new files first, the manifest after them, then what is gone is removed.
 * Each file appears whole.
 *
 * @throws InputError `PUBLISH_OCCUPIED` where the folder holds something else than a site of ours
 */
export async function publishToFolder(out: string, target: string): Promise<Published> {
  const folder = resolve(target);
  if (existsSync(folder) && readdirSync(folder).length > 0 && !existsSync(join(folder, manifestPath))) {
    throw new InputError({
      code: "PUBLISH_OCCUPIED",
      what: `${target} holds files that aren't a site of ours.`,
      why: "Files that the new site doesn't have are removed.",
      fix: "Name an empty or new folder, or one that holds an earlier site.",
    });
  }
  const before = existsSync(folder) ? new Set(siteFiles(folder)) : new Set<string>();
  const files = siteFiles(resolve(out));
  let changed = 0;
  for (const file of files) {
    const [from, to] = [join(resolve(out), file), join(folder, file)];
    if (before.has(file) && (await contentId(from)) === (await contentId(to))) continue;
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(from, `${to}.part`);
    renameSync(`${to}.part`, to);
    changed += 1;
  }
  const kept = new Set(files);
  const gone = [...before].filter((file) => !kept.has(file));
  for (const file of gone) rmSync(join(folder, file));
  return { where: target, changed, removed: gone.length, unchanged: files.length - changed };
}
