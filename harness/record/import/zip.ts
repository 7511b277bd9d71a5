import { inflateRawSync, zstdDecompressSync } from "node:zlib";
import { InputError } from "../../contracts/index.ts";

const endOfDirectory = 0x06054b50;
const endOfDirectory64 = 0x06064b50;
const locator64 = 0x07064b50;
const directoryEntry = 0x02014b50;

/** Files of a ZIP archive by name, unpacked when asked for. Stored, deflated and Zstandard entries, also beyond 4 GB. */
export class ZipArchive {
  readonly #bytes: Buffer;
  readonly #entries = new Map<string, { offset: number; size: number; method: number }>();

  /** @throws InputError `IMPORT_NOT_ZIP` */
  constructor(bytes: Buffer, path: string) {
    this.#bytes = bytes;
    try {
      this.#readDirectory();
    } catch (cause) {
      throw new InputError({
        code: "IMPORT_NOT_ZIP",
        what: `${path} isn't a whole ZIP archive.`,
        why: cause instanceof Error ? cause.message : String(cause),
        fix: "Check that the file is whole: `unzip -t` says so.",
        cause,
      });
    }
  }

  get names(): string[] {
    return [...this.#entries.keys()];
  }

  /** Content of a file. @throws Error where there is none, or it is packed in a way that we don't know */
  read(name: string): Buffer {
    const entry = this.#entries.get(name);
    if (!entry) throw new Error(`the archive has no ${name}`);
    const nameLength = this.#bytes.readUInt16LE(entry.offset + 26);
    const extraLength = this.#bytes.readUInt16LE(entry.offset + 28);
    const start = entry.offset + 30 + nameLength + extraLength;
    const packed = this.#bytes.subarray(start, start + entry.size);
    if (entry.method === 0) return packed;
    if (entry.method === 8) return inflateRawSync(packed);
    if (entry.method === 93) return zstdDecompressSync(packed);
    throw new Error(`${name} is packed by method ${entry.method}`);
  }

  #readDirectory(): void {
    const end = this.#bytes.lastIndexOf(uint32(endOfDirectory));
    if (end < 0) throw new Error("it has no directory");
    let count = this.#bytes.readUInt16LE(end + 10);
    let at = this.#bytes.readUInt32LE(end + 16);
    if (this.#bytes.length > end - 20 && end >= 20 && this.#bytes.readUInt32LE(end - 20) === locator64) {
      const large = Number(this.#bytes.readBigUInt64LE(end - 12));
      if (this.#bytes.readUInt32LE(large) !== endOfDirectory64) throw new Error("its directory is damaged");
      count = Number(this.#bytes.readBigUInt64LE(large + 32));
      at = Number(this.#bytes.readBigUInt64LE(large + 48));
    }
    for (let index = 0; index < count; index += 1) at = this.#readEntry(at);
  }

  #readEntry(at: number): number {
    const bytes = this.#bytes;
    if (bytes.readUInt32LE(at) !== directoryEntry) throw new Error("its directory is damaged");
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const name = bytes.toString("utf8", at + 46, at + 46 + nameLength);
    const extra = bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
    const large = largeSizes(extra);
    const take = (offset: number) => {
      const value = bytes.readUInt32LE(at + offset);
      return value === 0xffffffff ? Number(large.shift()) : value;
    };
    take(24);
    const size = take(20);
    const offset = take(42);
    this.#entries.set(name, { offset, size, method: bytes.readUInt16LE(at + 10) });
    return at + 46 + nameLength + extraLength + commentLength;
  }
}

/** Sizes and offset beyond 4 GB, in the order in which the entry leaves them open. */
function largeSizes(extra: Buffer): bigint[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    const size = extra.readUInt16LE(at + 2);
    return Array.from({ length: Math.floor(size / 8) }, (_, index) => extra.readBigUInt64LE(at + 4 + index * 8));
  }
  return [];
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
