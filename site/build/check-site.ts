import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "@assay/harness/record";
import { type Manifest, manifestSchema } from "../data/schemas.ts";
import { manifestPath } from "../data/store.ts";
import { checkBudget } from "./check/budgets.ts";
import { checkLinks } from "./check/links.ts";
import { checkNumbers, numbersOf } from "./check/numbers.ts";
import { readPage } from "./check/read-page.ts";
import { checkSchema } from "./check/schemas.ts";

/**
 * Looks for what is wrong in a built site: files that differ from their hash, data that doesn't fit its schema, links
 * that lead nowhere, pages over budget, numbers that are in no data file.
 *
 * @returns problems in words; empty: none
 */
export function checkSite(out: string): Promise<string[]> {
  const path = join(out, manifestPath);
  if (!existsSync(path)) return Promise.resolve([`${out} has no ${manifestPath}: it isn't a built site`]);
  const parsed = manifestSchema.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (!parsed.success) return Promise.resolve([`${manifestPath} isn't a manifest: ${parsed.error.issues[0]?.message}`]);
  const numbers = new Set<number>();
  const problems = checkFiles(out, parsed.data, numbers);
  return Promise.resolve([...problems, ...checkPages(out, numbers)]);
}

function checkFiles(out: string, manifest: Manifest, numbers: Set<number>): string[] {
  return manifest.files.flatMap((file) => {
    if (file.external) return [];
    const target = join(out, file.path);
    if (!existsSync(target)) return [`${file.path} (${file.name}) is missing`];
    const bytes = readFileSync(target);
    if (sha256(bytes) !== file.sha256) return [`${file.path} (${file.name}) differs from its hash`];
    if (!file.name.endsWith(".json") || file.role === "schema") return [];
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    if (file.role !== "sample index") numbersOf(value, numbers);
    return checkSchema(file, value);
  });
}

function checkPages(out: string, numbers: ReadonlySet<number>): string[] {
  const names = readdirSync(out, { recursive: true }).map(String);
  const files = new Set(names.map((name) => name.replaceAll("\\", "/")));
  const pages = [...files].filter((name) => name.endsWith(".html")).sort();
  const base = baseOf(readFileSync(join(out, "index.html"), "utf8"));
  return pages.flatMap((name) => {
    const html = readFileSync(join(out, name), "utf8");
    const page = readPage(html);
    return [
      ...checkBudget(name, html),
      ...checkLinks({ name, page, files, base }),
      ...checkNumbers(name, page, numbers),
    ];
  });
}

/** Path that the site is served under, as its home page links to itself. */
function baseOf(home: string): string {
  return /<a class="name" href="([^"]*)"/.exec(home)?.[1] ?? "/";
}
