import { areComparable } from "../../data/comparable.ts";
import { type JsonDifference, jsonDifferences } from "../../data/json-differences.ts";
import { pairRuns } from "../../data/pair-runs.ts";
import type { CatalogueEntry } from "../../data/sample-catalogue.ts";
import { build } from "./build-element.ts";
import { comparisonView, differenceTable, type Pair } from "./compare-view.ts";
import { equivalenceNote } from "./equivalence-note.ts";
import { fillRuns, say, showTrouble } from "./run-pickers.ts";
import { FileTrouble, SiteFiles } from "./site-files.ts";

const root = document.querySelector<HTMLElement>("[data-compare]");
if (root) start(root, new SiteFiles(root.dataset.base ?? "/"));

function start(place: HTMLElement, files: SiteFiles): void {
  const form = place.querySelector("form") as HTMLFormElement;
  const view = place.querySelector<HTMLElement>(".view") as HTMLElement;
  const base = place.dataset.base ?? "/";
  const field = (name: string) => form.elements.namedItem(name) as HTMLSelectElement;
  /** Counts what was asked for, so that an answer that comes late doesn't replace a newer one. */
  let asked = 0;
  const show = async () => {
    const turn = ++asked;
    try {
      const runs = await files.catalogue(place.dataset.catalogue ?? "");
      const chosen = choose(runs, new URLSearchParams(location.search));
      if (turn !== asked) return;
      if (!chosen) return say(view, "There are no two runs to compare.");
      fillRuns(form, "a", runs, chosen.a.run);
      fillRuns(form, "b", runs, chosen.b.run);
      say(view, "Loading…");
      const nodes = await comparison(files, { ...chosen, base });
      if (turn === asked) view.replaceChildren(...nodes);
    } catch (error) {
      if (turn === asked) showTrouble(view, error, show);
    }
  };
  const go = (a: string, b: string) => {
    history.pushState(null, "", `${location.pathname}?${new URLSearchParams({ a, b })}`);
    void show();
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", () => go(field("a").value, field("b").value));
  form.querySelector("button[name=swap]")?.addEventListener("click", () => go(field("b").value, field("a").value));
  addEventListener("popstate", () => void show());
  void show();
}

/** The runs that the address names; where it names none, the first with another of its setup. */
function choose(runs: readonly CatalogueEntry[], query: URLSearchParams): Omit<Pair, "base"> | null {
  const named = (key: string) => {
    const id = query.get(key);
    const entry = runs.find((candidate) => candidate.run === id);
    if (id && !entry)
      throw new FileTrouble(`There is no run ${id} here. If it was taken away, the changelog says why.`);
    return entry;
  };
  const a = named("a") ?? runs[0];
  const rest = runs.filter((entry) => entry !== a);
  const b = named("b") ?? rest.find((entry) => a && areComparable(entry, a)) ?? rest[0];
  return a && b ? { a, b } : null;
}

async function comparison(files: SiteFiles, pair: Pair): Promise<Node[]> {
  const { a, b } = pair;
  if (a.run === b.run) return [build("p", {}, "Run A and run B are the same run. Choose another for one of them.")];
  const differences = a.setup === b.setup ? null : await differencesOf(files, pair);
  if (!areComparable(a, b)) {
    const why =
      "The two runs answered under different conditions, so no difference between their scores is shown. They differ in:";
    return [build("h2", {}, "Not comparable"), build("p", {}, why), differenceTable(differences ?? [])];
  }
  if (a.index === null || b.index === null) {
    return [build("p", {}, "Samples of these runs aren't shown here, so they can't be compared item by item.")];
  }
  const paired = pairRuns(await files.index(a.index), await files.index(b.index));
  if (paired.items.length === 0) return [build("p", {}, "The two runs have no scored item in common.")];
  const note = equivalenceNote(a, b, pair.base);
  const view = comparisonView(paired, pair);
  if (!note || !differences) return view;
  return [note, ...view, build("h3", {}, "What the setups differ in"), differenceTable(differences)];
}

async function differencesOf(files: SiteFiles, { a, b }: Pair): Promise<JsonDifference[]> {
  const [here, there] = await Promise.all([files.setup(a.setupFile), files.setup(b.setupFile)]);
  return jsonDifferences(here.fields, there.fields);
}
