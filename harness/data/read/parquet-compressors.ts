import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import type { Compressors } from "hyparquet";
import { compressors as portable } from "hyparquet-compressors";

/** Page decompression; zlib's native code where Node has it. A page that comes out at another length is an error. */
export const compressors: Compressors = Object.fromEntries(
  Object.entries({
    ...portable,
    BROTLI: (input: Uint8Array) => brotliDecompressSync(input),
    GZIP: (input: Uint8Array) => gunzipSync(input),
    ZSTD: (input: Uint8Array) => zstdDecompressSync(input),
  } satisfies Compressors).map(([codec, decompress]) => [
    codec,
    (input: Uint8Array, length: number) => {
      const output = decompress(input, length);
      if (output.length !== length) throw new Error(`a ${codec} page has ${output.length} bytes instead of ${length}`);
      return output;
    },
  ]),
);
