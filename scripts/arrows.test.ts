import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A folder may import folders of lower ranks and of its own (design: arrows point one way). */
const ranks: Record<string, number> = {
  "harness/contracts": 0,
  "harness/prompt": 1,
  "harness/extract": 1,
  "harness/score": 1,
  "harness/stats": 1,
  "harness/record": 2,
  "harness/data": 3,
  "harness/model": 3,
  sandbox: 3,
  "harness/task": 4,
  "harness/run": 5,
  "harness/study": 6,
  "harness/cli": 7,
};
const siteMaySee = new Set(["harness/contracts", "harness/record", "harness/stats"]);

const packages: Record<string, string> = { "@assay/sandbox": "sandbox", "@assay/site": "site" };

interface Import {
  from: string;
  file: string;
  to: string;
  specifier: string;
  entersBySide: boolean;
}

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ["node_modules", "dist", ".astro"].includes(entry.name) ? [] : sources(path);
    return /\.(ts|mts|mjs|astro)$/.test(entry.name) ? [path] : [];
  });
}

function folderOf(path: string): string {
  const parts = path.split("/");
  return parts[0] === "harness" ? parts.slice(0, 2).join("/") : (parts[0] ?? "");
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), "utf8");
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*["']([^"']+)["']/g)].map((match) => match[1] ?? "");
  return specifiers.flatMap((specifier) => {
    const target = targetOf(file, specifier);
    if (!target) return [];
    const to = folderOf(target);
    const from = folderOf(file);
    return from === to ? [] : [{ from, file, to, specifier, entersBySide: target !== join(to, "index.ts") }];
  });
}

function targetOf(file: string, specifier: string): string | undefined {
  if (specifier.startsWith(".")) return relative(root, resolve(root, dirname(file), specifier));
  const inHarness = /^@assay\/harness\/(.+)$/.exec(specifier);
  if (inHarness) return `harness/${inHarness[1]}/index.ts`;
  const workspace = packages[specifier];
  return workspace && `${workspace}/index.ts`;
}

const all = ["harness", "sandbox", "site"].flatMap(sources).flatMap(importsOf);
const isTest = (file: string) => /\.test\.ts$|\/testing\//.test(file);

function mayImport({ from, to }: Import): boolean {
  if (from === "site") return siteMaySee.has(to);
  if (to === "site") return from === "harness/cli";
  const lower = ranks[to];
  const own = ranks[from];
  return own !== undefined && lower !== undefined && (lower < own || (lower === own && own > 0 && own < 4));
}

test("every source folder has a place in the house", () => {
  const folders = new Set(["harness", "sandbox", "site"].flatMap(sources).map(folderOf));
  const unknown = [...folders].filter(
    (folder) =>
      !(folder in ranks) && folder !== "site" && folder !== "harness/package.json" && folder !== "harness/testing",
  );
  expect(unknown).toEqual([]);
});

test("imports point one way", () => {
  const wrong = all
    .filter((entry) => !isTest(entry.file) && !mayImport(entry))
    .map(({ file, specifier }) => `${file} imports ${specifier}`);
  expect(wrong).toEqual([]);
});

test("folders are entered through their index only", () => {
  const wrong = all
    .filter((entry) => !isTest(entry.file) && entry.entersBySide)
    .map(({ file, specifier }) => `${file} imports ${specifier}`);
  expect(wrong).toEqual([]);
});

test("the check itself sees an arrow that points the wrong way", () => {
  const wrong: Import = {
    from: "harness/stats",
    file: "x.ts",
    to: "harness/cli",
    specifier: "../cli/index.ts",
    entersBySide: false,
  };
  expect(mayImport(wrong)).toBe(false);
  expect(mayImport({ ...wrong, from: "site", to: "harness/run" })).toBe(false);
});
