import { mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * Makes a folder, and those above it, where they aren't there. Node's own recursive `mkdir` never comes back where a folder
 * exists and can still take no other (`/proc`).
 *
 * @throws the system's error, e.g. ENOTDIR, EACCES, ENOENT
 */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  let folder = resolve(path);
  while (!statSync(folder, { throwIfNoEntry: false })) {
    missing.unshift(folder);
    folder = dirname(folder);
  }
  for (const one of missing) makeOne(one);
  // What stands there may be a file.
  if (!statSync(path).isDirectory()) mkdirSync(path);
}

function makeOne(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have been quicker.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
