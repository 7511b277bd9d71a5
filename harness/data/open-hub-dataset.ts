import { readFile } from "node:fs/promises";
import type { HubDatasetSpec } from "../contracts/index.ts";
import { explainDiskError } from "./cache/explain-disk-error.ts";
import { type CachedFile, findCached } from "./cache/find-cached.ts";
import { repositoryFolder } from "./cache/layout.ts";
import { writeRef } from "./cache/publish.ts";
import { CacheError } from "./errors/cache-error.ts";
import { ContentError } from "./errors/content-error.ts";
import { HubError } from "./errors/hub-error.ts";
import { announceFiles } from "./hub/announce-files.ts";
import { downloadToCache } from "./hub/download-file.ts";
import { conversionBranch, findSplits } from "./hub/find-splits.ts";
import type { SplitFiles } from "./hub/name-splits.ts";
import { checkRepositoryPath, checkRevision, isCommit, parseRepository } from "./hub/repository.ts";
import { resolveRevision } from "./hub/resolve-revision.ts";
import type { Connection } from "./hub/session.ts";
import { displayName, pullCommandOf, type Subject } from "./hub/subject.ts";
import { type CheckedFile, openHandle } from "./open-handle.ts";
import { pathsOf, selectSplits, uniquePaths } from "./select-splits.ts";
import type { DatasetHandle, DownloadProgress } from "./types.ts";

/** What a Hub data set is opened with. */
export interface HubRequest {
  connection: Connection;
  splits: readonly string[] | undefined;
  taskId: string | undefined;
  onProgress: (progress: DownloadProgress) => void;
}

const parallelDownloads = 4;

/** Files of a repository at a commit: from the cache where they are whole, else downloaded. @throws HubError, CacheError, ContentError */
export async function openHubDataset(spec: HubDatasetSpec, request: HubRequest): Promise<DatasetHandle> {
  const repository = parseRepository(spec.repo);
  checkRevision(spec.revision);
  const title = displayName(repository);
  const written = spec.splits === undefined ? undefined : wanted(title, pathsOf(spec.splits), request.splits);
  const subject: Subject = { repository, revision: spec.revision, pullCommand: pullCommandOf(request.taskId) };
  const commit = await commitOf(request.connection, subject);
  const found = written === undefined ? await discover(request, { ...subject, revision: commit }, spec) : undefined;
  const revision = found?.commit ?? commit;
  const splits = written ?? wanted(title, found?.splits ?? {}, request.splits);
  const paths = uniquePaths(splits);
  const files = await provide(request, { ...subject, revision }, paths);
  const origin = {
    source: "hub",
    repo: title,
    revision,
    requestedRevision: spec.revision,
    config: spec.config ?? null,
  } as const;
  return await openHandle({ origin, splits, files, columns: spec.columns, title });
}

/** The splits to open, every path of theirs safe: all before anything is fetched. */
function wanted(title: string, all: Record<string, string[]>, names: readonly string[] | undefined): SplitFiles {
  const splits = selectSplits(title, all, names);
  uniquePaths(splits).forEach(checkRepositoryPath);
  return splits;
}

/** Splits that the task leaves to the Hub's conventions; of a data set made by a script, the Hub's own conversion. */
async function discover(
  { connection }: HubRequest,
  subject: Subject,
  { config }: HubDatasetSpec,
): Promise<{ splits: SplitFiles; commit: string }> {
  const splits = await findSplits(connection, subject, config);
  if (splits) return { splits, commit: subject.revision };
  const commit = await commitOf(connection, { ...subject, revision: conversionBranch });
  const converted = await findSplits(connection, { ...subject, revision: commit }, config);
  if (converted) return { splits: converted, commit };
  throw new ContentError({
    code: "DATA_NEEDS_SCRIPT",
    what: `${displayName(subject.repository)} is made by a Python script, and the Hub keeps no conversion of it.`,
    fix: "Write `splits` in the task's dataset: split → file, or use another copy of the data.",
  });
}

async function commitOf(connection: Connection, subject: Subject): Promise<string> {
  if (isCommit(subject.revision)) return subject.revision;
  const { cacheDir, offline } = connection.settings;
  const ref = repositoryFolder(cacheDir, subject.repository).ref(subject.revision);
  if (offline) {
    const commit = (await readFile(ref, "utf8").catch(() => "")).trim();
    if (isCommit(commit)) return commit;
    throw offlineMissing(subject, [`the commit of ${subject.revision}`]);
  }
  const commit = await resolveRevision(connection, subject);
  await writeRef(ref, commit).catch((error: unknown) => {
    throw explainDiskError(error, cacheDir, subject.pullCommand);
  });
  return commit;
}

async function provide(request: HubRequest, subject: Subject, paths: string[]): Promise<CheckedFile[]> {
  const { settings } = request.connection;
  const folder = repositoryFolder(settings.cacheDir, subject.repository);
  const found = new Map<string, CheckedFile>();
  const missing: string[] = [];
  for (const path of paths) {
    const cached = await findCached(folder.pointer(subject.revision, path));
    if (cached?.isIntact) found.set(path, toChecked(path, cached));
    else if (cached !== undefined && settings.offline) throw damaged(subject, path, cached.location);
    else missing.push(path);
  }
  if (missing.length > 0) {
    if (settings.offline) throw offlineMissing(subject, missing);
    for (const file of await download(request, subject, missing)) found.set(file.path, file);
  }
  return paths.map((path) => found.get(path)!);
}

async function download(request: HubRequest, subject: Subject, paths: string[]): Promise<CheckedFile[]> {
  const { connection, onProgress } = request;
  const waiting = (await announceFiles(connection, subject, paths)).values();
  const files: CheckedFile[] = [];
  const stop = new AbortController();
  const signal = connection.signal === undefined ? stop.signal : AbortSignal.any([connection.signal, stop.signal]);
  async function work(): Promise<void> {
    // Workers share one iterator, so each takes the next file when it is free.
    for (const announced of waiting) {
      const { path, bytes: total } = announced;
      const onBytes = (bytes: number) => onProgress({ file: path, bytes, total });
      onBytes(0);
      const file = await downloadToCache({ ...connection, signal }, { ...subject, path }, { announced, onBytes });
      files.push(toChecked(path, file));
    }
  }
  const failures: unknown[] = [];
  const workers = Array.from({ length: parallelDownloads }, () =>
    work().catch((error: unknown) => {
      failures.push(error);
      stop.abort();
    }),
  );
  await Promise.all(workers);
  if (failures.length > 0) throw failures[0];
  return files;
}

function toChecked(path: string, { location, digest }: Pick<CachedFile, "digest" | "location">): CheckedFile {
  return { path, location, sha256: digest.sha256, bytes: digest.bytes };
}

function offlineMissing(subject: Subject, missing: string[]): HubError {
  const name = displayName(subject.repository);
  return new HubError({
    code: "DATA_OFFLINE_MISSING",
    what: `${name} is not complete in the cache, and HF_HUB_OFFLINE forbids to fetch it.`,
    why: `Missing at ${subject.revision}: ${missing.join(", ")}.`,
    fix: `Once, with a network: HF_HUB_OFFLINE=0 ${subject.pullCommand}`,
    details: { repo: name, revision: subject.revision, missing },
  });
}

function damaged(subject: Subject, path: string, location: string): CacheError {
  return new CacheError({
    code: "DATA_CACHE_DAMAGED",
    what: `${path} of ${displayName(subject.repository)} has changed in the cache: its content doesn't match its hash.`,
    fix: `Fetch it again: HF_HUB_OFFLINE=0 ${subject.pullCommand}`,
    details: { file: path, location },
  });
}
