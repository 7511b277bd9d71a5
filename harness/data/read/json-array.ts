import { isUtf8 } from "node:buffer";
import type { DataFile, Row } from "../types.ts";
import { malformed, notUtf8 } from "./malformed.ts";
import { toRow } from "./to-row.ts";

const openers = new Set([0x5b, 0x7b]);
const closers = new Set([0x5d, 0x7d]);
const blanks = new Set([0x20, 0x09, 0x0a, 0x0d]);
const [comma, quote, backslash] = [0x2c, 0x22, 0x5c];

/**
 * A JSON array of objects, one element at a time, so that a large file needs no more memory than a small one. Only brackets
 * and strings are told apart here; each element is then parsed by `JSON.parse`.
 *
 * @param source nothing but white space or a byte order mark stands before the opening bracket
 * @throws ContentError with the row
 */
export async function* readJsonArray(file: DataFile, source: AsyncIterable<Buffer>): AsyncGenerator<Row[]> {
  const splitter = createElementSplitter();
  let count = 0;
  for await (const chunk of source) {
    const rows: Row[] = [];
    for (const element of splitter.push(chunk)) {
      if (element.length === 0 && count === 0 && splitter.isClosed()) continue;
      count += 1;
      rows.push(parseElement(file, element, count));
    }
    if (rows.length > 0) yield rows;
    if (splitter.hasTrailing()) throw malformed({ file: file.path }, "Something follows the end of its JSON array.");
  }
  if (!splitter.isClosed())
    throw malformed({ file: file.path, row: count + 1 }, "The JSON array breaks off before its end.");
}

function parseElement(file: DataFile, element: Buffer, row: number): Row {
  const place = { file: file.path, row };
  if (!isUtf8(element)) throw notUtf8(place);
  let value: unknown;
  try {
    value = JSON.parse(element.toString("utf8"));
  } catch (error) {
    throw malformed(place, error instanceof Error ? error.message : String(error), error);
  }
  return toRow(value, place);
}

/** Finds the commas of the outermost array. */
function createElementSplitter() {
  let depth = 0;
  let inString = false;
  let isEscaped = false;
  let isClosed = false;
  let hasTrailing = false;
  let pending: Buffer[] = [];

  function* push(chunk: Buffer): Generator<Buffer> {
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at]!;
      if (isClosed) {
        hasTrailing ||= !blanks.has(byte);
      } else if (inString) {
        if (isEscaped) isEscaped = false;
        else if (byte === backslash) isEscaped = true;
        else inString = byte !== quote;
      } else if (byte === quote) {
        inString = true;
      } else if (openers.has(byte)) {
        depth += 1;
        if (depth === 1) start = at + 1;
      } else if (closers.has(byte) || (byte === comma && depth === 1)) {
        if (byte !== comma) depth -= 1;
        isClosed = depth === 0;
        if (depth > 1 || (depth === 1 && byte !== comma)) continue;
        yield trimmed([...pending, chunk.subarray(start, at)]);
        pending = [];
        start = at + 1;
      }
    }
    if (!isClosed) pending.push(chunk.subarray(start));
  }
  return { push, isClosed: () => isClosed, hasTrailing: () => hasTrailing };
}

function trimmed(parts: Buffer[]): Buffer {
  const bytes = Buffer.concat(parts);
  return bytes.every((byte) => blanks.has(byte)) ? Buffer.alloc(0) : bytes;
}
