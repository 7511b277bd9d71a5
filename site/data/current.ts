import type { SiteData } from "./site-data.ts";

const key = Symbol.for("assay.site-data");
type Holder = { [key]?: SiteData };

/** Hands data to the pages: Astro bundles them apart from us, but runs them in this process. */
export function setCurrentSite(data: SiteData): void {
  (globalThis as Holder)[key] = data;
}

/** The data of the site that is being built. */
export function currentSite(): SiteData {
  const data = (globalThis as Holder)[key];
  if (!data) throw new Error("Pages are built by buildSite, which reads the records first.");
  return data;
}
