import { openAsBlob } from "node:fs";
import { join } from "node:path";
import { InputError } from "@assay/harness/contracts";
import { commit, createRepo, HubApiError, type ListFileEntry, listFiles, type RepoDesignation } from "@huggingface/hub";
import { contentId, gitBlobId, type Published, siteFiles } from "./site-tree.ts";
import type { ReadFile } from "./unexplained-changes.ts";

/** How to reach the Hub. */
export interface HubAccess {
  endpoint: string;
  /** `null`: none was found. */
  token: string | null;
}

/** Files that belong to the Space and not to the site. */
const ofTheSpace = new Set([".gitattributes", "README.md"]);

/**
 * Brings a static Hugging Face Space up to date in one commit: only what differs is sent, what is gone is deleted. The Space is
 * created where there is none.
 *
 * @param name `owner/name`
 * @throws InputError `PUBLISH_TOKEN`, `PUBLISH_HUB`
 */
export async function publishToSpace(out: string, name: string, hub: HubAccess): Promise<Published> {
  if (hub.token === null) {
    throw new InputError({
      code: "PUBLISH_TOKEN",
      what: "Publishing to a Space needs a token, and none was found.",
      fix: "Set HF_TOKEN to a token that may write to the Space (huggingface.co/settings/tokens).",
    });
  }
  const access = { repo: { type: "space", name } as const, hubUrl: hub.endpoint, accessToken: hub.token };
  try {
    return await bringUpToDate(out, access);
  } catch (cause) {
    if (!(cause instanceof HubApiError)) throw cause;
    throw new InputError({
      code: "PUBLISH_HUB",
      what: `The Hub refused to publish to ${name} (HTTP ${cause.statusCode}).`,
      why: cause.message.replaceAll(hub.token, "…"),
      fix: "Check the Space's name, and that the token may write to it. Nothing was changed.",
      details: { status: cause.statusCode, requestId: cause.requestId ?? null },
    });
  }
}

/** Reads files of the Space as it is. */
export function spaceReader(name: string, { endpoint, token }: HubAccess): ReadFile {
  return async (path) => {
    const address = `${endpoint}/spaces/${name}/resolve/main/${path}`;
    const headers = token === null ? {} : { authorization: `Bearer ${token}` };
    // A Hub that can't be reached is reported by the publication itself.
    const response = await fetch(address, { headers }).catch(() => null);
    return response?.ok ? response.text() : null;
  };
}

interface Access {
  repo: RepoDesignation & { type: "space"; name: string };
  hubUrl: string;
  accessToken: string;
}

async function bringUpToDate(out: string, access: Access): Promise<Published> {
  const present = await presentFiles(access);
  const files = siteFiles(out);
  const changed: string[] = [];
  for (const file of files) if (!(await isSame(join(out, file), present.get(file)))) changed.push(file);
  const kept = new Set(files);
  const gone = [...present.keys()].filter((file) => !kept.has(file) && !ofTheSpace.has(file));
  if (changed.length + gone.length > 0) {
    const operations = [];
    for (const path of changed)
      operations.push({ operation: "addOrUpdate" as const, path, content: await openAsBlob(join(out, path)) });
    for (const path of gone) operations.push({ operation: "delete" as const, path });
    await commit({ ...access, title: "Publish the site", operations });
  }
  const where = `${access.hubUrl}/spaces/${access.repo.name}`;
  return { where, changed: changed.length, removed: gone.length, unchanged: files.length - changed.length };
}

async function isSame(path: string, entry: ListFileEntry | undefined): Promise<boolean> {
  if (!entry) return false;
  return entry.lfs ? entry.lfs.oid === (await contentId(path)) : entry.oid === (await gitBlobId(path));
}

/** What the Space holds; an absent one is created as a static Space. */
async function presentFiles(access: Access): Promise<Map<string, ListFileEntry>> {
  const present = new Map<string, ListFileEntry>();
  try {
    for await (const entry of listFiles({ ...access, recursive: true }))
      if (entry.type === "file") present.set(entry.path, entry);
  } catch (error) {
    if (!(error instanceof HubApiError) || error.statusCode !== 404) throw error;
    const readme = new Blob([spaceCard(access.repo.name)]);
    await createRepo({ ...access, sdk: "static", files: [{ path: "README.md", content: readme }] });
  }
  return present;
}

function spaceCard(name: string): string {
  return `---\ntitle: ${name.split("/").at(-1)}\nsdk: static\napp_file: index.html\n---\n\nA leaderboard made by Assay.\n`;
}
