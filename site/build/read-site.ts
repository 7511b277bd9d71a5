import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { InputError } from "@assay/harness/contracts";
import type { ReadSite } from "../data/earlier-snapshots.ts";
import { manifestPath } from "../data/store.ts";

/** Reads a built site: a folder, or where it is published. */
export function siteReader(where: string): ReadSite {
  return /^https?:\/\//i.test(where) ? urlReader(where) : folderReader(where);
}

/** The site that a build is to follow: the one named, else the one that it replaces. `undefined`: it begins a chain. */
export function previousSite(named: string | undefined, out: string): ReadSite | undefined {
  if (named === "none") return undefined;
  if (named !== undefined) return withManifest(siteReader(named), named);
  return existsSync(join(out, manifestPath)) ? folderReader(out) : undefined;
}

/** Where a site was named, its absence is a mistake. */
function withManifest(read: ReadSite, where: string): ReadSite {
  return async (path) => {
    const bytes = await read(path);
    if (bytes === null && path === manifestPath) throw absentSite(where);
    return bytes;
  };
}

/** Says that there is no site. */
export function absentSite(where: string): InputError {
  return new InputError({
    code: "SITE_ABSENT",
    what: `${where} isn't a built site.`,
    why: `It has no ${manifestPath}.`,
    fix: "Build one: assay site build --results <dir> --out <dir>; or name its folder or URL.",
  });
}

function folderReader(folder: string): ReadSite {
  const root = resolve(folder);
  return async (path) => {
    const target = join(root, path);
    return existsSync(target) ? readFile(target) : null;
  };
}

function urlReader(url: string): ReadSite {
  const root = url.endsWith("/") ? url : `${url}/`;
  return async (path) => {
    const address = new URL(path, root);
    const response = await fetch(address).catch((cause: unknown) => {
      throw unreachable(address.href, reasonOf(cause));
    });
    if (response.status === 404 || response.status === 410) return null;
    if (!response.ok) throw unreachable(address.href, `The server answered ${response.status}.`);
    return new Uint8Array(await response.arrayBuffer());
  };
}

/** `fetch` wraps what happened. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error ? cause.cause.message : cause.message;
}

function unreachable(address: string, why: string): InputError {
  const fix = "Check the address and try again.";
  return new InputError({ code: "SITE_UNREACHABLE", what: `${address} can't be read.`, why, fix });
}
