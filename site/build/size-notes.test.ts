import { expect, test } from "vitest";
import { sizeNotes } from "./size-notes.ts";

const files = (count: number, bytes: number, more: { role?: string; external?: true } = {}) =>
  Array.from({ length: count }, (_, at) => ({
    name: `${at}`,
    path: `d/${at}`,
    sha256: "",
    bytes,
    role: "samples",
    ...more,
  }));

test("samples that any host takes are no news", () => {
  expect(sizeNotes(files(12_000, 25_000))).toEqual([]);
});

test("too many files, or too many bytes, are told with what to do", () => {
  expect(sizeNotes(files(12_001, 10))).toEqual([expect.stringContaining("storage: external")]);
  expect(sizeNotes(files(4000, 100_000))).toEqual([expect.stringMatching(/400.MB in 4.000 files/)]);
});

test("what is stored elsewhere, or isn't a sample, doesn't count", () => {
  expect(
    sizeNotes([...files(13_000, 100_000, { external: true }), ...files(13_000, 100_000, { role: "run record" })]),
  ).toEqual([]);
});
