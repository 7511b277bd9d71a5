import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { InputError } from "@assay/harness/contracts";
import { checkSite } from "../build/check-site.ts";
import type { Published } from "./site-tree.ts";
import type { HubAccess } from "./to-space.ts";
import { type ReadFile, unexplainedChanges } from "./unexplained-changes.ts";

/** Where a built site can go. */
export const destinations = ["dir", "hf-space", "github-pages"] as const;
export type Destination = (typeof destinations)[number];

/** A built site and where it goes: a folder, a Space's `owner/name`, or a git repository. */
export interface Publication {
  out: string;
  to: Destination;
  target: string;
  hub: HubAccess;
}

/**
 * Publishes a built site, after checking that it is sound. What is there already and is the same is not sent again.
 *
 * @throws InputError `SITE_UNSOUND` or `PUBLISH_UNEXPLAINED` before anything is changed, and what the destination refuses
 */
export async function publishSite({ out, to, target, hub }: Publication): Promise<Published> {
  const problems = await checkSite(out);
  if (problems.length > 0) {
    throw new InputError({
      code: "SITE_UNSOUND",
      what: `${out} isn't fit to be published: ${problems[0]}${problems.length > 1 ? ` (and ${problems.length - 1} more)` : ""}.`,
      fix: `Build it again; \`assay site check --out ${out}\` lists everything.`,
    });
  }
  const before = await publishedFiles(to, target, hub);
  const changes = await unexplainedChanges(before, readerOf(resolve(out)));
  if (changes.length > 0) {
    throw new InputError({
      code: "PUBLISH_UNEXPLAINED",
      what: `${changes[0]}${changes.length > 1 ? ` (and ${changes.length - 1} more)` : ""}, and no reason is given.`,
      why: "What was published once is taken back or scored anew only with a reason that readers find.",
      fix: "Write {date, kind: removed or rescored, run, what, reason} into changes.yaml beside the results, and build again.",
      details: { changes },
    });
  }
  if (to === "dir") return (await import("./to-folder.ts")).publishToFolder(out, target);
  if (to === "github-pages") return (await import("./to-branch.ts")).publishToBranch(out, target);
  return (await import("./to-space.ts")).publishToSpace(out, target, hub);
}

/** Reads what the destination shows now. */
async function publishedFiles(to: Destination, target: string, hub: HubAccess): Promise<ReadFile> {
  if (to === "dir") return readerOf(resolve(target));
  if (to === "github-pages") return (await import("./to-branch.ts")).branchReader(target);
  return (await import("./to-space.ts")).spaceReader(target, hub);
}

function readerOf(folder: string): ReadFile {
  return (path) => readFile(join(folder, path), "utf8").catch(() => null);
}
