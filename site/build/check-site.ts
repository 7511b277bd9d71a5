import { InputError } from "@assay/harness/contracts";
import { sha256 } from "@assay/harness/record";
import type { ReadSite } from "../data/earlier-snapshots.ts";
import { type DataFile, type Manifest, manifestSchema } from "../data/manifest-schemas.ts";
import { manifestPath } from "../data/store.ts";
import { checkBudget } from "./check/budgets.ts";
import { checkLinks } from "./check/links.ts";
import { checkNumbers, numbersOf } from "./check/numbers.ts";
import { pastNumbers } from "./check/past-numbers.ts";
import { readPage } from "./check/read-page.ts";
import { checkSchema } from "./check/schemas.ts";
import { checkSnapshots, readEntries } from "./check/snapshots.ts";
import { absentSite, siteReader } from "./read-site.ts";
import { folderPaths, publishedPaths } from "./site-paths.ts";

/** Files read side by side: a published site is far away. */
const atOnce = 8;

/**
 * Looks for what is wrong in a built site: files that differ from their hash, data that doesn't fit its schema, a broken
 * chain of snapshots, links that lead nowhere, pages over budget, numbers that are in no data file.
 *
 * @param where folder, or URL where the site is published
 * @returns problems in words; empty: none
 * @throws InputError `SITE_ABSENT`, `SITE_MANIFEST`, `SITE_UNREACHABLE` where there is nothing to check
 */
export async function checkSite(where: string): Promise<string[]> {
  const read = siteReader(where);
  const manifest = await readManifest(read, where);
  const numbers = new Set<number>();
  const problems = await checkFiles(read, manifest, numbers);
  const chain = await checkSnapshots(read, manifest);
  return [...problems, ...chain, ...(await checkPages(where, { read, manifest, numbers }))];
}

async function readManifest(read: ReadSite, where: string): Promise<Manifest> {
  const bytes = await read(manifestPath);
  if (bytes === null) throw absentSite(where);
  try {
    return manifestSchema.parse(JSON.parse(Buffer.from(bytes).toString("utf8")));
  } catch (cause) {
    throw new InputError({
      code: "SITE_MANIFEST",
      what: `${where}: ${manifestPath} isn't a manifest.`,
      why: "It was changed, cut off, or written by another program.",
      fix: "Build the site again.",
      cause,
    });
  }
}

async function checkFiles(read: ReadSite, manifest: Manifest, numbers: Set<number>): Promise<string[]> {
  const files = manifest.files.filter((file) => !file.external);
  const problems: string[][] = [];
  let next = 0;
  const work = async () => {
    for (let at = next++; at < files.length; at = next++) {
      const file = files[at];
      if (file) problems[at] = checkFile(file, await read(file.path), numbers);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return problems.flat();
}

function checkFile(file: DataFile, bytes: Uint8Array | null, numbers: Set<number>): string[] {
  if (bytes === null) return [`${file.path} (${file.name}) is missing`];
  if (sha256(bytes) !== file.sha256) return [`${file.path} (${file.name}) differs from its hash`];
  if (!file.name.endsWith(".json") || file.role === "schema") return [];
  const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
  if (file.role !== "sample index") numbersOf(value, numbers);
  return checkSchema(file, value);
}

async function checkPages(
  where: string,
  { read, manifest, numbers }: { read: ReadSite; manifest: Manifest; numbers: ReadonlySet<number> },
): Promise<string[]> {
  const text = async (path: string) => Buffer.from((await read(path)) ?? new Uint8Array()).toString("utf8");
  const home = await text("index.html");
  if (home === "") return ["index.html is missing"];
  const base = baseOf(home);
  const isFolder = !/^https?:\/\//i.test(where);
  const files = isFolder ? folderPaths(where) : await publishedPaths(read, manifest, base);
  const pages = [...files].filter((name) => name.endsWith(".html")).sort();
  const earlier = (await readEntries(read, manifest)) ?? [];
  const problems: string[] = [];
  for (const name of pages) {
    const html = await text(name);
    const page = readPage(html);
    const found = [
      ...checkBudget(name, html),
      ...checkLinks({ name, page, files, base }),
      ...checkNumbers(name, page, (await pastNumbers(name, { read, earlier })) ?? numbers),
    ];
    problems.push(...found);
  }
  return problems;
}

/** Path that the site is served under, as its home page links to itself. */
function baseOf(home: string): string {
  return /<a class="name" href="([^"]*)"/.exec(home)?.[1] ?? "/";
}
