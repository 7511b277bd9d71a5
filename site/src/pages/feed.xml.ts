import { atomFeed } from "../../data/atom-feed.ts";
import { currentSite } from "../../data/current.ts";
import { absoluteHref } from "../href.ts";

/** The changelog as an Atom feed. */
export function GET(): Response {
  const { info, changes, runs } = currentSite();
  return new Response(atomFeed({ info, changes, runs, address: absoluteHref, self: "feed.xml" }));
}
