import { ContentError } from "./errors/content-error.ts";
import { unknownSplit } from "./open-handle.ts";
import { formatOf } from "./read/format-of.ts";

/** Split → file or files, as a task may write it, with a list for each. */
export function pathsOf(splits: Readonly<Record<string, string | readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(splits).map(([split, paths]) => [split, [paths].flat()]));
}

/**
 * The splits to open: those asked for, else all.
 *
 * @throws ContentError `DATA_SPLIT_UNKNOWN`, `DATA_SPEC_INVALID`, `DATA_FORMAT_UNKNOWN`: all before anything is fetched
 */
export function selectSplits(
  title: string,
  all: Record<string, string[]>,
  wanted: readonly string[] | undefined,
): Record<string, string[]> {
  const names = wanted ?? Object.keys(all);
  const unknown = names.find((name) => !Object.hasOwn(all, name));
  if (unknown !== undefined) throw unknownSplit(title, unknown, Object.keys(all));
  const chosen = Object.fromEntries(names.map((name) => [name, all[name]!]));
  const withoutFiles = names.find((name) => chosen[name]!.length === 0);
  if (withoutFiles !== undefined || names.length === 0) {
    throw new ContentError({
      code: "DATA_SPEC_INVALID",
      what:
        withoutFiles === undefined
          ? `${title} has no splits.`
          : `The split ${JSON.stringify(withoutFiles)} of ${title} names no file.`,
      fix: "Write split: file in the task's dataset.",
    });
  }
  for (const path of uniquePaths(chosen)) formatOf(path);
  return chosen;
}

/** Every file once, in reading order. */
export function uniquePaths(splits: Record<string, string[]>): string[] {
  return [...new Set(Object.values(splits).flat())];
}
