import type { CatalogueEntry } from "./sample-catalogue.ts";

type Standing = Pick<CatalogueEntry, "setup" | "column" | "equivalent">;

/** Whether two runs may be compared: of one setup, or of setups whose scores stand in one column by a declaration. */
export function areComparable(a: Standing, b: Standing): boolean {
  return a.setup === b.setup || a.column === b.column;
}

/** Ids of the equivalences by which runs of two setups may be compared; empty: they are of one setup, or may not. */
export function rulesBetween(a: Standing, b: Standing): string[] {
  return a.setup === b.setup || !areComparable(a, b) ? [] : [...new Set([...a.equivalent, ...b.equivalent])].sort();
}
