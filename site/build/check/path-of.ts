/** File that a link inside the site leads to; `null`: it leads elsewhere. */
export function pathOf(link: string, base: string): string | null {
  if (!link.startsWith(base)) return null;
  const path = decodeURIComponent(link.slice(base.length).split(/[?#]/)[0] ?? "");
  return path === "" || path.endsWith("/") ? `${path}index.html` : path;
}
