import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { parquetMetadata } from "hyparquet";
import { describe, expect, it } from "vitest";
import { ContentError } from "../errors/content-error.ts";
import { readAll, readContent } from "../testing/read-all.ts";
import type { Row } from "../types.ts";
import { createPageCheck } from "./parquet-pages.ts";
import { readRows, statedRowCount } from "./read-rows.ts";

const fixture = (name: string): string => join(import.meta.dirname, "../fixtures", name);

describe("Parquet", () => {
  it("turns every type into strict JSON", async () => {
    const [first, second, third] = await readAll(fixture("types.parquet"), "types.parquet");
    expect(first).toEqual({
      text: "plain",
      flag: true,
      small: -1,
      large: 9007199254740991,
      unsigned: 1,
      ratio: 0.1,
      limit: 0.5,
      price: 2.667,
      day: "2024-02-29",
      second: "2024-02-29T12:30:00.000Z",
      moment: "2024-01-01T00:00:00.123456Z",
      instant: "1970-01-01T00:00:00.000000001Z",
      bytes: "readable",
      names: ["a", null, "b"],
      nested: [[1, 2], [3]],
      choices: { text: ["x", "y"], best: 0 },
      tags: { k: 1 },
      nothing: null,
      kind: "one",
    });
    expect(second).toEqual({
      text: "\ufeffmark, é, 😀, \u2028",
      flag: false,
      small: 127,
      large: "9007199254740993",
      unsigned: "18446744073709551615",
      ratio: null,
      limit: "-Infinity",
      price: -0.001,
      day: "1969-12-31",
      second: "1969-12-31T23:59:59.999Z",
      moment: "1969-12-31T23:59:59.999999Z",
      instant: "1969-12-31T23:59:59.999999999Z",
      bytes: "/wA=",
      names: [],
      nested: [[], null],
      choices: { text: null, best: null },
      tags: {},
      nothing: null,
      kind: "two",
    });
    expect(Object.values(third!)).toEqual(Object.values(third!).map(() => null));
    expect(Object.keys(third!)).toEqual(Object.keys(first!));
  });

  it.each(["none", "snappy", "gzip", "brotli", "zstd", "lz4"])("reads row groups compressed with %s", async (codec) => {
    const name = `groups-${codec}.parquet`;
    const rows = await readAll(fixture(name), name);
    expect(rows).toEqual(
      Array.from({ length: 40 }, (_, n) => ({
        question: `How much is ${n} + ${n}?`,
        choices: [`${2 * n}`, `${3 * n}`],
        answer: 0,
      })),
    );
    expect(await statedRowCount({ location: fixture(name), path: name })).toBe(40);
  });

  it("hands out one row group at a time", async () => {
    const sizes: number[] = [];
    const file = { location: fixture("groups-zstd.parquet"), path: "groups-zstd.parquet" };
    for await (const batch of readRows(file)) sizes.push(batch.length);
    expect(sizes).toEqual([15, 15, 10]);
  });

  it.each([
    ["one-group.parquet", [40_000]],
    ["one-group-indexed.parquet", [16_384, 16_384, 7_232]],
    ["one-group-flat.parquet", [16_384, 16_384, 7_232]],
  ])("reads %s in the smallest parts it allows, each row once", async (name, sizes) => {
    const batches: Row[][] = [];
    for await (const batch of readRows({ location: fixture(name), path: name })) batches.push(batch);
    expect(batches.map((batch) => batch.length)).toEqual(sizes);
    const isRight = batches.flat().every(({ number, letter, pair }, at) => {
      const isPairRight = pair === undefined || JSON.stringify(pair) === JSON.stringify([at % 3, at % 2]);
      return number === at && letter === "abcd"[at % 4] && isPairRight;
    });
    expect(isRight).toBe(true);
  });

  it("reads a file without rows as no rows", async () => {
    expect(await readAll(fixture("empty.parquet"), "empty.parquet")).toEqual([]);
  });

  it.each([
    ["nothing", Buffer.alloc(0)],
    ["text", Buffer.from("<html>Sign in</html>")],
    ["the first half of a file", readFileSync(fixture("types.parquet")).subarray(0, 2000)],
  ])("refuses %s", async (_what, content) => {
    await expect(readContent("a.parquet", content)).rejects.toMatchObject({
      code: "DATA_MALFORMED",
      details: { file: "a.parquet" },
    });
  });

  it.each([2, 3, 5])(
    "refuses damage with an explanation, or reads past it where only values changed (seed %i)",
    async (seed) => {
      const sound = readFileSync(fixture("groups-zstd.parquet"));
      await fc.assert(
        fc.asyncProperty(fc.nat(sound.length - 1), fc.integer({ min: 1, max: 255 }), async (at, bits) => {
          await readDamaged(sound, at, bits);
        }),
        // The examples' columns lost their path, and their place in the file.
        {
          numRuns: 300,
          seed,
          examples: [
            [2316, 18],
            [1875, 16],
          ],
        },
      );
    },
  );

  it("believes no page header: every bit of a row group's may be wrong", async () => {
    const name = "groups-zstd.parquet";
    const sound = readFileSync(fixture(name));
    const { row_groups: groups } = parquetMetadata(new Uint8Array(sound).buffer);
    const columns = groups.slice(0, 1).flatMap((group) => group.columns.map((column) => column.meta_data));
    const starts = columns.flatMap((column) => [column?.dictionary_page_offset, column?.data_page_offset]).map(Number);
    for (const start of starts.filter((place) => place > 0))
      for (let at = start; at < start + headerBytes; at += 1)
        for (let bit = 1; bit < 256; bit *= 2) await readDamaged(sound, at, bit);
    // Bit 6 of byte 9 takes a page's length away, which used to be read past for ever.
    expect(await readDamaged(sound, 9, 64)).toMatchObject({
      code: "DATA_MALFORMED",
      why: expect.stringContaining("a page's header doesn't say how long it is"),
    });
  });

  it("looks for no page outside of its column", () => {
    const sound = readFileSync(fixture("groups-zstd.parquet"));
    const bytes = new Uint8Array(sound).buffer;
    const metadata = parquetMetadata(bytes);
    const check = createPageCheck(metadata, sound.length);
    const first = metadata.row_groups[0]?.columns[0]?.meta_data;
    const start = Number(first?.dictionary_page_offset ?? first?.data_page_offset);
    expect(() => check(start, bytes.slice(start, start + Number(first?.total_compressed_size)))).not.toThrow();
    expect(() => check(sound.length - 8, bytes.slice(-8))).toThrow("outside of its column");
  });
});

/** Longer than any page header of the fixture. */
const headerBytes = 24;

/** Rows, or the explanation why there are none: anything else that is thrown fails the test. */
async function readDamaged(sound: Buffer, at: number, bits: number): Promise<unknown> {
  const content = Buffer.from(sound);
  content[at]! ^= bits;
  try {
    const rows: unknown = JSON.parse(JSON.stringify(await readContent("a.parquet", content)));
    expect(rows).toBeInstanceOf(Array);
    return rows;
  } catch (error) {
    expect(error, `byte ${at} ^ ${bits}`).toBeInstanceOf(ContentError);
    return error;
  }
}
