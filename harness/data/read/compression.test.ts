import { gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inPieces, readContent } from "../testing/read-all.ts";
import { decompressZstd } from "./zstd-frames.ts";

const lines = (first: number, last: number): Buffer =>
  Buffer.from(Array.from({ length: last - first + 1 }, (_, at) => `{"n":${first + at}}\n`).join(""));

const numbers = (last: number): { n: number }[] => Array.from({ length: last }, (_, at) => ({ n: at + 1 }));

describe("compressed files", () => {
  it.each([
    ["gz", gzipSync],
    ["zst", zstdCompressSync],
  ])("reads every part of a .%s that was written in parts", async (ending, compress) => {
    const parts = [lines(1, 1000), lines(1001, 1001), lines(1002, 3000)].map((part) => compress(part));
    expect(await readContent(`a.jsonl.${ending}`, Buffer.concat(parts))).toEqual(numbers(3000));
  });

  it.each([
    ["gz", gzipSync],
    ["zst", zstdCompressSync],
  ])("refuses a .%s that breaks off, even between whole lines", async (ending, compress) => {
    const whole = compress(lines(1, 50_000));
    for (const length of [0, 3, 10, whole.length >> 1, whole.length - 1]) {
      await expect(readContent(`a.jsonl.${ending}`, whole.subarray(0, length))).rejects.toMatchObject({
        code: "DATA_MALFORMED",
        message: expect.stringContaining("compression is damaged"),
      });
    }
  });

  it.each([
    ["gz", gzipSync],
    ["zst", zstdCompressSync],
  ])("refuses a .%s that breaks off in its second part", async (ending, compress) => {
    const whole = Buffer.concat([compress(lines(1, 10)), compress(lines(11, 20))]);
    await expect(readContent(`a.jsonl.${ending}`, whole.subarray(0, -2))).rejects.toMatchObject({
      code: "DATA_MALFORMED",
    });
  });

  it("refuses a file that isn't what its name says", async () => {
    await expect(readContent("a.jsonl.gz", '{"n":1}\n')).rejects.toMatchObject({ code: "DATA_MALFORMED" });
    await expect(readContent("a.jsonl.zst", '{"n":1}\n')).rejects.toMatchObject({ code: "DATA_MALFORMED" });
  });

  it("refuses bytes that follow the last Zstandard frame", async () => {
    const content = Buffer.concat([zstdCompressSync(lines(1, 2)), Buffer.from("more")]);
    await expect(readContent("a.jsonl.zst", content)).rejects.toMatchObject({ code: "DATA_MALFORMED" });
  });

  it("passes over skippable Zstandard frames", async () => {
    const skippable = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
    const content = Buffer.concat([skippable, zstdCompressSync(lines(1, 2)), skippable]);
    expect(await readContent("a.jsonl.zst", content)).toEqual(numbers(2));
  });

  it("decompresses any sequence of Zstandard frames, however the bytes are cut", async () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 400 }), { minLength: 1, maxLength: 5 });
    const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(parts, lengths, async (contents, pieces) => {
        const stored = Buffer.concat(contents.map((content) => zstdCompressSync(content)));
        const read: Buffer[] = [];
        for await (const chunk of decompressZstd(inPieces(stored, pieces))) read.push(chunk);
        expect(Buffer.concat(read)).toEqual(Buffer.concat(contents));
      }),
      { numRuns: 50 },
    );
  });

  it("reads frames of every header form", async () => {
    for (const size of [0, 1, 255, 256, 65_791, 65_792, 300_000]) {
      const content = Buffer.alloc(size, "ab");
      const stored = zstdCompressSync(content, { pledgedSrcSize: size });
      const read: Buffer[] = [];
      for await (const chunk of decompressZstd(inPieces(stored, [7]))) read.push(chunk);
      expect(Buffer.concat(read).equals(content)).toBe(true);
    }
  });
});
