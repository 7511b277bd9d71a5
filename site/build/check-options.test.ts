import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { scratch } from "../testing/scratch.ts";
import { basePath, checkOut } from "./check-options.ts";

describe("the path that a site is served under", () => {
  test.each([
    ["/", "/"],
    ["", "/"],
    ["team/board", "/team/board/"],
    ["/team/board/", "/team/board/"],
    ["//x//", "/x/"],
    ["~me/v1.2", "/~me/v1.2/"],
  ])("%j is %s", (base, path) => {
    expect(basePath(base)).toBe(path);
  });

  test.each(["/a b", "/x/../y", "/./x", "/ü", "/x?y", "/[board]", '/"x', "\\x"])("can't be %j", (base) => {
    expect(() => basePath(base)).toThrow(expect.objectContaining({ code: "SITE_BASE" }));
  });

  test("is taken from an address by whoever gave one", () => {
    expect(() => basePath("https://you.example/board")).toThrow(
      expect.objectContaining({ fix: "Give the path alone: --base /board" }),
    );
  });
});

describe("an output folder", () => {
  const root = scratch("out");
  const results = join(root, "results");
  mkdirSync(join(results, "runs"), { recursive: true });

  test("may be new, empty, or beside the runs", () => {
    checkOut(join(root, "site"), results);
    checkOut(join(results, "site"), results);
  });

  test.each([".", "results", "results/runs", "results/runs/site"])("isn't where the records are: %s", (name) => {
    expect(() => checkOut(join(root, name), results)).toThrow(expect.objectContaining({ code: "SITE_OUT_OVERLAPS" }));
  });

  test("isn't where the records are by another name", () => {
    symlinkSync(results, join(root, "alias"));
    expect(() => checkOut(join(root, "alias", "runs", "site"), results)).toThrow(
      expect.objectContaining({ code: "SITE_OUT_OVERLAPS" }),
    );
  });

  test("isn't one with other things in it", () => {
    mkdirSync(join(root, "thesis"));
    writeFileSync(join(root, "thesis", "thesis.txt"), "years of work");
    expect(() => checkOut(join(root, "thesis"), results)).toThrow(
      expect.objectContaining({ code: "SITE_OUT_OCCUPIED" }),
    );
  });
});
