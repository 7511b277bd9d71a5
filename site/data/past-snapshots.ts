import type { EarlierSnapshot } from "./manifest-schemas.ts";
import type { SiteData } from "./site-data.ts";

/** An earlier snapshot that has a page. */
export interface PastSnapshot extends EarlierSnapshot {
  /** What took its place; `null`: its data are the present ones again. */
  next: { snapshot: string; updated: string | null } | null;
}

/** One entry a snapshot, as its last time tells: the same data can come back after others. */
export function pastSnapshots({ earlier, snapshot, info }: Pick<SiteData, "earlier" | "snapshot" | "info">) {
  const past = new Map<string, PastSnapshot>();
  for (const [at, entry] of earlier.entries()) {
    const { snapshot: id, updated } = earlier[at + 1] ?? { snapshot, updated: info.updated };
    past.set(entry.snapshot, { ...entry, next: entry.snapshot === snapshot ? null : { snapshot: id, updated } });
  }
  return [...past.values()];
}
