import { currentSite } from "../data/current.ts";

/** Address of a page or file of the site, below the path that it is served under. */
export function href(path: string): string {
  return currentSite().base + path;
}
