import { atomFeed } from "../../data/atom-feed.ts";
import { currentSite } from "../../data/current.ts";
import { href } from "../href.ts";

/** The changelog as an Atom feed. */
export function GET(): Response {
  const { info, changes, runs } = currentSite();
  return new Response(atomFeed({ info, changes, runs, address: (path) => absolute(info.url, href(path)) }));
}

function absolute(site: string | null, path: string): string {
  return site === null ? path : new URL(path, site).href;
}
