import type { FileHandle } from "node:fs/promises";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { AsyncBuffer } from "hyparquet";
import type { PageCheck } from "./parquet-pages.ts";

/** A file for the Parquet decoder to read from, during one call of it. */
export interface FileBuffer {
  buffer: AsyncBuffer;
  /** Call when the decoder has failed: what it asked for is not answered any more. */
  abandon: () => void;
}

/**
 * The decoder asks for many parts ahead, some of which it never looks at, and builds on the answers before it has checked
 * everything. When it then fails on something else, another failure among those answers would end the process as an
 * unhandled rejection. So a failed answer counts as seen, and answers come in a later turn of the event loop, never once the
 * decoder has given up.
 */
export function createFileBuffer(handle: FileHandle, size: number, check?: PageCheck): FileBuffer {
  let isAbandoned = false;

  async function read(start: number, end: number): Promise<ArrayBuffer> {
    const isInside =
      Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end && end <= size;
    if (!isInside) throw new Error(`bytes ${start} to ${end} lie outside of the file`);
    const bytes = new Uint8Array(end - start);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
    if (bytesRead !== bytes.length) throw new Error("the file became shorter while it was read");
    check?.(start, bytes.buffer);
    return bytes.buffer;
  }

  async function answer(start: number, end: number): Promise<ArrayBuffer> {
    await nextTurn();
    const result = isAbandoned ? undefined : await read(start, end).catch((error: unknown) => ({ error }));
    if (isAbandoned || result === undefined) return await new Promise(() => {});
    if (result instanceof ArrayBuffer) return result;
    throw result.error;
  }

  return {
    buffer: {
      byteLength: size,
      slice(start, end = size) {
        const bytes = answer(start, end);
        bytes.catch(() => {});
        return bytes;
      },
    },
    abandon: () => {
      isAbandoned = true;
    },
  };
}
