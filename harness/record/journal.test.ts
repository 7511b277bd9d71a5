import { appendFileSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { openJournal, readLines } from "./index.ts";

const newPath = () => join(mkdtempSync(join(tmpdir(), "assay-journal-")), "samples-00000.jsonl");

async function linesOf(path: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const { text } of readLines(path)) lines.push(text);
  return lines;
}

test("lines come back in the order of their places, whatever their number", async () => {
  const path = newPath();
  const journal = await openJournal(path, 0);
  const places = await Promise.all(
    Array.from({ length: 500 }, (_, index) => journal.append(`{"n":${index},"text":"ü\\n"}`)),
  );
  expect(await journal.read(places[321]!)).toBe('{"n":321,"text":"ü\\n"}');
  await journal.close();
  expect(await linesOf(path)).toHaveLength(500);
});

test("a line torn by a crash is left out, and cut off when the journal goes on", async () => {
  const path = newPath();
  const first = await openJournal(path, 0);
  const place = await first.append("whole");
  await first.close();
  appendFileSync(path, '{"torn');
  expect(await linesOf(path)).toEqual(["whole"]);
  const again = await openJournal(path, place.offset + place.length + 1);
  await again.append("next");
  await again.close();
  expect(readFileSync(path, "utf8")).toBe("whole\nnext\n");
});

test("lines longer than the reader's chunk are put together", async () => {
  const path = newPath();
  const journal = await openJournal(path, 0);
  const long = "x".repeat(3_000_000);
  await journal.append(long);
  await journal.append("short");
  await journal.close();
  expect((await linesOf(path)).map((line) => line.length)).toEqual([3_000_000, 5]);
});

test("written lines are brought onto the disk while more are written, and no more often than that", async () => {
  const { promise: synced, resolve } = Promise.withResolvers<string>();
  const path = newPath();
  let syncs = 0;
  const sync = async () => {
    syncs += 1;
    resolve(readFileSync(path, "utf8"));
  };
  const journal = await openJournal(path, 0, { everyMs: 5, sync });
  await Promise.all(["one", "two", "three"].map((line) => journal.append(line)));
  expect(await synced).toBe("one\ntwo\nthree\n");
  await journal.close();
  expect(syncs).toBe(1);
});

test("a disk that doesn't take what was written is said at the next line, and at the end", async () => {
  const { promise: failed, resolve } = Promise.withResolvers<void>();
  const sync = async () => {
    resolve();
    throw Object.assign(new Error("EIO: i/o error"), { code: "EIO" });
  };
  const journal = await openJournal(newPath(), 0, { everyMs: 1, sync });
  await journal.append("one");
  await failed;
  await nextTurn();
  await expect(journal.append("two")).rejects.toMatchObject({ code: "JOURNAL_UNWRITABLE", why: "EIO: i/o error" });
  await expect(journal.close()).rejects.toMatchObject({ code: "JOURNAL_UNWRITABLE" });
});
