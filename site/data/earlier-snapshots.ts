import { gzipSync } from "node:zlib";
import { InputError } from "@assay/harness/contracts";
import { sha256 } from "@assay/harness/record";
import { z } from "zod";
import { type EarlierSnapshot, earlierSnapshotSchema, type Manifest, manifestSchema } from "./manifest-schemas.ts";
import { siteSchema } from "./schemas.ts";
import { type DataStore, manifestPath } from "./store.ts";

/** Reads a file of a site by its path from the site's root; `null` where there is none. */
export type ReadSite = (path: string) => Promise<Uint8Array | null>;

/** Logical name of the list of earlier snapshots. */
export const snapshotsName = "snapshots.json";

/**
 * Makes a site follow the one before it: its manifest names the other's hash, and the other's manifest and scores are
 * taken over, with everything that it had taken over itself. Built from the same data, a site keeps its place instead.
 *
 * @returns earlier snapshots, the oldest first
 * @throws InputError `SITE_PREVIOUS` where the site before can't be read whole: a chain isn't broken in silence
 */
export async function followPrevious(read: ReadSite, store: DataStore, snapshot: string): Promise<EarlierSnapshot[]> {
  const bytes = await read(manifestPath);
  if (bytes === null) return [];
  const manifest = parseJson(manifestSchema, bytes, manifestPath);
  const load = (name: string) => loadFile(read, manifest, name);
  const list = await load(snapshotsName);
  const known = list === null ? [] : parseJson(z.array(earlierSnapshotSchema), list, snapshotsName);
  const entries: EarlierSnapshot[] = [];
  for (const [at, entry] of known.entries()) {
    const [packed, scores] = [await load(nameOf(at, "manifest.bin")), await load(nameOf(at, "scores.csv"))];
    if (packed === null) throw damaged(nameOf(at, "manifest.bin"), "It is missing.");
    entries.push(put(store, at, { entry, packed, scores }));
  }
  if (manifest.snapshot === snapshot) store.follow(manifest.previous);
  else {
    const info = parseJson(siteSchema, (await load("site.json")) ?? new Uint8Array(), "site.json");
    const entry = {
      snapshot: manifest.snapshot,
      generator: manifest.generator,
      updated: info.updated,
      runs: info.totals.runs,
      manifest: sha256(bytes),
    };
    const scores = await load("scores.csv");
    entries.push(put(store, entries.length, { entry, packed: gzipSync(bytes, { level: 9 }), scores }));
    store.follow(entry.manifest);
  }
  if (entries.length > 0) store.json(snapshotsName.replace(".json", ""), "earlier snapshots", entries);
  return entries;
}

/** By number: the same snapshot can come back after another. */
function nameOf(at: number, file: string): string {
  return `snapshots/${String(at + 1).padStart(4, "0")}.${file}`;
}

function put(
  store: DataStore,
  at: number,
  parts: {
    entry: Omit<EarlierSnapshot, "manifestFile" | "scoresFile">;
    packed: Uint8Array;
    scores: Uint8Array | null;
  },
): EarlierSnapshot {
  const { entry, packed, scores } = parts;
  const add = (file: string, content: Uint8Array) =>
    store.bytes({ name: nameOf(at, file), role: "earlier snapshot", content });
  return {
    ...entry,
    manifestFile: add("manifest.bin", packed),
    scoresFile: scores === null ? null : add("scores.csv", scores),
  };
}

async function loadFile(read: ReadSite, manifest: Manifest, name: string): Promise<Uint8Array | null> {
  const file = manifest.files.find((entry) => entry.name === name);
  if (!file) return null;
  const bytes = await read(file.path);
  if (bytes === null) throw damaged(name, "It is missing.");
  if (sha256(bytes) !== file.sha256) throw damaged(name, "It isn't the file that the manifest describes.");
  return bytes;
}

function parseJson<T>(schema: z.ZodType<T>, bytes: Uint8Array, name: string): T {
  try {
    return schema.parse(JSON.parse(Buffer.from(bytes).toString("utf8")));
  } catch (cause) {
    throw damaged(name, cause instanceof z.ZodError ? (cause.issues[0]?.message ?? "") : String(cause));
  }
}

function damaged(name: string, why: string): InputError {
  return new InputError({
    code: "SITE_PREVIOUS",
    what: `The site that this one is to follow can't be read: ${name}.`,
    why,
    fix: "Name a whole one with --previous <folder or URL>, or begin anew with --previous none.",
  });
}
