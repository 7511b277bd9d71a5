import type { RunRecord } from "@assay/harness/contracts";
import type { Change } from "../data/declared-schemas.ts";
import { type Manifest, manifestSchema } from "../data/manifest-schemas.ts";
import { primaryScore } from "../data/primary-score.ts";
import { manifestPath } from "../data/store.ts";

/** Reads a file of a site by its path; `null` where there is none. */
export type ReadFile = (path: string) => Promise<string | null>;

/**
 * What was published before and would vanish, or show another score, without a word about it: a published result is
 * taken back or scored anew only with a reason that readers find in the changelog.
 *
 * @returns in words; empty: nothing
 */
export async function unexplainedChanges(before: ReadFile, now: ReadFile): Promise<string[]> {
  const [old, fresh] = [await manifestOf(before), await manifestOf(now)];
  if (!old || !fresh) return [];
  const [was, is] = [recordsOf(old), recordsOf(fresh)];
  const explained = await explainedRuns(fresh, now);
  const found: string[] = [];
  for (const [run, file] of was) {
    const present = is.get(run);
    if (explained.has(run) || present?.sha256 === file.sha256) continue;
    if (!present) found.push(`${run} was published and is gone`);
    else if (await isOtherScore([before, file.path], [now, present.path])) found.push(`${run} shows another score`);
  }
  return found;
}

async function manifestOf(read: ReadFile): Promise<Manifest | null> {
  const text = await read(manifestPath);
  if (text === null) return null;
  // Something else, or a site of another format: there is nothing in it that could be compared.
  const parsed = manifestSchema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : null;
}

function recordsOf(manifest: Manifest): Map<string, Manifest["files"][number]> {
  const records = manifest.files.filter((file) => file.role === "run record");
  return new Map(records.map((file) => [file.name.replace(/^runs\/|\.json$/g, ""), file]));
}

async function explainedRuns(manifest: Manifest, read: ReadFile): Promise<Set<string>> {
  const path = manifest.files.find((file) => file.role === "changes")?.path;
  const changes = path === undefined ? [] : (JSON.parse((await read(path)) ?? "[]") as Change[]);
  const declared = changes.filter(({ kind, reason }) => (kind === "removed" || kind === "rescored") && reason !== null);
  return new Set(declared.flatMap((change) => change.run ?? []));
}

type Place = [read: ReadFile, path: string];

async function isOtherScore(before: Place, now: Place): Promise<boolean> {
  const [old, fresh] = await Promise.all(
    [before, now].map(async ([read, path]) => JSON.parse((await read(path)) ?? "null") as RunRecord | null),
  );
  // A partial run had no score that counted: finishing it takes nothing back.
  if (!old || !fresh || old.partial) return false;
  return primaryScore(old)?.value !== primaryScore(fresh)?.value;
}
