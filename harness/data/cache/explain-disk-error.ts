import { CacheError } from "../errors/cache-error.ts";

const unusable = new Set([
  "EACCES",
  "EPERM",
  "EROFS",
  "ENOTDIR",
  "EEXIST",
  "EISDIR",
  "ELOOP",
  "ENOENT",
  "ENAMETOOLONG",
]);

/** A failed write into the cache, explained; anything else comes back as it is. */
export function explainDiskError(error: unknown, cacheDir: string, pullCommand: string): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOSPC" || code === "EDQUOT") return diskFull({ cacheDir, pullCommand, cause: error });
  if (!unusable.has(code)) return error;
  return new CacheError({
    code: "DATA_CACHE_UNUSABLE",
    what: `The cache at ${cacheDir} can't be written (${code}).`,
    fix: `Correct its permissions, or set HF_HUB_CACHE to another folder, then: ${pullCommand}`,
    details: { cacheDir, errno: code },
    cause: error,
  });
}

/** The error for a disk without room. */
export function diskFull(facts: {
  cacheDir: string;
  pullCommand: string;
  needed?: number;
  free?: number;
  cause?: unknown;
}): CacheError {
  const { cacheDir, pullCommand, needed, free, cause } = facts;
  const why = needed === undefined ? undefined : `${needed} bytes are needed and ${free ?? 0} are free.`;
  return new CacheError({
    code: "DATA_DISK_FULL",
    what: `The disk that holds ${cacheDir} is full.`,
    ...(why === undefined ? {} : { why }),
    fix: `Make room, or set HF_HUB_CACHE to a folder on another disk, then: ${pullCommand}`,
    details: { cacheDir, needed: needed ?? null, free: free ?? null },
    cause,
  });
}
