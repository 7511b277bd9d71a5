import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { itemsHash, openDataset } from "./index.ts";
import { collect } from "./testing/collect.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

function folderWith(files: Record<string, string | Uint8Array>): { baseDir: string } {
  const baseDir = temporaryFolder();
  mkdirSync(join(baseDir, "data"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(baseDir, name), content);
  return { baseDir };
}

describe("local files", () => {
  it("are the split test where only a path is given", async () => {
    const content = "question,answer\n1+1?,2\n";
    const data = await openDataset({ path: "./cases.csv" }, folderWith({ "cases.csv": content }));
    expect(data.splits).toEqual(["test"]);
    expect(await collect(data.rows("test"))).toEqual([
      { index: 0, row: { question: "1+1?", answer: "2" }, file: "./cases.csv" },
    ]);
    expect(data.provenance()).toEqual({
      source: "local",
      repo: null,
      revision: null,
      requestedRevision: null,
      config: null,
      splits: { test: ["./cases.csv"] },
      files: [
        {
          path: "./cases.csv",
          sha256: createHash("sha256").update(content).digest("hex"),
          bytes: content.length,
          rows: 1,
        },
      ],
    });
  });

  it("may be several, in folders, with splits of their own", async () => {
    const at = folderWith({ "data/a.jsonl": '{"n":1}\n', "data/b.tsv": "n\n2\n", "data/c.json": '[{"n":3}]' });
    const data = await openDataset({ path: { test: ["data/a.jsonl", "data/b.tsv"], train: "data/c.json" } }, at);
    expect(data.provenance().files.map((file) => file.rows)).toEqual([null, null, null]);
    expect([await data.count("test"), await data.count("train")]).toEqual([2, 1]);
    expect(data.provenance().files.map((file) => file.rows)).toEqual([1, 1, 1]);
  });

  it("hash to the same items whatever the file", async () => {
    const rows = Array.from({ length: 100 }, (_, n) => ({ n, text: `é${n}` }));
    const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
    const swapped = JSON.stringify(
      rows.map(({ n, text }) => ({ text, n })),
      null,
      2,
    );
    const at = folderWith({
      "a.jsonl": lines,
      "a.jsonl.gz": gzipSync(lines),
      "a.ndjson.zst": zstdCompressSync(lines),
      "a.json": swapped,
    });
    const hashes = new Set<string>();
    for (const path of ["a.jsonl", "a.jsonl.gz", "a.ndjson.zst", "a.json"])
      hashes.add(await itemsHash((await openDataset({ path }, at)).rows("test")));
    expect([...hashes]).toEqual([createHash("sha256").update(lines).digest("hex")]);
  });

  it("hash to other items in another order", async () => {
    expect(await itemsHash([{ row: { a: 1 } }, { row: { a: 2 } }])).not.toBe(
      await itemsHash([{ row: { a: 2 } }, { row: { a: 1 } }]),
    );
  });

  it("can be read twice, and not to the end", async () => {
    const data = await openDataset({ path: "a.jsonl" }, folderWith({ "a.jsonl": '{"n":1}\n{"n":2}\n' }));
    for await (const { row } of data.rows("test")) {
      expect(row).toEqual({ n: 1 });
      break;
    }
    expect(await data.count("test")).toBe(2);
  });

  it("are refused by the nearest name when missing", async () => {
    const at = folderWith({ "cases.csv": "a\n1\n" });
    await expect(openDataset({ path: "case.csv" }, at)).rejects.toMatchObject({
      code: "DATA_LOCAL_MISSING",
      why: "Did you mean cases.csv?",
    });
    await expect(openDataset({ path: "no/cases.csv" }, at)).rejects.toMatchObject({
      code: "DATA_LOCAL_MISSING",
      why: "Its folder doesn't exist.",
    });
  });

  it("are refused when their name tells no format", async () => {
    const at = folderWith({});
    for (const path of ["cases.xlsx", "cases", "cases.parquet.gz"]) {
      await expect(openDataset({ path }, at)).rejects.toMatchObject({
        code: "DATA_FORMAT_UNKNOWN",
        details: { file: path },
      });
    }
  });

  it("are refused when a split is empty or unknown", async () => {
    const data = await openDataset(
      { path: { test: "a.jsonl", validation: "b.csv" } },
      folderWith({ "a.jsonl": "\n\n", "b.csv": "a,b\n" }),
    );
    await expect(data.count("test")).rejects.toMatchObject({ code: "DATA_SPLIT_EMPTY" });
    await expect(collect(data.rows("validation"))).rejects.toMatchObject({ code: "DATA_SPLIT_EMPTY" });
    await expect(data.count("validaton")).rejects.toMatchObject({
      code: "DATA_SPLIT_UNKNOWN",
      details: { nearest: "validation" },
    });
    await expect(data.count("constructor")).rejects.toMatchObject({ code: "DATA_SPLIT_UNKNOWN" });
  });

  it("are refused when a split names no file", async () => {
    await expect(openDataset({ path: { test: [] } }, folderWith({}))).rejects.toMatchObject({
      code: "DATA_SPEC_INVALID",
    });
    await expect(openDataset({ path: {} }, folderWith({}))).rejects.toMatchObject({ code: "DATA_SPEC_INVALID" });
  });
});
