import type { CatalogueEntry } from "../../data/sample-catalogue.ts";
import { build } from "./build-element.ts";
import { FileTrouble } from "./site-files.ts";

/** Fills a select with runs, grouped by task and protocol. */
export function fillRuns(
  form: HTMLFormElement,
  name: string,
  entries: readonly CatalogueEntry[],
  chosen: string,
  none?: string,
): void {
  const select = form.elements.namedItem(name) as HTMLSelectElement;
  const groups = Map.groupBy(entries, (entry) => `${entry.task}@${entry.protocol}, setup ${entry.setup.slice(0, 8)}`);
  const options = [...groups].map(([label, members]) =>
    build(
      "optgroup",
      { label },
      ...members.map((entry) =>
        build("option", { value: entry.run }, entry.model + (entry.partial ? " (partial)" : "")),
      ),
    ),
  );
  select.replaceChildren(...(none === undefined ? [] : [build("option", { value: "" }, none)]), ...options);
  select.value = chosen;
}

/** Puts one sentence in a place. */
export function say(place: HTMLElement, sentence: string): void {
  place.replaceChildren(build("p", { role: "status" }, sentence));
}

/** Says what went wrong and offers to try again. */
export function showTrouble(place: HTMLElement, error: unknown, again: () => void): void {
  const words = error instanceof FileTrouble ? error.message : `This page can't be shown: ${String(error)}`;
  const button = build("button", { type: "button" }, "Try again");
  button.addEventListener("click", again);
  place.replaceChildren(build("p", { role: "alert", class: "trouble" }, words), button);
}
