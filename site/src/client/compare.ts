import type { JsonDifference } from "../../data/json-differences.ts";
import { jsonDifferences } from "../../data/json-differences.ts";
import { judgePair, type PairedRuns, pairRuns } from "../../data/pair-runs.ts";
import type { CatalogueEntry } from "../../data/sample-catalogue.ts";
import { sampleQueryText } from "../../data/sample-query.ts";
import { build, factTable, outsideText } from "./build-element.ts";
import { fillRuns, say, showTrouble } from "./run-pickers.ts";
import { SiteFiles } from "./site-files.ts";

const level = 0.95;
const mostItems = 300;
const root = document.querySelector<HTMLElement>("[data-compare]");
if (root) start(root, new SiteFiles(root.dataset.base ?? "/"));

function start(place: HTMLElement, files: SiteFiles): void {
  const form = place.querySelector("form") as HTMLFormElement;
  const view = place.querySelector<HTMLElement>(".view") as HTMLElement;
  const show = async () => {
    try {
      const query = new URLSearchParams(location.search);
      const runs = await files.catalogue(place.dataset.catalogue ?? "");
      const a = runs.find((entry) => entry.run === query.get("a")) ?? runs[0];
      const rest = runs.filter((entry) => entry !== a);
      const b =
        rest.find((entry) => entry.run === query.get("b")) ?? rest.find((entry) => entry.setup === a?.setup) ?? rest[0];
      if (!a || !b) return say(view, "There are no two runs to compare.");
      fillRuns(form, "a", runs, a.run);
      fillRuns(form, "b", rest, b.run);
      say(view, "Loading…");
      view.replaceChildren(...(await comparison(files, a, b, place.dataset.base ?? "/")));
    } catch (error) {
      showTrouble(view, error, show);
    }
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", () => {
    const value = (name: string) => (form.elements.namedItem(name) as HTMLSelectElement).value;
    history.pushState(null, "", `${location.pathname}?${new URLSearchParams({ a: value("a"), b: value("b") })}`);
    void show();
  });
  addEventListener("popstate", () => void show());
  void show();
}

async function comparison(files: SiteFiles, a: CatalogueEntry, b: CatalogueEntry, base: string): Promise<Node[]> {
  if (a.setup !== b.setup) {
    const [here, there] = await Promise.all([files.setup(a.setupFile), files.setup(b.setupFile)]);
    return [
      build("h2", {}, "Not comparable"),
      build(
        "p",
        {},
        "The two runs answered under different conditions, so no difference between their scores is shown. They differ in:",
      ),
      differenceTable(jsonDifferences(here.fields, there.fields)),
    ];
  }
  if (a.index === null || b.index === null) {
    return [build("p", {}, "Samples of these runs aren't shown here, so they can't be compared item by item.")];
  }
  const paired = pairRuns(await files.index(a.index), await files.index(b.index));
  if (paired.items.length === 0) return [build("p", {}, "The two runs have no scored item in common.")];
  return [...verdict(paired, a, b), ...disagreements(paired, a, b, base)];
}

function differenceTable(differences: readonly JsonDifference[]): HTMLElement {
  const text = (value: unknown) =>
    (value === null ? "not recorded" : typeof value === "string" ? value : JSON.stringify(value)).slice(0, 400);
  const rows = differences.map(({ path, here, there }) =>
    build(
      "tr",
      {},
      build("th", { scope: "row" }, path),
      ...[here, there].map((value) =>
        build("td", {}, build("code", {}, outsideText(text(value), { whitespace: true }))),
      ),
    ),
  );
  return table(["Field", "Run A", "Run B"], rows, "Fields that differ");
}

function verdict(paired: PairedRuns, a: CatalogueEntry, b: CatalogueEntry): Node[] {
  const { difference, table: counts, test } = judgePair(paired, level);
  if (!difference) return [];
  const signed = (value: number) => `${value > 0 ? "+" : value < 0 ? "−" : ""}${Math.abs(value).toFixed(4)}`;
  const { ci } = difference;
  const apart = ci !== null && (ci.low > 0 || ci.high < 0);
  const facts: [string, string][] = [
    ["A minus B, mean over items", signed(difference.difference)],
    [`${level * 100} % interval`, ci ? `[${signed(ci.low)}, ${signed(ci.high)}], ${ci.method}` : "not available"],
    [
      "Items both answered",
      `${difference.n}${difference.units < difference.n ? `, in ${difference.units} clusters` : ""}`,
    ],
    ["Items left out", `${paired.left}, scored in one of the two only`],
    ...(test
      ? ([["McNemar's exact p", test.exact < 0.0001 ? test.exact.toExponential(1) : test.exact.toFixed(4)]] as [
          string,
          string,
        ][])
      : []),
  ];
  return [
    build(
      "h2",
      {},
      apart ? `${difference.difference > 0 ? a.model : b.model} scores higher` : "The two can't be told apart",
    ),
    build(
      "p",
      {},
      apart
        ? "The interval of the paired difference leaves out zero."
        : "The interval of the paired difference includes zero.",
    ),
    factTable(facts),
    ...(counts ? [build("h3", {}, "Two by two"), twoByTwoTable(counts)] : []),
  ];
}

function twoByTwoTable(counts: {
  bothRight: number;
  onlyFirst: number;
  onlySecond: number;
  bothWrong: number;
}): HTMLElement {
  const row = (name: string, ...cells: number[]) =>
    build(
      "tr",
      {},
      build("th", { scope: "row" }, name),
      ...cells.map((cell) => build("td", { class: "num" }, String(cell))),
    );
  return table(
    ["", "B right", "B wrong"],
    [row("A right", counts.bothRight, counts.onlyFirst), row("A wrong", counts.onlySecond, counts.bothWrong)],
    "Items by who was right",
  );
}

function disagreements(paired: PairedRuns, a: CatalogueEntry, b: CatalogueEntry, base: string): Node[] {
  const differing = paired.items.flatMap((item, at) => {
    const [first = 0, second = 0] = [paired.first[at], paired.second[at]];
    return first === second ? [] : [{ item, first, second }];
  });
  const link = (run: string, item: string, other: string, label: string) =>
    build(
      "a",
      { href: `${base}samples/?${sampleQueryText({ run, item, epoch: 0, filter: "differs", b: other })}` },
      label,
    );
  const rows = differing
    .slice(0, mostItems)
    .map(({ item, first, second }) =>
      build(
        "tr",
        {},
        build("th", { scope: "row" }, item),
        build("td", { class: "num" }, link(a.run, item, b.run, shortNumber(first))),
        build("td", { class: "num" }, link(b.run, item, a.run, shortNumber(second))),
      ),
    );
  return [
    build("h3", {}, `${differing.length} items on which they differ`),
    ...(differing.length > mostItems ? [build("p", { class: "small soft" }, `The first ${mostItems}.`)] : []),
    table(["Item", "A", "B"], rows, "Items on which they differ"),
  ];
}

function shortNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(3);
}

function table(heads: readonly string[], rows: readonly HTMLElement[], label: string): HTMLElement {
  const head = build(
    "tr",
    {},
    ...heads.map((text) => (text === "" ? build("td", {}) : build("th", { scope: "col" }, text))),
  );
  const made = build("table", {}, build("thead", {}, head), build("tbody", {}, ...rows));
  return build("section", { class: "scroll", tabindex: "0", "aria-label": label }, made);
}
