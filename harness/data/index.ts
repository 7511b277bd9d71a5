export { listCached } from "./cache/list-cached.ts";
export { type CorpusFile, findCorpusFiles } from "./corpus/find-corpus-files.ts";
export { openDocuments } from "./corpus/open-documents.ts";
export { itemsHash } from "./items-hash.ts";
export { type OpenOptions, openDataset, pull } from "./open-dataset.ts";
export { readHubSettings } from "./settings.ts";
export type { DatasetHandle, DownloadProgress } from "./types.ts";
