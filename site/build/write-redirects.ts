import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { movedModels } from "../data/models.ts";
import type { ModelEntry } from "../data/schemas.ts";

/** Writes a page under each former name of a model that leads to its present one. */
export function writeRedirects(site: string, models: readonly ModelEntry[], base: string): void {
  for (const [old, slug] of movedModels(models)) {
    const folder = join(site, "models", old);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "index.html"), pageTo(`${base}models/${slug}/`));
  }
}

/** `path` is made of slugs: nothing in it needs escaping. */
function pageTo(path: string): string {
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Moved</title>',
    '<meta http-equiv="Content-Security-Policy" content="default-src \'self\'">',
    `<meta http-equiv="refresh" content="0; url=${path}"><link rel="canonical" href="${path}">`,
    `<meta name="robots" content="noindex"></head><body><p>This model has another name now: <a href="${path}">its page</a>.</p></body></html>\n`,
  ].join("\n");
}
