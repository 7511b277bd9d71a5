import type { DatasetSpec } from "../contracts/index.ts";
import type { Connection } from "./hub/session.ts";
import { openHubDataset } from "./open-hub-dataset.ts";
import { openLocalDataset } from "./open-local-dataset.ts";
import { type Environment, type HubSettings, readHubSettings } from "./settings.ts";
import type { DatasetHandle, DatasetProvenance, DownloadProgress } from "./types.ts";

/** How to open a data set. Settings that are given go before those of the environment. */
export interface OpenOptions extends Partial<HubSettings> {
  /** Folder of the task file. @default the working directory */
  baseDir?: string;
  /** Splits to open, and so to download. @default all */
  splits?: readonly string[];
  /** Named in the command that error messages give. */
  taskId?: string;
  /** Called for every file that is downloaded, with 0 bytes first, and on every piece that arrives. */
  onProgress?: (progress: DownloadProgress) => void;
  /** @default process.env */
  environment?: Environment;
  /** @default the global fetch */
  fetch?: typeof fetch;
  signal?: AbortSignal;
  /** Milliseconds before each further attempt of a request that failed. @default [500, 1000, 2000, 4000] */
  retryDelaysMs?: readonly number[];
}

/**
 * Opens a task's data: finds or downloads every file of the chosen splits, and checks each one's hash before it is read.
 *
 * @throws HubError, CacheError, ContentError: see their codes
 * @example
 * const data = await openDataset({ repo: "openai/gsm8k", revision: sha, splits: { test: "main/test.parquet" } });
 * for await (const { index, row } of data.rows("test")) …
 */
export async function openDataset(spec: DatasetSpec, options: OpenOptions = {}): Promise<DatasetHandle> {
  if ("path" in spec) return await openLocalDataset(spec, { baseDir: options.baseDir ?? ".", splits: options.splits });
  return await openHubDataset(spec, {
    connection: connect(options),
    splits: options.splits,
    taskId: options.taskId,
    onProgress: options.onProgress ?? (() => {}),
  });
}

/** Brings a task's data onto this disk and says what it is. Same options and errors as {@link openDataset}. */
export async function pull(spec: DatasetSpec, options: OpenOptions = {}): Promise<DatasetProvenance> {
  return (await openDataset(spec, options)).provenance();
}

function connect(options: OpenOptions): Connection {
  const fromEnvironment = readHubSettings(options.environment ?? process.env);
  return {
    settings: {
      endpoint: options.endpoint?.replace(/\/+$/, "") ?? fromEnvironment.endpoint,
      token: options.token === undefined ? fromEnvironment.token : options.token,
      cacheDir: options.cacheDir ?? fromEnvironment.cacheDir,
      offline: options.offline ?? fromEnvironment.offline,
      stallTimeoutMs: options.stallTimeoutMs ?? fromEnvironment.stallTimeoutMs,
    },
    fetch: options.fetch ?? fetch,
    retryDelaysMs: options.retryDelaysMs ?? [500, 1_000, 2_000, 4_000],
    signal: options.signal,
  };
}
