import { rulesBetween } from "../../data/comparable.ts";
import type { CatalogueEntry } from "../../data/sample-catalogue.ts";
import { build } from "./build-element.ts";

/** Says by which declarations runs of two setups are compared; `null`: they are of one setup. */
export function equivalenceNote(a: CatalogueEntry, b: CatalogueEntry, base: string): HTMLElement | null {
  const links = rulesBetween(a, b).flatMap((rule, at) => [
    at > 0 ? ", " : "",
    build("a", { href: `${base}methodology/#equivalence-${rule}` }, build("code", {}, rule)),
  ]);
  if (links.length === 0) return null;
  const words =
    "† The two runs are of different setups. Somebody declared that what they differ in doesn't matter, by the equivalence ";
  return build("p", { class: "past" }, words, ...links, ".");
}
