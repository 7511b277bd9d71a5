import { shortNames } from "./model-names.ts";
import type { SiteData } from "./site-data.ts";

/** What the pages are made from. */
export interface CurrentSite extends SiteData {
  /** Path that the site is served under, with a slash at both ends. */
  base: string;
  /** Labels that models.yaml gives, by model id. */
  labels: ReadonlyMap<string, string>;
  /** Names for charts, by model id: the same on every page. */
  shortNames: ReadonlyMap<string, string>;
}

const key = Symbol.for("assay.site-data");
type Holder = { [key]?: CurrentSite };

/** Hands data to the pages: Astro bundles them apart from us, but runs them in this process. */
export function setCurrentSite(data: SiteData & { base: string }): void {
  const labels = new Map(data.models.flatMap(({ id, meta }) => (meta?.label ? [[id, meta.label] as const] : [])));
  const names = shortNames(
    data.models.map((model) => model.id),
    labels,
  );
  (globalThis as Holder)[key] = { ...data, labels, shortNames: names };
}

/** The data of the site that is being built. */
export function currentSite(): CurrentSite {
  const data = (globalThis as Holder)[key];
  if (!data) throw new Error("Pages are built by buildSite, which reads the records first.");
  return data;
}
