import { join } from "node:path";
import type { Repository } from "../hub/repository.ts";

/**
 * Where the Python client keeps things, so that both share one copy: content in `blobs/`, named after its hash, and a tree
 * of links for each commit in `snapshots/`.
 *
 * @see https://huggingface.co/docs/huggingface_hub/guides/manage-cache
 */
export interface RepositoryFolder {
  blobs: string;
  pointer(commit: string, path: string): string;
  ref(revision: string): string;
}

/** See {@link RepositoryFolder}. */
export function repositoryFolder(cacheDir: string, { type, name }: Repository): RepositoryFolder {
  const folder = join(cacheDir, [`${type}s`, ...name.split("/")].join("--"));
  return {
    blobs: join(folder, "blobs"),
    pointer: (commit, path) => join(folder, "snapshots", commit, ...path.split("/")),
    ref: (revision) => join(folder, "refs", ...revision.split("/")),
  };
}
