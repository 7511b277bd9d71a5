import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inPieces, readContent } from "../testing/read-all.ts";
import type { Row } from "../types.ts";
import { readJsonArray } from "./json-array.ts";

const file = { location: "unused", path: "a.json" };

describe("JSON files", () => {
  it("reads an array of objects, white space and a byte order mark included", async () => {
    expect(await readContent("a.json", '\ufeff\n [ {"a": [1, {"b": "]"}]} ,\n{"a": "\\"},{"} ] \n')).toEqual([
      { a: [1, { b: "]" }] },
      { a: '"},{' },
    ]);
  });

  it("reads an empty array as no rows", async () => {
    expect(await readContent("a.json", "[ ]")).toEqual([]);
  });

  it("reads JSON Lines under the name .json, as the Hub has many", async () => {
    expect(await readContent("a.json", '{"a":1}\n{"a":2}\n')).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it.each([
    ["an element that isn't JSON", '[{"a":1},{"a":}]', { row: 2 }],
    ["a trailing comma", '[{"a":1},]', { row: 2 }],
    ["a missing element", '[,{"a":1}]', { row: 1 }],
    ["an element that is no object", '[{"a":1},7]', { row: 2 }],
    ["an array that breaks off", '[{"a":1},{"a"', { row: 2 }],
    ["text after the array", '[{"a":1}] {"a":2}', {}],
    ["a pretty-printed object", '{\n  "data": []\n}', { line: 1 }],
  ])("refuses %s and says where", async (_what, content, place) => {
    await expect(readContent("a.json", content)).rejects.toMatchObject({ code: "DATA_MALFORMED", details: place });
  });

  it("names the row that isn't UTF-8", async () => {
    const bytes = Buffer.concat([Buffer.from('[{"a":1},{"a":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}]')]);
    await expect(readContent("a.json", bytes)).rejects.toMatchObject({ code: "DATA_NOT_UTF8", details: { row: 2 } });
  });

  it("gives back what was written, however it is spaced and cut", async () => {
    const rows = fc.array(fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue()));
    const lengths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(rows, lengths, fc.nat(3), async (written, pieces, indent) => {
        const bytes = Buffer.from(JSON.stringify(written, null, indent));
        const read: Row[] = [];
        for await (const batch of readJsonArray(file, inPieces(bytes, pieces))) read.push(...batch);
        expect(JSON.stringify(read)).toBe(JSON.stringify(written));
      }),
    );
  });
});
