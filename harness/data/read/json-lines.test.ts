import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inPieces, readContent } from "../testing/read-all.ts";
import type { Row } from "../types.ts";
import { readJsonLines } from "./json-lines.ts";

const file = { location: "unused", path: "a.jsonl" };

describe("JSON Lines", () => {
  it("reads one object a line, with LF or CRLF, blank lines and no final line end", async () => {
    expect(await readContent("a.jsonl", '{"n":1}\r\n\n  \n{"n":2}')).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it("takes a byte order mark off the file, but not out of the values", async () => {
    expect(await readContent("a.jsonl", '\ufeff{"a":"\ufeffb"}\n')).toEqual([{ a: "\ufeffb" }]);
  });

  it("doesn't break lines at U+2028, U+2029 or U+0085, which strings may hold", async () => {
    const row = { text: "one\u2028two\u2029three\u0085four" };
    expect(await readContent("a.jsonl", `${JSON.stringify(row)}\n`)).toEqual([row]);
  });

  it("keeps escaped lone surrogates and NUL", async () => {
    expect(await readContent("a.jsonl", '{"a":"\\ud800\\u0000"}')).toEqual([{ a: "\ud800\u0000" }]);
  });

  it("names the line that isn't JSON", async () => {
    await expect(readContent("a.jsonl", '\ufeff{"n":1}\n\n{"n":2\n')).rejects.toMatchObject({
      code: "DATA_MALFORMED",
      what: "a.jsonl, line 3 can't be read.",
      details: { file: "a.jsonl", line: 3 },
    });
  });

  it("names the line that is JSON but no row", async () => {
    await expect(readContent("a.jsonl", '{"n":1}\n[2]\n')).rejects.toMatchObject({
      code: "DATA_MALFORMED",
      message: expect.stringContaining("a list"),
      details: { line: 2 },
    });
  });

  it("names the line that isn't UTF-8", async () => {
    const bytes = Buffer.concat([Buffer.from('{"n":1}\n{"n":"'), Buffer.from([0xff]), Buffer.from('"}\n{}')]);
    await expect(readContent("a.jsonl", bytes)).rejects.toMatchObject({ code: "DATA_NOT_UTF8", details: { line: 2 } });
  });

  it("recognises UTF-16", async () => {
    const bytes = Buffer.from('\ufeff{"n":1}\n', "utf16le");
    await expect(readContent("a.jsonl", bytes)).rejects.toMatchObject({
      code: "DATA_NOT_UTF8",
      message: expect.stringContaining("UTF-16"),
    });
  });

  it("refuses a sequence cut in the middle of a character at the end of the file", async () => {
    const bytes = Buffer.from('{"n":"é').subarray(0, -1);
    await expect(readContent("a.jsonl", bytes)).rejects.toMatchObject({ code: "DATA_NOT_UTF8" });
  });

  it("gives back what was written, however the bytes are cut", async () => {
    const rows = fc.array(fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue()));
    const lengths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(rows, lengths, fc.constantFrom("\n", "\r\n"), async (written, pieces, lineEnd) => {
        const text = written.map((row) => JSON.stringify(row) + lineEnd).join("");
        const read: Row[] = [];
        for await (const batch of readJsonLines(file, inPieces(Buffer.from(text), pieces))) read.push(...batch);
        expect(JSON.stringify(read)).toBe(JSON.stringify(written));
      }),
    );
  });
});
