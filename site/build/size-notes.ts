import { formatCount } from "../data/format.ts";
import type { DataFile } from "../data/manifest-schemas.ts";

/** What samples may take before a static host is likely to refuse the site (state of 2026: GitHub and GitLab Pages 1 GB, Cloudflare Pages 20,000 files). */
const mostBytes = 300_000_000;
const mostFiles = 12_000;
const ofSamples = new Set(["samples", "long text", "sample index"]);

/** Says so where the samples in a site are more than hosts take. */
export function sizeNotes(files: readonly DataFile[]): string[] {
  const bundled = new Map(
    files.filter((file) => ofSamples.has(file.role) && !file.external).map((file) => [file.path, file]),
  );
  const bytes = [...bundled.values()].reduce((sum, file) => sum + file.bytes, 0);
  if (bytes <= mostBytes && bundled.size <= mostFiles) return [];
  const size = `${formatCount(Math.round(bytes / 1e6))} MB in ${formatCount(bundled.size)} files`;
  return [
    `The samples take ${size}. Many hosts refuse a site with more than ${mostBytes / 1e6} MB or ${formatCount(mostFiles)} files: \
write samples: { storage: external, baseUrl: … } into site.yaml to put them elsewhere, or storage: withheld with the reason.`,
  ];
}
