import { currentSite } from "../data/current.ts";

/** Address of a page or file of the site, below the path that it is served under. */
export function href(path: string): string {
  return currentSite().base + path;
}

/** The same with the site's own address before it, where site.yaml says what that is. */
export function absoluteHref(path: string): string {
  const { url } = currentSite().info;
  return url === null ? href(path) : new URL(href(path), url).href;
}
