import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

const headerBytes = 8;

/**
 * Reads a command's output off the engine's stream, both streams in the order in which they came. Where it is more than
 * `most` bytes, the first and the last half of that are kept.
 */
export async function demultiplex(
  stream: Readable,
  most: number,
): Promise<{ output: string; bytes: number; truncated: boolean }> {
  const head: Buffer[] = [];
  let tail: Buffer[] = [];
  let [headLength, tailLength, bytes] = [0, 0, 0];
  const half = Math.ceil(most / 2);
  for await (const piece of payloads(stream)) {
    bytes += piece.length;
    const room = Math.max(0, half - headLength);
    if (room > 0) head.push(piece.subarray(0, room));
    headLength += Math.min(room, piece.length);
    if (piece.length <= room) continue;
    tail.push(piece.subarray(room));
    tailLength += piece.length - room;
    if (tailLength > 2 * half) {
      tail = [Buffer.concat(tail).subarray(-half)];
      tailLength = tail[0]?.length ?? 0;
    }
  }
  const last = Buffer.concat(tail).subarray(-half);
  const truncated = headLength + last.length < bytes;
  const text = (buffer: Buffer) => new StringDecoder("utf8").write(buffer);
  const gap = truncated ? `\n… ${bytes - headLength - last.length} bytes left out …\n` : "";
  return {
    output: truncated ? text(Buffer.concat(head)) + gap + text(last) : text(Buffer.concat([...head, last])),
    bytes,
    truncated,
  };
}

/** The engine puts eight bytes before every piece: the stream's number, and how long the piece is. */
async function* payloads(stream: Readable): AsyncGenerator<Buffer> {
  let pending = Buffer.alloc(0);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= headerBytes) {
      const end = headerBytes + pending.readUInt32BE(4);
      if (pending.length < end) break;
      yield pending.subarray(headerBytes, end);
      pending = pending.subarray(end);
    }
  }
}
