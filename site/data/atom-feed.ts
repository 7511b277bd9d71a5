import type { Change } from "./declared-schemas.ts";
import type { SiteInfo } from "./schemas.ts";

const mostEntries = 100;

/** The latest changes as an Atom feed (RFC 4287). Ids are made of names and dates, so that an entry stays the same entry. */
export function atomFeed(parts: {
  info: SiteInfo;
  changes: readonly Change[];
  /** Runs that have a page. */
  runs: ReadonlyMap<string, unknown>;
  address: (path: string) => string;
  /** Path of the feed itself. */
  self: string;
}): string {
  const { info, changes, address } = parts;
  const updated = `${(changes[0]?.date ?? "1970-01-01").slice(0, 10)}T00:00:00Z`;
  const entries = changes.slice(0, mostEntries).map((change) => {
    const page = address(change.run && parts.runs.has(change.run) ? `runs/${change.run}/` : "changelog/");
    const id = `urn:assay:${change.kind}:${encodeURIComponent(change.run ?? change.what)}:${change.date}`;
    return [
      "  <entry>",
      `    <id>${xmlText(id)}</id>`,
      `    <title>${xmlText(`${change.kind}: ${change.what}`)}</title>`,
      `    <link href="${xmlText(page)}"/>`,
      `    <updated>${change.date.slice(0, 10)}T00:00:00Z</updated>`,
      `    <content>${xmlText(change.reason ?? change.what)}</content>`,
      "  </entry>",
    ].join("\n");
  });
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom">',
    `  <id>${xmlText(info.url ?? `urn:assay:site:${encodeURIComponent(info.title)}`)}</id>`,
    `  <title>${xmlText(info.title)}</title>`,
    `  <updated>${updated}</updated>`,
    `  <author><name>${xmlText(info.title)}</name></author>`,
    `  <link rel="self" href="${xmlText(address(parts.self))}"/>`,
    ...entries,
    "</feed>",
    "",
  ].join("\n");
}

/** Text for XML: markup escaped, characters that XML forbids replaced. */
export function xmlText(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
