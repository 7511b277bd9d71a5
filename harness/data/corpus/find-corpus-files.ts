import { readdir, stat } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { InputError } from "../../contracts/index.ts";
import type { DataFile } from "../types.ts";

/** A file of a corpus, by what its name says it holds. */
export interface CorpusFile extends DataFile {
  /** `rows`: each row is a document; `text`: the file is one. */
  kind: "rows" | "text";
  /** As stored. */
  bytes: number;
}

const rows = /\.(?:(?:jsonl|ndjson|json|csv|tsv)(?:\.(?:gz|zst))?|parquet)$/i;
const text = /\.(?:txt|text|md)(?:\.(?:gz|zst))?$/i;

/**
 * Every file of a corpus, folders all the way down, in the order of names. Links inside folders aren't followed.
 *
 * @returns the files that can be read, and the paths of those whose name tells no format
 * @throws InputError `CORPUS_MISSING`, `CORPUS_EMPTY`
 */
export async function findCorpusFiles(paths: readonly string[]): Promise<{ files: CorpusFile[]; skipped: string[] }> {
  const files: CorpusFile[] = [];
  const skipped: string[] = [];
  for (const path of paths) {
    const root = resolve(path);
    const facts = await stat(root).catch((cause: unknown) => {
      throw new InputError({
        code: "CORPUS_MISSING",
        what: `There is nothing at ${path}.`,
        fix: "Name a file or a folder of text: --corpus <path>.",
        details: { path },
        cause,
      });
    });
    const found = facts.isDirectory() ? await below(root) : [root];
    for (const location of found) {
      const name = facts.isDirectory() ? join(path, relative(root, location)) : path;
      const kind = rows.test(location) ? "rows" : text.test(location) ? "text" : undefined;
      if (kind) files.push({ location, path: name, kind, bytes: (await stat(location)).size });
      else skipped.push(name);
    }
  }
  if (files.length > 0) return { files, skipped };
  throw new InputError({
    code: "CORPUS_EMPTY",
    what: `There is no file to read in ${paths.join(", ")}.`,
    why: "The name of a file decides how it is read.",
    fix: "Use .txt, .md, .jsonl, .json, .csv or .tsv, each also with .gz or .zst, or .parquet.",
    details: { skipped: skipped.length },
  });
}

async function below(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await below(path)));
    else if (entry.isFile()) found.push(path);
  }
  return found;
}
