import { realpath, stat } from "node:fs/promises";
import { basename } from "node:path";
import { type ContentDigest, digestFile } from "../content-digest.ts";

/** A file found in the cache. */
export interface CachedFile {
  location: string;
  digest: ContentDigest;
  /** Does the content still hash to what its blob is named after? */
  isIntact: boolean;
}

/** Looks a file up and reads it through once. @returns `undefined` when it isn't there */
export async function findCached(pointer: string): Promise<CachedFile | undefined> {
  let blob: string;
  try {
    blob = await realpath(pointer);
  } catch {
    return undefined;
  }
  const { size } = await stat(blob);
  const digest = await digestFile(blob, size);
  return { location: blob, digest, isIntact: matchesName(basename(blob), digest) };
}

function matchesName(name: string, digest: ContentDigest): boolean {
  if (/^[0-9a-f]{64}$/.test(name)) return name === digest.sha256;
  if (/^[0-9a-f]{40}$/.test(name)) return name === digest.gitSha1;
  // A copy instead of a link has no hash in its name.
  return true;
}
