/** Hands out a byte stream in pieces of asked-for length, keeping at most one piece and one chunk in memory. */
export interface ByteReader {
  /** Up to `length` bytes; fewer only where the stream ends. */
  take(length: number): Promise<Buffer>;
  atEnd(): Promise<boolean>;
  /** Lets go of the stream before its end. */
  close(): Promise<void>;
}

/** See {@link ByteReader}. */
export function createByteReader(source: AsyncIterable<Buffer>): ByteReader {
  const chunks = source[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);

  async function refill(): Promise<boolean> {
    while (rest.length === 0) {
      const next = await chunks.next();
      if (next.done === true) return false;
      rest = next.value;
    }
    return true;
  }

  return {
    atEnd: async () => !(await refill()),
    close: async () => void (await chunks.return?.()),
    async take(length) {
      const pieces: Buffer[] = [];
      let missing = length;
      while (missing > 0 && (await refill())) {
        const piece = rest.subarray(0, missing);
        rest = rest.subarray(piece.length);
        missing -= piece.length;
        pieces.push(piece);
      }
      return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
    },
  };
}
