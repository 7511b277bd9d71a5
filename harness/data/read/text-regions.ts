import { isUtf8 } from "node:buffer";
import type { DataFile } from "../types.ts";
import { notUtf8 } from "./malformed.ts";

/** Whole lines of a file, as text. */
export interface TextRegion {
  /** Ends in a line feed, except where the file doesn't. */
  text: string;
  /** Number of the first line, from 1. */
  firstLine: number;
}

const lineFeed = 0x0a;
const longestLine = 256 * 1024 * 1024;

/**
 * Cuts bytes into regions of whole lines, checks that they are UTF-8 and takes a byte order mark off. Only a line feed
 * ends a line: `node:readline` would also break at U+2028, which JSON strings may hold.
 *
 * @throws ContentError `DATA_NOT_UTF8` with the line
 */
export async function* textRegions(file: DataFile, source: AsyncIterable<Buffer>): AsyncGenerator<TextRegion> {
  let pending: Buffer[] = [];
  let pendingLength = 0;
  let firstLine = 1;

  function region(bytes: Buffer): TextRegion {
    const start = firstLine;
    const text = decode(file, start === 1 ? withoutMark(file, bytes) : bytes, start);
    firstLine += countLineFeeds(bytes);
    return { text, firstLine: start };
  }

  for await (const chunk of source) {
    const end = chunk.lastIndexOf(lineFeed) + 1;
    if (end > 0) {
      yield region(Buffer.concat([...pending, chunk.subarray(0, end)]));
      pending = [];
      pendingLength = 0;
    }
    pending.push(chunk.subarray(end));
    pendingLength += chunk.length - end;
    if (pendingLength > longestLine)
      throw notUtf8({ file: file.path, line: firstLine }, "The line is longer than 256 MiB.");
  }
  if (pendingLength > 0) yield region(Buffer.concat(pending));
}

function decode(file: DataFile, bytes: Buffer, firstLine: number): string {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  let line = firstLine;
  for (let start = 0; start < bytes.length; line += 1) {
    const feed = bytes.indexOf(lineFeed, start);
    const end = feed < 0 ? bytes.length : feed;
    if (!isUtf8(bytes.subarray(start, end))) break;
    start = end + 1;
  }
  throw notUtf8({ file: file.path, line });
}

function withoutMark(file: DataFile, bytes: Buffer): Buffer {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return bytes.subarray(3);
  const pair = bytes.length < 2 ? 0 : bytes.readUInt16BE();
  if (pair === 0xfeff || pair === 0xfffe) {
    throw notUtf8({ file: file.path, line: 1 }, "It begins with the byte order mark of UTF-16.");
  }
  return bytes;
}

function countLineFeeds(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) count += 1;
  return count;
}
