import type { Json, JsonObject } from "../contracts/index.ts";

/** One decoded row, safe to write as strict JSON. */
export type Row = JsonObject;

/** A value inside a {@link Row}. */
export type RowValue = Json;

/** A row and its place in the split, counted from 0 across all files of the split. */
export interface IndexedRow {
  index: number;
  row: Row;
  /** The file that it stands in, as in {@link FileProvenance.path}. */
  file: string;
}

/** What was read, exactly: enough for anybody to check that they hold the same bytes. */
export interface FileProvenance {
  /** As the task writes it: inside the repository, or relative to the task file. */
  path: string;
  /** Of the file as stored, before any decompression; lower-case hex. */
  sha256: string;
  bytes: number;
  /** Rows in the file; `null` until something has counted them (Parquet: known from the start). */
  rows: number | null;
}

/** Where a data set came from. Absent is `null`, never a guess. The endpoint is left out: a mirror serves the same commit. */
export interface DatasetProvenance {
  source: "hub" | "local";
  repo: string | null;
  /** Commit sha that was read; `null` for local files. */
  revision: string | null;
  /** What the task asked for: equal to `revision`, or a branch or tag that resolved to it. */
  requestedRevision: string | null;
  config: string | null;
  /** Split → paths, in reading order. */
  splits: Record<string, string[]>;
  files: FileProvenance[];
}

/** Bytes of one file that have arrived so far. */
export interface DownloadProgress {
  file: string;
  bytes: number;
  total: number;
}

/** A data set whose files are all on this disk and have been checked. */
export interface DatasetHandle {
  /** The splits that were opened. */
  readonly splits: readonly string[];
  /**
   * Streams a split. Memory does not grow with the number of rows.
   * @throws ContentError `DATA_SPLIT_UNKNOWN`, `DATA_SPLIT_EMPTY`, `DATA_MALFORMED`, `DATA_NOT_UTF8`
   */
  rows(split: string): AsyncIterable<IndexedRow>;
  /** Number of rows; from the footer for Parquet, by reading once for everything else. Same errors as {@link rows}. */
  count(split: string): Promise<number>;
  provenance(): DatasetProvenance;
}

/** A file on this disk and the name people know it by. */
export interface DataFile {
  /** Absolute. */
  location: string;
  /** As in {@link FileProvenance.path}; error messages use this one. */
  path: string;
}
