import type { DataFile, Row } from "../types.ts";
import { createByteReader } from "./byte-reader.ts";
import { readJsonArray } from "./json-array.ts";
import { readJsonLines } from "./json-lines.ts";

/** A `.json` file: an array of objects, or, as many on the Hub are in truth, JSON Lines. @throws ContentError */
export async function* readJson(file: DataFile, source: AsyncIterable<Buffer>): AsyncGenerator<Row[]> {
  const { opening, bytes } = await peek(source);
  const text = opening.toString("latin1").replace(/^ï»¿/, "").trimStart();
  if (!text.startsWith("[")) return yield* readJsonLines(file, bytes);
  yield* readJsonArray(file, bytes);
}

/** Looks at the beginning and gives the whole stream back. */
async function peek(source: AsyncIterable<Buffer>): Promise<{ opening: Buffer; bytes: AsyncGenerator<Buffer> }> {
  const reader = createByteReader(source);
  const opening = await reader.take(4096);
  async function* bytes(): AsyncGenerator<Buffer> {
    try {
      yield opening;
      while (!(await reader.atEnd())) yield await reader.take(65_536);
    } finally {
      await reader.close();
    }
  }
  return { opening, bytes: bytes() };
}
