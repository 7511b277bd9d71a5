import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { DataFile } from "../types.ts";
import { isCompressionError } from "./compression-error.ts";
import type { FileFormat } from "./format-of.ts";
import { malformed } from "./malformed.ts";
import { decompressZstd } from "./zstd-frames.ts";

const chunkSize = 256 * 1024;

/** The bytes of a file with its compression taken off, streamed. @throws ContentError `DATA_MALFORMED` on damaged compression */
export async function* byteSource(
  file: DataFile,
  compression: FileFormat["compression"],
): AsyncGenerator<Buffer, void, undefined> {
  const stored = createReadStream(file.location, { highWaterMark: chunkSize });
  try {
    if (compression === "none") yield* stored as AsyncIterable<Buffer>;
    else if (compression === "gzip") yield* gunzip(stored);
    else yield* decompressZstd(stored);
  } catch (error) {
    if (!isCompressionError(error)) throw error;
    throw malformed({ file: file.path }, `Its compression is damaged: ${error.message}`, error);
  } finally {
    stored.destroy();
  }
}

async function* gunzip(stored: NodeJS.ReadableStream): AsyncGenerator<Buffer, void, undefined> {
  const inflate = createGunzip({ chunkSize });
  // The pipeline destroys `inflate` with whatever went wrong, so reading it reports the same error once.
  pipeline(stored, inflate).catch(() => {});
  yield* inflate as AsyncIterable<Buffer>;
}
