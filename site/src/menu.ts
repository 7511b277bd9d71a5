/** Sections that have something to show, in the order of the menu. */
export function menu(): { path: string; label: string }[] {
  return [];
}
