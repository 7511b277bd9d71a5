export { listCached } from "./cache/list-cached.ts";
export { itemsHash } from "./items-hash.ts";
export { type OpenOptions, openDataset, pull } from "./open-dataset.ts";
export { readHubSettings } from "./settings.ts";
export type { DatasetHandle, DownloadProgress } from "./types.ts";
