import type { DataFile, Row } from "../types.ts";
import { byteSource } from "./byte-source.ts";
import { readDelimited } from "./delimited.ts";
import { formatOf } from "./format-of.ts";
import { readJson } from "./json.ts";
import { readJsonLines } from "./json-lines.ts";
import { countParquet, readParquet } from "./parquet.ts";

/** What a task says about its files beyond their names. */
export interface ReadOptions {
  /** Names of the columns of a delimited file that has no header line. */
  columns?: readonly string[];
}

/** Streams a file's rows in batches, by the format its name states. @throws ContentError */
export function readRows(file: DataFile, options: ReadOptions = {}): AsyncIterable<Row[]> {
  const { layout, compression } = formatOf(file.path);
  switch (layout) {
    case "parquet":
      return readParquet(file);
    case "jsonl":
      return readJsonLines(file, byteSource(file, compression));
    case "json":
      return readJson(file, byteSource(file, compression));
    case "csv":
    case "tsv":
      return readDelimited(file, byteSource(file, compression), { layout, ...options });
  }
}

/** Number of rows where the format states it, else `null`. */
export async function statedRowCount(file: DataFile): Promise<number | null> {
  return formatOf(file.path).layout === "parquet" ? await countParquet(file) : null;
}
