import { existsSync, readdirSync, realpathSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { InputError } from "@assay/harness/contracts";
import { manifestPath } from "../data/store.ts";

/**
 * Whether a build may replace its output folder, and nothing that it reads is in there.
 *
 * @throws InputError `SITE_OUT_OCCUPIED`, `SITE_OUT_OVERLAPS`
 */
export function checkOut(target: string, results: string): void {
  const [out, read] = [realPath(target), realPath(results)];
  if (`${read}${sep}`.startsWith(`${out}${sep}`) || `${out}${sep}`.startsWith(`${join(read, "runs")}${sep}`)) {
    throw new InputError({
      code: "SITE_OUT_OVERLAPS",
      what: `The site can't go to ${target}: the records are there.`,
      why: "A build replaces the whole folder.",
      fix: "Give a folder outside of the records with --out.",
    });
  }
  if (!existsSync(target) || readdirSync(target).length === 0 || existsSync(join(target, manifestPath))) return;
  throw new InputError({
    code: "SITE_OUT_OCCUPIED",
    what: `${target} holds files that aren't a site of ours.`,
    why: "A build replaces the whole folder.",
    fix: "Give an empty or new folder with --out.",
  });
}

/** Absolute and without links, as far as it exists. */
function realPath(path: string): string {
  const absolute = resolve(path);
  if (existsSync(absolute)) return realpathSync(absolute);
  const parent = dirname(absolute);
  return parent === absolute ? absolute : join(realPath(parent), absolute.slice(parent.length));
}

/**
 * The path that a site is served under, with a slash at both ends.
 *
 * @throws InputError `SITE_BASE` on anything but plain segments: an address, spaces, dots that climb
 */
export function basePath(base: string): string {
  const path = `/${base.replace(/^\/+|\/+$/g, "")}/`.replace("//", "/");
  if (path.split("/").every((part) => /^[\w.~-]*$/.test(part) && !/^\.+$/.test(part))) return path;
  const address = URL.canParse(base) ? new URL(base).pathname : null;
  throw new InputError({
    code: "SITE_BASE",
    what: `"${base}" is no path that a site can be served under.`,
    why: "It is the part of the address after the host: segments of letters, digits and . _ ~ -.",
    fix: address === null ? "Give it like --base /team/board." : `Give the path alone: --base ${address}`,
  });
}
