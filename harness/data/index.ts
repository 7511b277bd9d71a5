export { type CachedDataset, listCached } from "./cache/list-cached.ts";
export { CacheError } from "./errors/cache-error.ts";
export { ContentError, type ContentErrorCode } from "./errors/content-error.ts";
export { HubError, type HubErrorCode } from "./errors/hub-error.ts";
export { itemsHash } from "./items-hash.ts";
export { type OpenOptions, openDataset, pull } from "./open-dataset.ts";
export { type Environment, type HubSettings, readHubSettings } from "./settings.ts";
export type { DatasetHandle, DatasetProvenance, DownloadProgress, FileProvenance, IndexedRow, Row } from "./types.ts";
