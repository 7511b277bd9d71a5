import { existsSync, mkdtempSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "./make-folder.ts";

const root = mkdtempSync(join(tmpdir(), "assay-folders-"));

test("a folder is made with those above it, and left alone where it is", () => {
  const deep = join(root, "a/ü 日本/c");
  makeFolder(deep);
  makeFolder(deep);
  expect(statSync(deep).isDirectory()).toBe(true);
  symlinkSync(deep, join(root, "link"));
  makeFolder(join(root, "link/d"));
  expect(existsSync(join(deep, "d"))).toBe(true);
});

test("what can't be made is said at once", () => {
  writeFileSync(join(root, "file"), "");
  symlinkSync(join(root, "nowhere"), join(root, "dangling"));
  const codeOf = (path: string): unknown => {
    try {
      return makeFolder(path);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code;
    }
  };
  expect(codeOf(join(root, "file"))).toBe("EEXIST");
  expect(codeOf(join(root, "file/a/b"))).toBe("ENOTDIR");
  expect(codeOf(join(root, "dangling/a"))).toBe("ENOENT");
  expect(codeOf(join(root, "x".repeat(300)))).toBe("ENAMETOOLONG");
  expect(codeOf(join(root, "a\0b"))).toBe("ERR_INVALID_ARG_VALUE");
});

test.runIf(existsSync("/proc/self"))("a place that takes no folders doesn't hold the command up", () => {
  expect(() => makeFolder("/proc/assay/runs/a")).toThrow(/ENOENT/);
});
