/** Address of a page or file of the site, below the path that it is served under. */
export function href(path: string): string {
  const base = import.meta.env.BASE_URL;
  return `${base.endsWith("/") ? base : `${base}/`}${path}`;
}
