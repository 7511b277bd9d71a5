import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ReadOptions, readRows } from "../read/read-rows.ts";
import type { Row } from "../types.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** Writes content to a file of this name and reads its rows. */
export async function readContent(
  name: string,
  content: string | Uint8Array,
  options: ReadOptions = {},
): Promise<Row[]> {
  const location = join(temporaryFolder(), name);
  writeFileSync(location, content);
  return await readAll(location, name, options);
}

/** All rows of a file. */
export async function readAll(location: string, path: string, options: ReadOptions = {}): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const batch of readRows({ location, path }, options)) rows.push(...batch);
  return rows;
}

/** Bytes in pieces of these lengths over and over, as a network or a decompressor may deliver them. */
export async function* inPieces(content: Uint8Array, lengths: readonly number[]): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(content);
  for (let at = 0, piece = 0; at < bytes.length; piece += 1) {
    const length = Math.max(1, lengths[piece % lengths.length] ?? bytes.length);
    yield bytes.subarray(at, at + length);
    at += length;
  }
}
