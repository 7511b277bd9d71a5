import { nearestName } from "../contracts/index.ts";
import { ContentError } from "./errors/content-error.ts";
import { readRows, statedRowCount } from "./read/read-rows.ts";
import type { DataFile, DatasetHandle, DatasetProvenance, FileProvenance, IndexedRow } from "./types.ts";

/** A file that has been found and hashed. */
export interface CheckedFile extends DataFile {
  sha256: string;
  bytes: number;
}

/** Everything a handle needs; paths in `splits` are those of `files`. */
export interface HandleParts {
  origin: Omit<DatasetProvenance, "files" | "splits">;
  splits: Record<string, string[]>;
  files: CheckedFile[];
  columns: readonly string[] | undefined;
  /** Name of the data set in messages. */
  title: string;
}

/** Reads what is already here. @throws ContentError if a Parquet footer is damaged */
export async function openHandle({ origin, splits, files, columns, title }: HandleParts): Promise<DatasetHandle> {
  const known = new Map<string, { file: CheckedFile; rows: number | null }>();
  for (const file of files) known.set(file.path, { file, rows: await statedRowCount(file) });

  function filesOf(split: string): { file: CheckedFile; rows: number | null }[] {
    const paths = Object.hasOwn(splits, split) ? splits[split] : undefined;
    if (paths === undefined) throw unknownSplit(title, split, Object.keys(splits));
    return paths.map((path) => known.get(path)!);
  }

  async function* rows(split: string): AsyncGenerator<IndexedRow> {
    let index = 0;
    for (const entry of filesOf(split)) {
      const start = index;
      for await (const batch of readRows(entry.file, columns === undefined ? {} : { columns })) {
        for (const row of batch) yield { index: index++, row, file: entry.file.path };
      }
      entry.rows = index - start;
    }
    if (index === 0) throw emptySplit(title, split);
  }

  async function count(split: string): Promise<number> {
    const entries = filesOf(split);
    if (entries.some((entry) => entry.rows === null)) for await (const _row of rows(split));
    const total = entries.reduce((sum, entry) => sum + (entry.rows ?? 0), 0);
    if (total === 0) throw emptySplit(title, split);
    return total;
  }

  return {
    splits: Object.keys(splits),
    rows,
    count,
    provenance: () => ({ ...origin, splits, files: [...known.values()].map(toProvenance) }),
  };
}

function toProvenance({ file, rows }: { file: CheckedFile; rows: number | null }): FileProvenance {
  return { path: file.path, sha256: file.sha256, bytes: file.bytes, rows };
}

/** The error for a split that a data set doesn't have. */
export function unknownSplit(title: string, split: string, known: string[]): ContentError {
  const nearest = nearestName(split, known);
  return new ContentError({
    code: "DATA_SPLIT_UNKNOWN",
    what: `${title} has no split ${JSON.stringify(split)}.`,
    why:
      nearest === undefined
        ? `It has: ${known.join(", ")}.`
        : `Did you mean ${JSON.stringify(nearest)}? It has: ${known.join(", ")}.`,
    fix: "Name one of them, or add the split to the task's dataset.",
    details: { split, nearest: nearest ?? null, known },
  });
}

function emptySplit(title: string, split: string): ContentError {
  return new ContentError({
    code: "DATA_SPLIT_EMPTY",
    what: `The split ${JSON.stringify(split)} of ${title} has no rows.`,
    fix: "Check that the task names the right file.",
    details: { split },
  });
}
