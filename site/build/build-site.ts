import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "@assay/harness/contracts";
import { setCurrentSite } from "../data/current.ts";
import { readResults } from "../data/read-results.ts";
import { makeSiteData } from "../data/site-data.ts";
import { readSiteFiles } from "../data/site-files.ts";
import { DataStore, manifestPath } from "../data/store.ts";
import manifest from "../package.json" with { type: "json" };
import { previousSite } from "./read-site.ts";
import { writeBadges } from "./write-badges.ts";

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
  assertReplaceable(target);
  const found = readResults(results);
  mkdirSync(dirname(target), { recursive: true });
  const work = mkdtempSync(join(dirname(target), `.${basename(target)}-`));
  try {
    const dataFolder = join(work, "data-files");
    const files = readSiteFiles(results);
    const store = new DataStore(dataFolder, files.site.samples.storage === "external" ? `${target}-samples` : null);
    const generator = `assay ${manifest.version}`;
    const before = previousSite(previous, target);
    const data = await makeSiteData(found, files, { store, generator, previous: before });
    store.close(store.manifest(generator));
    setCurrentSite({ ...data, base: withSlashes(base) });
    const site = await buildPages(work, base);
    writeBadges(site, data.runs.values());
    for (const name of readdirSync(dataFolder)) renameSync(join(dataFolder, name), join(site, name));
    rmSync(target, { recursive: true, force: true });
    renameSync(site, target);
    return { out: target, runs: found.length, pages: countPages(target), snapshot: data.snapshot };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function withSlashes(base: string): string {
  return `/${base.replace(/^\/+|\/+$/g, "")}/`.replace("//", "/");
}

function assertReplaceable(target: string): void {
  if (!existsSync(target) || readdirSync(target).length === 0 || existsSync(join(target, manifestPath))) return;
  throw new InputError({
    code: "SITE_OUT_OCCUPIED",
    what: `${target} holds files that aren't a site of ours.`,
    why: "A build replaces the whole folder.",
    fix: "Give an empty or new folder with --out.",
  });
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
    // Pages are made one while another is being written.
    build: { format: "directory", inlineStylesheets: "never", concurrency: 4 },
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
