import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createZstdDecompress } from "node:zlib";
import { type ByteReader, createByteReader } from "./byte-reader.ts";
import { CompressionError } from "./compression-error.ts";

const frameMagic = 0xfd2fb528;
const skippableMagic = 0x184d2a50;

/**
 * Decompresses every frame of a Zstandard stream. Node's own decoder stops after the first one without an error
 * (https://github.com/nodejs/node/issues/64741), so frames are told apart here and decoded one by one.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8878#section-3.1
 */
export async function* decompressZstd(stored: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const reader = createByteReader(stored);
  if (await reader.atEnd()) throw new CompressionError("the file is empty");
  try {
    while (!(await reader.atEnd())) {
      const magic = await takeExactly(reader, 4);
      if ((magic.readUInt32LE() & 0xfffffff0) >>> 0 === skippableMagic) await skipFrame(reader);
      else if (magic.readUInt32LE() === frameMagic) yield* decompressFrame(magic, reader);
      else throw new CompressionError("bytes that are no Zstandard frame");
    }
  } finally {
    await reader.close();
  }
}

async function* decompressFrame(magic: Buffer, reader: ByteReader): AsyncGenerator<Buffer, void, undefined> {
  const decoder = createZstdDecompress();
  // The pipeline destroys `decoder` with whatever went wrong, so reading it reports the same error once.
  pipeline(Readable.from(frameBytes(magic, reader), { objectMode: false }), decoder).catch(() => {});
  yield* decoder as AsyncIterable<Buffer>;
}

/** The stored bytes of one frame: header, blocks, checksum. */
async function* frameBytes(magic: Buffer, reader: ByteReader): AsyncGenerator<Buffer, void, undefined> {
  yield magic;
  const descriptor = await takeExactly(reader, 1);
  const flags = descriptor[0]!;
  yield descriptor;
  yield await takeExactly(reader, headerLength(flags));
  for (let last = false; !last; ) {
    const block = await takeExactly(reader, 3);
    yield block;
    const header = block.readUIntLE(0, 3);
    last = (header & 1) === 1;
    const isRun = ((header >> 1) & 3) === 1;
    const stored = isRun ? 1 : header >> 3;
    if (stored > 0) yield await takeExactly(reader, stored);
  }
  const hasChecksum = (flags & 4) !== 0;
  if (hasChecksum) yield await takeExactly(reader, 4);
}

/** Bytes between the descriptor and the first block: window, dictionary and content size (RFC 8878, 3.1.1.1). */
function headerLength(flags: number): number {
  const isSingleSegment = (flags & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][flags & 3]!;
  const contentSize = [isSingleSegment ? 1 : 0, 2, 4, 8][flags >> 6]!;
  return (isSingleSegment ? 0 : 1) + dictionary + contentSize;
}

async function skipFrame(reader: ByteReader): Promise<void> {
  let missing = (await takeExactly(reader, 4)).readUInt32LE();
  while (missing > 0) missing -= (await takeExactly(reader, Math.min(missing, 65_536))).length;
}

async function takeExactly(reader: ByteReader, length: number): Promise<Buffer> {
  const bytes = await reader.take(length);
  if (bytes.length < length) throw new CompressionError("it breaks off in the middle of a frame");
  return bytes;
}
