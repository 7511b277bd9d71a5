import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

const made: string[] = [];
afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder of its own for a test, gone when the tests of its file are over. */
export function scratch(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `assay-site-${name}-`));
  made.push(folder);
  return folder;
}
