import { createReadStream } from "node:fs";
import { type FileHandle, open, truncate } from "node:fs/promises";
import { unwritable } from "./unwritable.ts";

/** Where a line stands in a journal: byte offset and length without its newline. */
export interface LinePlace {
  offset: number;
  length: number;
}

/**
 * Cuts bytes into lines. Only a line feed ends one: `node:readline` would also break at U+2028, which JSON strings may hold.
 * The last line may lack its line feed (`isWhole`).
 */
export async function* splitLines(
  source: AsyncIterable<Buffer>,
): AsyncGenerator<{ text: string; place: LinePlace; isWhole: boolean }> {
  let rest: Buffer[] = [];
  let offset = 0;
  for await (const chunk of source) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const line = rest.length > 0 ? Buffer.concat([...rest, chunk.subarray(start, end)]) : chunk.subarray(start, end);
      rest = [];
      yield { text: line.toString("utf8"), place: { offset, length: line.length }, isWhole: true };
      offset += line.length + 1;
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
  const last = Buffer.concat(rest);
  if (last.length > 0) yield { text: last.toString("utf8"), place: { offset, length: last.length }, isWhole: false };
}

/**
 * Reads the complete lines of an append-only file. A last line without a newline was cut off by a crash: it is left out,
 * and {@link openJournal} cuts it away.
 */
export async function* readLines(path: string): AsyncGenerator<{ text: string; place: LinePlace }> {
  for await (const { text, place, isWhole } of splitLines(createReadStream(path, { highWaterMark: 1 << 20 })))
    if (isWhole) yield { text, place };
}

/**
 * An append-only file of lines. A line is safe from a crash of this process once `append` has resolved, and from one of the
 * machine about a second later.
 */
export interface Journal {
  append(line: string): Promise<LinePlace>;
  read(place: LinePlace): Promise<string>;
  close(): Promise<void>;
}

interface Waiting {
  bytes: Buffer;
  resolve: (place: LinePlace) => void;
  reject: (error: unknown) => void;
}

/** How written lines are brought onto the disk. */
export interface JournalSync {
  /** @default 1000 */
  everyMs?: number;
  /** @default fdatasync */
  sync?: (file: FileHandle) => Promise<void>;
}

/** Opens (or makes) a journal whose complete lines end at `end`; what stands behind is a torn line and is cut off. */
export async function openJournal(path: string, end: number, how: JournalSync = {}): Promise<Journal> {
  const file = await open(path, "a+");
  if ((await file.stat()).size > end) await truncate(path, end);
  const { everyMs = 1000, sync = (handle: FileHandle) => handle.datasync() } = how;
  return new FileJournal({ file, path, end, everyMs, sync: () => sync(file) });
}

interface Opened {
  file: FileHandle;
  path: string;
  end: number;
  everyMs: number;
  sync: () => Promise<void>;
}

/** Bytes read at once when lines are read back; most follow each other, and some come a little out of turn. */
const windowBytes = 1 << 20;

class FileJournal implements Journal {
  readonly #file: FileHandle;
  readonly #path: string;
  #window = { offset: 0, bytes: Buffer.alloc(0) };
  #end: number;
  #waiting: Waiting[] = [];
  #draining = false;
  #drained: Promise<void> = Promise.resolve();
  readonly #everyMs: number;
  readonly #sync: () => Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #synced: Promise<void> = Promise.resolve();
  #unsynced: unknown;

  constructor({ file, path, end, everyMs, sync }: Opened) {
    this.#file = file;
    this.#path = path;
    this.#end = end;
    this.#everyMs = everyMs;
    this.#sync = sync;
  }

  append(line: string): Promise<LinePlace> {
    const { promise, resolve, reject } = Promise.withResolvers<LinePlace>();
    this.#waiting.push({ bytes: Buffer.from(`${line}\n`), resolve, reject });
    if (!this.#draining) this.#drained = this.#drain();
    return promise;
  }

  /** Lines that gather while one write is under way go out together in the next. */
  async #drain(): Promise<void> {
    this.#draining = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#write(Buffer.concat(batch.map((entry) => entry.bytes)));
      } catch (error) {
        for (const entry of batch) entry.reject(error);
        continue;
      }
      for (const entry of batch) {
        entry.resolve({ offset: this.#end, length: entry.bytes.length - 1 });
        this.#end += entry.bytes.length;
      }
    }
    this.#draining = false;
  }

  /** A write that fails half-way (full disk) must not leave a torn line in front of the next one. */
  async #write(bytes: Buffer): Promise<void> {
    try {
      this.#checkSynced();
      await this.#file.appendFile(bytes);
    } catch (error) {
      await this.#file.truncate(this.#end).catch(() => undefined);
      throw unwritable(error, {
        code: "JOURNAL_UNWRITABLE",
        what: `A finished sample can't be written to ${this.#path}.`,
      });
    }
    this.#syncSoon();
  }

  /** Nobody waits for it; what fails is told to the next line. */
  #syncSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#synced = this.#synced.then(this.#sync).catch((error: unknown) => {
        this.#unsynced ??= error;
      });
    }, this.#everyMs).unref();
  }

  #checkSynced(): void {
    if (this.#unsynced !== undefined) throw this.#unsynced;
  }

  async read({ offset, length }: LinePlace): Promise<string> {
    const start = offset - this.#window.offset;
    if (start < 0 || start + length > this.#window.bytes.length) {
      const from = Math.max(0, offset - windowBytes / 4);
      const bytes = Buffer.allocUnsafe(Math.max(windowBytes, offset - from + length));
      const { bytesRead } = await this.#file.read(bytes, 0, bytes.length, from);
      this.#window = { offset: from, bytes: bytes.subarray(0, bytesRead) };
    }
    const at = offset - this.#window.offset;
    return this.#window.bytes.toString("utf8", at, at + length);
  }

  async close(): Promise<void> {
    await this.#drained;
    clearTimeout(this.#timer);
    await this.#synced;
    try {
      this.#checkSynced();
      await this.#file.sync();
    } catch (error) {
      const what = `What was written to ${this.#path} may not be on the disk.`;
      throw unwritable(error, { code: "JOURNAL_UNWRITABLE", what });
    } finally {
      await this.#file.close();
    }
  }
}
