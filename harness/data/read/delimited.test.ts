import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inPieces, readContent } from "../testing/read-all.ts";
import type { Row } from "../types.ts";
import { readDelimited } from "./delimited.ts";

describe("CSV", () => {
  it("names values by the header and leaves them text", async () => {
    expect(await readContent("a.csv", "question,answer\n1+1?,2\n007,\n")).toEqual([
      { question: "1+1?", answer: "2" },
      { question: "007", answer: "" },
    ]);
  });

  it("reads quoted commas, quotes and line ends", async () => {
    expect(await readContent("a.csv", 'a,b\n"x, ""y""","two\nlines"\n')).toEqual([{ a: 'x, "y"', b: "two\nlines" }]);
  });

  it("reads LF and CRLF, even mixed, and takes a byte order mark off", async () => {
    expect(await readContent("a.csv", "\ufeffa,b\r\n1,2\n3,4\r\n\r\n")).toEqual([
      { a: "1", b: "2" },
      { a: "3", b: "4" },
    ]);
  });

  it("takes given names where there is no header", async () => {
    expect(await readContent("a.csv", "1,2\n", { columns: ["a", "b"] })).toEqual([{ a: "1", b: "2" }]);
  });

  it("makes a column called __proto__ an ordinary one", async () => {
    const [row] = await readContent("a.csv", "__proto__\nx\n");
    expect(Object.entries(row!)).toEqual([["__proto__", "x"]]);
  });

  it.each([
    ["too many values", "a,b\n1,2\n1,2,3\n", { line: 3 }],
    ["too few values", "a,b\n1\n", { line: 2 }],
    ["a quote that never ends", 'a,b\n1,2\n"3,4\n', { line: 3 }],
    ["a quote inside an unquoted value", 'a\nx "y" z\n', { line: 2 }],
    ["two columns of one name", "a,a\n1,2\n", { line: 1 }],
  ])("refuses %s and names the line", async (_what, content, place) => {
    await expect(readContent("a.csv", content)).rejects.toMatchObject({ code: "DATA_MALFORMED", details: place });
  });

  it("refuses given names that don't fit", async () => {
    await expect(readContent("a.csv", "1,2,3\n", { columns: ["a", "b"] })).rejects.toMatchObject({
      code: "DATA_MALFORMED",
      message: expect.stringContaining("3 columns"),
    });
  });

  it("names the line that isn't UTF-8", async () => {
    const latin1 = Buffer.from("a\nplain\nna\u00efve\n", "latin1");
    await expect(readContent("a.csv", latin1)).rejects.toMatchObject({ code: "DATA_NOT_UTF8", details: { line: 3 } });
  });

  it("gives back what was written, however the bytes are cut", async () => {
    const value = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r\n", "é", "😀", " ", "\t") });
    const lengths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(value, value)), lengths, async (written, pieces) => {
        const text = ["left,right", ...written.map((pair) => pair.map(quoted).join(","))].join("\n");
        const read: Row[] = [];
        const source = inPieces(Buffer.from(text), pieces);
        for await (const batch of readDelimited({ location: "unused", path: "a.csv" }, source, { layout: "csv" }))
          read.push(...batch);
        expect(read).toEqual(written.map(([left, right]) => ({ left, right })));
      }),
    );
  });
});

describe("TSV", () => {
  it("knows no quotes", async () => {
    expect(await readContent("a.tsv", 'q\ta\n"Hi," she said.\t"3\n')).toEqual([{ q: '"Hi," she said.', a: '"3' }]);
  });

  it("takes given names where there is no header", async () => {
    expect(await readContent("a.tsv", "How many?\t18\n", { columns: ["question", "answer"] })).toEqual([
      { question: "How many?", answer: "18" },
    ]);
  });
});

const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`;
