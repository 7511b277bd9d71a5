import { z } from "zod";

const fileSchema = z.strictObject({
  name: z.string().describe("logical name"),
  path: z.string().describe("content-addressed, relative to the site's root"),
  sha256: z.string(),
  bytes: z.number().int(),
  role: z.string(),
  external: z.literal(true).optional().describe("not part of the site: at the base URL of its samples"),
});

/** Stands in the addresses of pages. */
const snapshotId = z.string().regex(/^[0-9a-f]{12}$/, "a snapshot is twelve hexadecimal digits");

/** A state that a site was published in before; its scores stay readable when the pages show newer ones. */
export const earlierSnapshotSchema = z.strictObject({
  snapshot: snapshotId,
  generator: z.string(),
  updated: z.string().nullable().describe("end of its latest run"),
  runs: z.number().int(),
  manifest: z.string().describe("SHA-256 of its manifest.json, which holds the hash of the one before it"),
  manifestFile: z.string().describe("path of that manifest, as gzip"),
  scoresFile: z.string().nullable().describe("path of its scores.csv"),
});

/** `d/manifest.json`: every data file with its hash. */
export const manifestSchema = z.strictObject({
  format: z.literal("assay-manifest-1"),
  generator: z.string(),
  snapshot: snapshotId.describe("hash over the names and hashes of all files but those of earlier snapshots"),
  previous: z.string().nullable().default(null).describe("SHA-256 of the manifest of the snapshot before; null: none"),
  files: z.array(fileSchema),
});

export type DataFile = z.infer<typeof fileSchema>;
export type EarlierSnapshot = z.infer<typeof earlierSnapshotSchema>;
export type Manifest = z.infer<typeof manifestSchema>;
