import { existsSync, readdirSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import { InputError } from "../../contracts/index.ts";
import { sha256 } from "../hash.ts";

/** A file of another program, read whole. */
export interface ForeignFile {
  path: string;
  bytes: Buffer;
  sha256: string;
}

/** Names that lm-evaluation-harness and Inspect give: Inspect's logs begin with the time. */
const resultName = /^results_.*\.json$|\.eval$|^\d{4}-\d\d-\d\dT.*\.json$/;

/** Files that a path names: itself, or all below a folder that look like results. @throws InputError `IMPORT_MISSING` */
export function foreignPaths(path: string): string[] {
  if (!existsSync(path)) {
    throw new InputError({
      code: "IMPORT_MISSING",
      what: `There is no ${path}.`,
      fix: "Name a results_*.json of lm-evaluation-harness, a log of Inspect (.json, .eval), or a folder of either.",
    });
  }
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && resultName.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** @throws InputError `IMPORT_UNREADABLE` */
export async function readForeign(path: string): Promise<ForeignFile> {
  try {
    const bytes = await readFile(path);
    if (!path.endsWith(".eval") && bytes.length > mostText) throw new Error(`It has ${bytes.length} bytes.`);
    return { path, bytes, sha256: sha256(bytes) };
  } catch (cause) {
    throw new InputError({
      code: "IMPORT_UNREADABLE",
      what: `${path} can't be read as a whole.`,
      why: cause instanceof Error ? cause.message : String(cause),
      fix: "Name a file that you may read, of less than 500 MB.",
      cause,
    });
  }
}

/** Bytes that surely fit into one text. */
const mostText = 500_000_000;

/** JSON as Python writes it: NaN and Infinity become null. @throws InputError `IMPORT_NOT_JSON` */
export function parsePythonJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    try {
      // Only outside of strings: each match is a whole string or one of the words.
      return JSON.parse(
        text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/g, (part) =>
          part.startsWith('"') ? part : "null",
        ),
      );
    } catch {
      throw new InputError({
        code: "IMPORT_NOT_JSON",
        what: `${path} isn't JSON.`,
        why: cause instanceof Error ? cause.message : String(cause),
        fix: "Check that the file is whole.",
        cause,
      });
    }
  }
}

/** Checks a foreign value against what we need of it. @throws InputError `IMPORT_UNKNOWN_FORM` naming the first difference */
export function checkForeign<T>(
  schema: z.ZodType<T>,
  value: unknown,
  { path, what }: { path: string; what: string },
): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new InputError({
    code: "IMPORT_UNKNOWN_FORM",
    what: `${path} isn't ${what} as far as we know them.`,
    why: `${issue?.path.join(".") || "The file"}: ${issue?.message}.`,
    fix: "Tell us which version wrote it; other files of the folder are not affected.",
  });
}
