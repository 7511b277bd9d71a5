import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "@assay/harness/record";
import { manifestSchema } from "../data/schemas.ts";
import { manifestPath } from "../data/store.ts";

/** Looks for what is wrong in a built site. @returns problems in words; empty: none */
export async function checkSite(out: string): Promise<string[]> {
  const path = join(out, manifestPath);
  if (!existsSync(path)) return [`${out} has no ${manifestPath}: it isn't a built site`];
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  return manifest.files.flatMap((file) => {
    const target = join(out, file.path);
    if (!existsSync(target)) return [`${file.path} (${file.name}) is missing`];
    return sha256(readFileSync(target)) === file.sha256 ? [] : [`${file.path} (${file.name}) differs from its hash`];
  });
}
