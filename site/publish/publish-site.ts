import { InputError } from "@assay/harness/contracts";
import { checkSite } from "../build/check-site.ts";
import type { Published } from "./site-tree.ts";
import type { HubAccess } from "./to-space.ts";

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
 * @throws InputError `SITE_UNSOUND` before anything is changed, and what the destination refuses
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
  if (to === "dir") return (await import("./to-folder.ts")).publishToFolder(out, target);
  if (to === "github-pages") return (await import("./to-branch.ts")).publishToBranch(out, target);
  return (await import("./to-space.ts")).publishToSpace(out, target, hub);
}
