import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of its own for a test. */
export function scratch(name: string): string {
  return mkdtempSync(join(tmpdir(), `assay-site-${name}-`));
}
