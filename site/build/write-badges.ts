import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { badge } from "../data/badge.ts";
import type { RunEntry } from "../data/site-data.ts";

/** Writes `badges/<run>/<task>.svg` for every run. Not a page of Astro's: there may be very many. */
export function writeBadges(site: string, runs: Iterable<RunEntry>): void {
  for (const { record } of runs) {
    const folder = join(site, "badges", record.runId);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${record.task}.svg`), badge(record));
  }
}
