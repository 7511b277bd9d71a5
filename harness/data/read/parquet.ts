import { type FileHandle, open } from "node:fs/promises";
import { type FileMetaData, parquetMetadataAsync, parquetReadObjects, type RowGroup } from "hyparquet";
import { AssayError } from "../../contracts/index.ts";
import type { DataFile, Row } from "../types.ts";
import { createFileBuffer } from "./file-buffer.ts";
import { malformed } from "./malformed.ts";
import { compressors } from "./parquet-compressors.ts";
import { createPageCheck, type PageCheck } from "./parquet-pages.ts";
import { parsers, toJson } from "./parquet-values.ts";

/** Rows decoded at once from a row group that allows reading in parts. */
const windowSize = 16_384;

/** Number of rows, from the footer. @throws ContentError `DATA_MALFORMED` */
export async function countParquet(file: DataFile): Promise<number> {
  await using opened = await openParquet(file);
  const rows = Number(opened.metadata.num_rows);
  if (Number.isSafeInteger(rows) && rows >= 0) return rows;
  throw explain(file, new Error("its footer doesn't say how many rows it has"));
}

/**
 * Parquet, a row group at a time or less, so memory is bounded by the largest row group. Only columns of lists in a group
 * without a page index make it necessary to decode a large group whole.
 *
 * @throws ContentError `DATA_MALFORMED` with the first row of the part that can't be decoded
 */
export async function* readParquet(file: DataFile): AsyncGenerator<Row[]> {
  await using opened = await openParquet(file);
  let groupStart = 0;
  try {
    for (const group of opened.metadata.row_groups) {
      const groupEnd = groupStart + Number(group.num_rows);
      const step = canReadInParts(group) ? windowSize : Math.max(1, groupEnd - groupStart);
      for (let start = groupStart; start < groupEnd; start += step) {
        yield await decode(file, opened, start, Math.min(start + step, groupEnd));
      }
      groupStart = groupEnd;
    }
  } catch (error) {
    throw explain(file, error, groupStart + 1);
  }
}

interface OpenedParquet extends AsyncDisposable {
  handle: FileHandle;
  size: number;
  metadata: FileMetaData;
  check: PageCheck;
  /** Decimal columns and their scales. */
  decimals: ReadonlyMap<string, number>;
}

async function openParquet(file: DataFile): Promise<OpenedParquet> {
  const handle = await open(file.location, "r");
  try {
    const { size } = await handle.stat();
    const metadata = await parquetMetadataAsync(createFileBuffer(handle, size).buffer, { geoparquet: false });
    return {
      handle,
      size,
      metadata,
      check: createPageCheck(metadata, size),
      decimals: decimalScales(metadata),
      [Symbol.asyncDispose]: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw explain(file, error);
  }
}

async function decode(file: DataFile, opened: OpenedParquet, rowStart: number, rowEnd: number): Promise<Row[]> {
  const { buffer, abandon } = createFileBuffer(opened.handle, opened.size, opened.check);
  try {
    const rows = await parquetReadObjects({
      file: buffer,
      metadata: opened.metadata,
      compressors,
      parsers,
      utf8: false,
      geoparquet: false,
      useOffsetIndex: true,
      rowStart,
      rowEnd,
    });
    if (rows.length !== rowEnd - rowStart)
      throw new Error(`${rows.length} rows came out instead of ${rowEnd - rowStart}`);
    return rows.map((row) => toJsonRow(row, opened.decimals));
  } catch (error) {
    abandon();
    throw explain(file, error, rowStart + 1);
  }
}

/** Without a page index, columns of lists can only be decoded from their start to their end. */
function canReadInParts(group: RowGroup): boolean {
  return group.columns.every((column) => {
    const isFlat = column.meta_data?.path_in_schema.length === 1;
    return isFlat || column.offset_index_offset !== undefined;
  });
}

/** Scales of the decimal columns: the decoder multiplies by a power of ten and leaves 2.6670000000000003. */
function decimalScales(metadata: FileMetaData): ReadonlyMap<string, number> {
  const decimals = metadata.schema.filter((element) => element.converted_type === "DECIMAL");
  return new Map(decimals.map((element) => [element.name, element.scale ?? 0]));
}

function toJsonRow(row: Record<string, unknown>, decimals: ReadonlyMap<string, number>): Row {
  for (const [name, scale] of decimals) {
    const value = row[name];
    if (typeof value === "number") row[name] = Number(value.toFixed(scale));
  }
  return toJson(row) as Row;
}

/** The decoder throws plain errors, `RangeError`s included, on whatever a damaged file makes it do. */
function explain(file: DataFile, error: unknown, row?: number): Error {
  if (error instanceof AssayError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return malformed(
    { file: file.path, ...(row === undefined ? {} : { row }) },
    `It is no sound Parquet file: ${why}`,
    error,
  );
}
