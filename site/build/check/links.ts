import { pathOf } from "./path-of.ts";
import type { ReadPage } from "./read-page.ts";

/** Links of a page that lead to nothing in the site, or outside by other than http. */
export function checkLinks(parts: {
  name: string;
  page: ReadPage;
  files: ReadonlySet<string>;
  base: string;
}): string[] {
  const { name, page, files, base } = parts;
  const problems = page.links.flatMap((link) => {
    if (/^https?:\/\//.test(link)) return [];
    if (/^[a-z][a-z0-9+.-]*:/i.test(link)) return [`${name}: ${link} is no address for a page`];
    if (link.startsWith("#"))
      return page.ids.has(link.slice(1)) ? [] : [`${name}: ${link} leads to nothing on the page`];
    if (!link.startsWith(base)) return [`${name}: ${link} is outside of ${base}`];
    return files.has(pathOf(link, base) ?? "") ? [] : [`${name}: ${link} leads to nothing`];
  });
  const inline = page.inline.map((what) => `${name}: ${what} would be blocked by the content policy`);
  const scripts = page.scripts.flatMap((source) => (source === "" ? [`${name}: a script stands in the page`] : []));
  const outside = page.scripts.flatMap((source) =>
    /^(https?:)?\/\//.test(source) ? [`${name}: ${source} comes from elsewhere`] : [],
  );
  return [...new Set([...problems, ...inline, ...scripts, ...outside])];
}
