import { gunzipSync } from "node:zlib";
import { sha256 } from "@assay/harness/record";
import { z } from "zod";
import { type ReadSite, snapshotsName } from "../../data/earlier-snapshots.ts";
import {
  type EarlierSnapshot,
  earlierSnapshotSchema,
  type Manifest,
  manifestSchema,
} from "../../data/manifest-schemas.ts";
import { snapshotOf } from "../../data/store.ts";

/** Whether a manifest has the snapshot it claims, and the chain of those before it is whole: each holds the hash of the last. */
export async function checkSnapshots(read: ReadSite, manifest: Manifest): Promise<string[]> {
  const problems: string[] = [];
  if (snapshotOf(manifest.files) !== manifest.snapshot) {
    problems.push(
      `the manifest calls itself snapshot ${manifest.snapshot}, but its files make ${snapshotOf(manifest.files)}`,
    );
  }
  const entries = await readEntries(read, manifest);
  if (entries === null) return [...problems, `${snapshotsName} isn't a list of snapshots`];
  let previous: string | null = null;
  for (const { snapshot, manifest: hash, manifestFile } of entries) {
    const earlier = await unpack(read, manifestFile);
    const name = `earlier snapshot ${snapshot}`;
    if (earlier === null) problems.push(`${name}: its manifest can't be read`);
    else if (sha256(earlier) !== hash) problems.push(`${name}: its manifest differs from its hash`);
    else problems.push(...checkLink(earlier, { name, snapshot, previous }));
    previous = hash;
  }
  if (manifest.previous !== previous) {
    problems.push(
      `the manifest follows ${manifest.previous ?? "nothing"}, the last earlier snapshot is ${previous ?? "none"}`,
    );
  }
  return problems;
}

function checkLink(
  bytes: Uint8Array,
  { name, snapshot, previous }: { name: string; snapshot: string; previous: string | null },
): string[] {
  const parsed = manifestSchema.safeParse(JSON.parse(Buffer.from(bytes).toString("utf8")));
  if (!parsed.success) return [`${name}: its manifest isn't one`];
  const problems: string[] = [];
  if (parsed.data.snapshot !== snapshot || snapshotOf(parsed.data.files) !== snapshot)
    problems.push(`${name}: its manifest is of another snapshot`);
  if (parsed.data.previous !== previous) problems.push(`${name}: it doesn't follow the snapshot before it`);
  return problems;
}

/** The list of earlier snapshots; `null`: it isn't one. */
export async function readEntries(read: ReadSite, manifest: Manifest): Promise<EarlierSnapshot[] | null> {
  const file = manifest.files.find((entry) => entry.name === snapshotsName);
  if (!file) return [];
  const bytes = await read(file.path);
  if (bytes === null) return null;
  const parsed = z.array(earlierSnapshotSchema).safeParse(JSON.parse(Buffer.from(bytes).toString("utf8")));
  return parsed.success ? parsed.data : null;
}

async function unpack(read: ReadSite, path: string): Promise<Uint8Array | null> {
  const packed = await read(path);
  try {
    return packed && gunzipSync(packed);
  } catch {
    return null;
  }
}
