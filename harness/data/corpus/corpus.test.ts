import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { findCorpusFiles, openDocuments } from "../index.ts";
import { collect } from "../testing/collect.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";

function corpus(files: Record<string, string | Buffer>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

async function documents(folder: string): Promise<Record<string, string[]>> {
  const read: Record<string, string[]> = {};
  for (const file of (await findCorpusFiles([folder])).files) {
    const texts: string[] = [];
    read[file.path.slice(folder.length + 1)] = texts;
    for await (const { text, document } of openDocuments(file)) texts[document] = (texts[document] ?? "") + text;
  }
  return read;
}

test("every file below a folder is found, in order of names; links and unknown kinds aren't read", async () => {
  const folder = corpus({ "b.txt": "b", "a/deep/c.jsonl": "{}", "a/d.bin": "", "a/e.MD.gz": "", "f.parquet": "x" });
  symlinkSync(folder, join(folder, "a", "loop"));
  const { files, skipped } = await findCorpusFiles([folder, join(folder, "b.txt")]);
  expect(files.map(({ path, kind, bytes }) => [path.slice(folder.length + 1), kind, bytes])).toEqual([
    ["a/deep/c.jsonl", "rows", 2],
    ["a/e.MD.gz", "text", 0],
    ["b.txt", "text", 1],
    ["f.parquet", "rows", 1],
    ["b.txt", "text", 1],
  ]);
  expect(skipped).toEqual([join(folder, "a/d.bin")]);
});

test("a path where nothing is, and a folder without a readable file, are refused", async () => {
  await expect(findCorpusFiles(["/nowhere/at/all"])).rejects.toMatchObject({ code: "CORPUS_MISSING" });
  await expect(findCorpusFiles([corpus({ "a.exe": "" })])).rejects.toMatchObject({
    code: "CORPUS_EMPTY",
    details: { skipped: 1 },
  });
});

test("a row is a document of all its strings, a text file is one document, compressed or not", async () => {
  const rows = '{"text":"one","meta":{"tags":["two",3,null]}}\n{"text":"three"}\n';
  const folder = corpus({
    "a.jsonl": rows,
    "b.jsonl.gz": gzipSync(rows),
    "c.jsonl.zst": zstdCompressSync(rows),
    "d.csv": "q,a\nwhy,because\n",
    "e.txt": "first\nsecond",
    "f.md.gz": gzipSync("# title"),
    "g.txt": "",
  });
  const two = ["one\ntwo", "three"];
  expect(await documents(folder)).toEqual({
    "a.jsonl": two,
    "b.jsonl.gz": two,
    "c.jsonl.zst": two,
    "d.csv": ["why\nbecause"],
    "e.txt": ["first\nsecond"],
    "f.md.gz": ["# title"],
    "g.txt": [""],
  });
});

test.each(["long.txt", "long.jsonl"])(
  "a long document (%s) comes in bounded pieces that overlap, so that nothing short is cut in two",
  async (name) => {
    const lines = Array.from({ length: 60_000 }, (_, number) => `line ${number} of many`);
    const content = name.endsWith("txt") ? lines.join("\n") : JSON.stringify({ text: lines.join("\n") });
    const [file] = (await findCorpusFiles([corpus({ [name]: content })])).files;
    const pieces: string[] = [];
    let whole = 0;
    for await (const { text, document, isWhole } of openDocuments(file!)) {
      expect(document).toBe(0);
      pieces.push(text);
      if (isWhole) whole += 1;
    }
    expect(whole).toBe(1);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(1 << 20);
    expect(pieces.length).toBeGreaterThan(3);
    for (const [number, piece] of pieces.slice(1).entries())
      expect(pieces[number]!.slice(-(1 << 14))).toBe(piece.slice(0, 1 << 14));
    const held = (words: string) => pieces.some((piece) => piece.includes(words));
    expect(
      lines.slice(0, -30).every((_, number) => number % 500 !== 0 || held(lines.slice(number, number + 30).join("\n"))),
    ).toBe(true);
  },
);

test("damage is told", async () => {
  const folder = corpus({ "a.jsonl": '{"text":"one"}\n{"text":' });
  const [file] = (await findCorpusFiles([folder])).files;
  await expect(collect(openDocuments(file!))).rejects.toMatchObject({ code: "DATA_MALFORMED" });
});
