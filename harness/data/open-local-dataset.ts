import { readdir, stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { type LocalDatasetSpec, nearestName } from "../contracts/index.ts";
import { digestFile } from "./content-digest.ts";
import { ContentError } from "./errors/content-error.ts";
import { type CheckedFile, openHandle } from "./open-handle.ts";
import { pathsOf, selectSplits, uniquePaths } from "./select-splits.ts";
import type { DatasetHandle } from "./types.ts";

/** What a local data set is opened with. */
export interface LocalRequest {
  /** Folder of the task file, which paths are relative to. */
  baseDir: string;
  splits: readonly string[] | undefined;
}

/** Files beside a task. A bare path, or a list, is the split `test`. @throws ContentError */
export async function openLocalDataset(
  spec: LocalDatasetSpec,
  { baseDir, splits }: LocalRequest,
): Promise<DatasetHandle> {
  const isBare = typeof spec.path === "string" || Array.isArray(spec.path);
  const all = pathsOf(
    isBare ? { test: spec.path as string | string[] } : (spec.path as Record<string, string | string[]>),
  );
  const title = "the local data set";
  const wanted = selectSplits(title, all, splits);
  const files: CheckedFile[] = [];
  for (const path of uniquePaths(wanted)) files.push(await checkFile(resolve(baseDir, path), path));
  const origin = { source: "local", repo: null, revision: null, requestedRevision: null, config: null } as const;
  return await openHandle({ origin, splits: wanted, files, columns: spec.columns, title });
}

async function checkFile(location: string, path: string): Promise<CheckedFile> {
  const facts = await stat(location).catch(() => undefined);
  if (facts === undefined || !facts.isFile()) throw await missing(location, path);
  const { sha256, bytes } = await digestFile(location, facts.size);
  return { location, path, sha256, bytes };
}

async function missing(location: string, path: string): Promise<ContentError> {
  const neighbours = await readdir(dirname(location)).catch(() => undefined);
  const nearest = nearestName(basename(location), neighbours ?? []);
  const why =
    neighbours === undefined
      ? "Its folder doesn't exist."
      : nearest === undefined
        ? undefined
        : `Did you mean ${nearest}?`;
  return new ContentError({
    code: "DATA_LOCAL_MISSING",
    what: `There is no data file ${path}.`,
    ...(why === undefined ? {} : { why }),
    fix: "Paths are relative to the task file: correct the task's dataset.",
    details: { file: path, nearest: nearest ?? null },
  });
}
