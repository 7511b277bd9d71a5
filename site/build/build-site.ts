import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statfsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { unwritable } from "@assay/harness/record";
import { setCurrentSite } from "../data/current.ts";
import { readResults } from "../data/read-results.ts";
import { makeSiteData } from "../data/site-data.ts";
import { readSiteFiles } from "../data/site-files.ts";
import { DataStore } from "../data/store.ts";
import manifest from "../package.json" with { type: "json" };
import { basePath, checkOut } from "./check-options.ts";
import { previousSite } from "./read-site.ts";
import { sizeNotes } from "./size-notes.ts";
import { writeBadges } from "./write-badges.ts";
import { writeRedirects } from "./write-redirects.ts";

/** What a site is made of and where it goes. */
export interface SiteOptions {
  /** Folder with `runs/`. */
  results: string;
  /** Folder that becomes the site. Samples that are stored elsewhere are put beside it, in `<out>-samples`. */
  out: string;
  /** Path that the site is served under. @default "/" */
  base?: string;
  /**
   * Site that this one follows in the chain of snapshots: a folder or URL; `none` begins a chain.
   *
   * @default the site that is replaced, if there is one
   */
  previous?: string | undefined;
}

/** What was built. */
export interface BuiltSite {
  out: string;
  runs: number;
  pages: number;
  snapshot: string;
  /** What whoever publishes it should know. */
  notes: string[];
}

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Reads run records, checks them, writes data files and pages. The folder appears whole or not at all: everything is
 * made beside it first.
 *
 * @throws InputError on records that can't be shown honestly, or an output folder that holds something else
 */
export async function buildSite({ results, out, base = "/", previous }: SiteOptions): Promise<BuiltSite> {
  const target = resolve(out);
  const path = basePath(base);
  checkOut(target, results);
  const found = readResults(results);
  const files = readSiteFiles(results);
  const work = makeWorkFolder(target);
  try {
    const dataFolder = join(work, "data-files");
    const store = new DataStore(dataFolder, files.site.samples.storage === "external" ? `${target}-samples` : null);
    const generator = `assay ${manifest.version}`;
    const before = previousSite(previous, target);
    const data = await makeSiteData(found, files, { store, generator, previous: before });
    const dataFiles = store.manifest(generator);
    store.close(dataFiles);
    setCurrentSite({ ...data, base: path });
    const site = await buildPages(work, path);
    writeBadges(site, data.runs.values());
    writeRedirects(site, data.models, path);
    for (const name of readdirSync(dataFolder)) renameSync(join(dataFolder, name), join(site, name));
    rmSync(target, { recursive: true, force: true });
    renameSync(site, target);
    const notes = sizeNotes(dataFiles.files);
    return { out: target, runs: found.length, pages: countPages(target), snapshot: data.snapshot, notes };
  } catch (error) {
    // Not everything that writes says that the disk was full.
    if (isFull(work))
      throw unwritable(Object.assign(new Error("", { cause: error }), { code: "ENOSPC" }), notWritten(out));
    throw isOfTheDisk(error) ? unwritable(error, notWritten(out)) : error;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const notWritten = (out: string) => ({ code: "SITE_UNWRITABLE", what: `The site can't be written to ${out}.` });

function makeWorkFolder(target: string): string {
  try {
    mkdirSync(dirname(target), { recursive: true });
    return mkdtempSync(join(dirname(target), `.${basename(target)}-`));
  } catch (error) {
    throw unwritable(error, notWritten(target));
  }
}

function isFull(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize < 64 * 1024;
}

function isOfTheDisk(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return ["ENOSPC", "EDQUOT", "EFBIG", "EROFS", "EACCES", "EPERM", "EIO", "EMFILE"].includes(code ?? "");
}

/**
 * Runs Astro from inside the work folder: what it keeps in between would otherwise lie in the working directory, where
 * two builds would find each other's.
 */
async function buildPages(work: string, base: string): Promise<string> {
  const site = join(work, "site");
  const before = process.cwd();
  process.chdir(work);
  try {
    await runAstro({ site, cache: join(work, "cache"), base });
  } finally {
    process.chdir(before);
  }
  return site;
}

async function runAstro({ site, cache, base }: { site: string; cache: string; base: string }): Promise<void> {
  process.env.ASTRO_TELEMETRY_DISABLED = "1";
  const { build } = await import("astro");
  await build({
    root,
    outDir: site,
    cacheDir: cache,
    base,
    configFile: false,
    logLevel: "error",
    mode: "production",
    trailingSlash: "always",
    compressHTML: true,
    devToolbar: { enabled: false },
    build: { format: "directory", inlineStylesheets: "never" },
    // The chunks that render pages run from the output folder, where no package could be found.
    vite: {
      build: { assetsInlineLimit: 0 },
      environments: { prerender: { resolve: { noExternal: true } } },
      logLevel: "error",
    },
  });
}

function countPages(folder: string): number {
  return readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith(".html")).length;
}
