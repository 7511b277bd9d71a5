import type { FileMetaData, PageHeader } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";

/** Checks the pages within a part of a file that the decoder has asked for. @throws Error on a header that can't be true */
export type PageCheck = (start: number, bytes: ArrayBuffer) => void;

/** The pages of one column in one row group. */
interface Chunk {
  start: number;
  end: number;
  /** Values that the footer promises. */
  values: number;
  isFlat: boolean;
}

/**
 * The decoder believes page headers: one without a length makes it read the same byte again for ever, one that promises
 * billions of values makes it fill the memory with them. So headers are read once before it sees them.
 *
 * @param size - bytes of the file
 * @throws Error where the footer doesn't say where in the file a column is: the decoder fails on that in the background
 */
export function createPageCheck(metadata: FileMetaData, size: number): PageCheck {
  const chunks: Chunk[] = [];
  const indexes = new Set<number>();
  for (const { columns } of metadata.row_groups)
    for (const { meta_data: column, offset_index_offset: index } of columns) {
      if (index !== undefined) indexes.add(Number(index));
      if (column === undefined) continue;
      const start = Number(column.dictionary_page_offset || column.data_page_offset);
      const end = start + Number(column.total_compressed_size);
      if (!isCount(start, size) || !isCount(end, size) || end < start)
        throw new Error("its footer doesn't say where a column is");
      chunks.push({ start, end, values: Number(column.num_values), isFlat: column.path_in_schema.length === 1 });
    }
  return (start, bytes) => {
    const end = start + bytes.byteLength;
    const inside = chunks.filter((chunk) => chunk.start < end && chunk.end > start);
    for (const chunk of inside) {
      const from = Math.max(chunk.start, start);
      checkPages(new DataView(bytes, from - start, Math.min(chunk.end, end) - from), chunk);
    }
    if (inside.length === 0 && end > start && !indexes.has(start)) throw new Error("a page lies outside of its column");
  };
}

/** As the decoder goes through them: a flat column's to as many values as there are, another's to their end. */
function checkPages(view: DataView, { values, isFlat }: Chunk): void {
  const reader = { view, offset: 0 };
  for (let seen = 0; reader.offset < view.byteLength - 1 && !(isFlat && seen >= values); ) {
    const header = parquetHeader(reader);
    const size = header.compressed_page_size;
    if (!isCount(size, view.byteLength - reader.offset)) throw new Error("a page's header doesn't say how long it is");
    seen += checkedValues(header, values);
    reader.offset += size;
  }
}

/** Values that a page adds to its column. */
function checkedValues(header: PageHeader, most: number): number {
  const { type, data_page_header: first, data_page_header_v2: second, dictionary_page_header: dictionary } = header;
  const count = type === "DATA_PAGE" ? first?.num_values : type === "DATA_PAGE_V2" ? second?.num_values : undefined;
  if (type === "DICTIONARY_PAGE" && isCount(dictionary?.num_values, header.uncompressed_page_size * 8)) return 0;
  const areLevelsSound =
    type !== "DATA_PAGE_V2" ||
    (isCount(second?.repetition_levels_byte_length, header.compressed_page_size) &&
      isCount(second?.definition_levels_byte_length, header.compressed_page_size) &&
      isCount(second?.num_nulls, most) &&
      isCount(second?.num_rows, most));
  if (isCount(count, most) && areLevelsSound) return count;
  throw new Error("a page's header promises other values than its column has");
}

function isCount(value: number | undefined, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;
}
