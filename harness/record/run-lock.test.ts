import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { lockRun } from "./index.ts";

const holder = (folder: string) =>
  spawn(process.execPath, [
    "--expose-gc",
    "--input-type=module",
    "-e",
    `import { lockRun } from ${JSON.stringify(fileURLToPath(new URL("./run-lock.ts", import.meta.url)))};
     lockRun(${JSON.stringify(folder)});
     setTimeout(() => { gc(); console.log("locked"); setInterval(() => {}, 1000); });`,
  ]);

test("a second process is refused, even when nothing refers to the lock, and a killed one leaves nothing behind", async () => {
  const folder = mkdtempSync(join(tmpdir(), "assay-lock-"));
  const child = holder(folder);
  await new Promise((resolve) => child.stdout.once("data", resolve));
  expect(() => lockRun(folder)).toThrow(/Another process/);
  const gone = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGKILL");
  await gone;
  const unlock = lockRun(folder);
  expect(() => lockRun(folder)).toThrow(/Another process/);
  unlock();
  expect(readdirSync(folder)).toEqual([]);
  lockRun(folder)();
});

test("a folder that can't be locked isn't said to be in use", () => {
  const folder = mkdtempSync(join(tmpdir(), "assay-lock-"));
  mkdirSync(join(folder, ".lock"));
  expect(() => lockRun(folder)).toThrow(expect.objectContaining({ code: "RESULTS_UNWRITABLE" }));
  const other = mkdtempSync(join(tmpdir(), "assay-lock-"));
  writeFileSync(
    join(other, ".lock"),
    "something else that somebody put here, longer than a header would be\n".repeat(9),
  );
  expect(() => lockRun(other)).toThrow(expect.objectContaining({ code: "RESULTS_UNWRITABLE" }));
});
