import { byteSource } from "../read/byte-source.ts";
import { readRows } from "../read/read-rows.ts";
import { textRegions } from "../read/text-regions.ts";
import type { Row, RowValue } from "../types.ts";
import type { CorpusFile } from "./find-corpus-files.ts";

/** Text of a document, or a piece of a long one that begins with the end of the piece before it. */
export interface DocumentPiece {
  text: string;
  /** Which document of the file, from 0. */
  document: number;
  /** The last piece of its document. */
  isWhole: boolean;
}

const pieceLength = 1 << 18;
/** Longer than nearly every item with its options and answer, so that none is cut in two. */
const overlap = 1 << 14;

/**
 * Streams the documents of a file: the strings of a row, however deep they lie, or a whole text file. Memory stays bounded where
 * a document is long, except for a single row, which is read whole.
 *
 * @throws ContentError as the readers of data files do
 */
export async function* openDocuments(file: CorpusFile): AsyncGenerator<DocumentPiece> {
  if (file.kind === "text") yield* textPieces(file);
  else yield* rowPieces(file);
}

async function* rowPieces(file: CorpusFile): AsyncGenerator<DocumentPiece> {
  let document = 0;
  for await (const batch of readRows(file)) {
    for (const row of batch) {
      const text = stringsOf(row).join("\n");
      for (let start = 0; start === 0 || start + overlap < text.length; start += pieceLength - overlap) {
        const end = start + pieceLength;
        yield { text: text.slice(start, end), document, isWhole: end >= text.length };
        if (end >= text.length) break;
      }
      document += 1;
    }
  }
}

async function* textPieces(file: CorpusFile): AsyncGenerator<DocumentPiece> {
  const compression = /\.gz$/i.test(file.path) ? "gzip" : /\.zst$/i.test(file.path) ? "zstd" : "none";
  let text = "";
  for await (const region of textRegions(file, byteSource(file, compression))) {
    if (text.length >= pieceLength) {
      yield { text, document: 0, isWhole: false };
      text = text.slice(-overlap);
    }
    text += region.text;
  }
  yield { text, document: 0, isWhole: true };
}

function stringsOf(value: Row | RowValue): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(stringsOf);
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(stringsOf) : [];
}
