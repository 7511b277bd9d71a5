import type { JsonDifference } from "../../data/json-differences.ts";
import { judgePair, type PairedRuns } from "../../data/pair-runs.ts";
import type { CatalogueEntry } from "../../data/sample-catalogue.ts";
import { sampleQueryText } from "../../data/sample-query.ts";
import { build, factTable, outsideText } from "./build-element.ts";
import { differencePlot } from "./difference-plot.ts";

const level = 0.95;
const mostItems = 300;

/** Two runs that may be compared, and where the site's root is. */
export interface Pair {
  a: CatalogueEntry;
  b: CatalogueEntry;
  base: string;
}

/** Fields in which two setups differ. */
export function differenceTable(differences: readonly JsonDifference[]): HTMLElement {
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

/** Which of the two does better, how sure that is, and on which items they differ. */
export function comparisonView(paired: PairedRuns, pair: Pair): Node[] {
  return [...verdict(paired, pair), ...disagreements(paired, pair)];
}

function verdict(paired: PairedRuns, { a, b }: Pair): Node[] {
  const { difference, table: counts, test } = judgePair(paired, level);
  if (!difference) return [];
  const { ci } = difference;
  const apart = ci !== null && (ci.low > 0 || ci.high < 0);
  const better = difference.difference > 0 === higherIsBetter(a) ? a : b;
  const signed = (value: number) => signedText(value, a);
  const facts: [string, string][] = [
    ["A minus B, mean over items", signed(difference.difference)],
    [`${level * 100} % interval`, ci ? `${signed(ci.low)} to ${signed(ci.high)}, ${ci.method}` : "not available"],
    [
      "Items both answered",
      `${difference.n}${difference.units < difference.n ? `, in ${difference.units} clusters` : ""}`,
    ],
    ["Items left out", `${paired.left}, scored in one of the two only`],
    ...(test
      ? [
          ["McNemar's exact p", test.exact < 0.0001 ? test.exact.toExponential(1) : test.exact.toFixed(4)] as [
            string,
            string,
          ],
        ]
      : []),
  ];
  return [
    build(
      "h2",
      {},
      apart ? `Run ${better === a ? "A" : "B"} does better: ${better.model}` : "The two can't be told apart",
    ),
    build("p", {}, `The interval of the paired difference ${apart ? "leaves out" : "includes"} zero.`),
    ...(ci
      ? [
          differencePlot(
            { difference: difference.difference, ...ci },
            { higherIsBetter: higherIsBetter(a), text: signed },
          ),
        ]
      : []),
    factTable(facts),
    ...(counts ? [build("h3", {}, "Two by two"), twoByTwoTable(counts)] : []),
  ];
}

/** A sample's value for a perplexity is a log-likelihood: higher is better, though the score is the other way round. */
function higherIsBetter({ unit, lowerIsBetter }: CatalogueEntry): boolean {
  return unit === "perplexity" || unit === "bits" || !lowerIsBetter;
}

function signedText(value: number, { unit }: CatalogueEntry): string {
  const sign = value > 0 ? "+" : value < 0 ? "−" : "";
  return unit === "proportion"
    ? `${sign}${Math.abs(value * 100).toFixed(1)} points`
    : `${sign}${Math.abs(value).toFixed(4)}`;
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

/** Two items of a list, or a row of a table, lead to what either run answered. */
type Link = (run: "a" | "b", item: string, label: string) => HTMLElement;

function disagreements(paired: PairedRuns, { a, b, base }: Pair): Node[] {
  const differing = paired.items.flatMap((item, at) => {
    const [first = 0, second = 0] = [paired.first[at], paired.second[at]];
    return first === second ? [] : [{ item, first, second }];
  });
  const link: Link = (run, item, label) => {
    const [own, other] = run === "a" ? [a, b] : [b, a];
    const query = sampleQueryText({ run: own.run, item, epoch: 0, filter: "differs", b: other.run });
    return build("a", { href: `${base}samples/?${query}` }, label);
  };
  if (differing.length === 0) return [build("h3", {}, "They scored every item alike")];
  const isBinary = differing.every(({ first, second }) => Math.abs(first - second) === 1);
  return [
    build("h3", {}, `${differing.length} items on which they differ`),
    ...(isBinary
      ? [
          ...itemList(
            "Only A is right",
            differing.filter(({ first }) => first === 1),
            link,
          ),
          ...itemList(
            "Only B is right",
            differing.filter(({ second }) => second === 1),
            link,
          ),
        ]
      : [itemsTable(differing, link)]),
  ];
}

interface Differing {
  item: string;
  first: number;
  second: number;
}

function itemList(title: string, items: readonly Differing[], link: Link): Node[] {
  if (items.length === 0) return [];
  const entries = items.slice(0, mostItems).map(({ item }) => build("li", {}, link("a", item, item)));
  return [
    build("h4", {}, `${title}: ${items.length}`),
    ...cutNote(items),
    build("ul", { class: "plain narrow" }, ...entries),
  ];
}

function itemsTable(items: readonly Differing[], link: Link): HTMLElement {
  const rows = items
    .slice(0, mostItems)
    .map(({ item, first, second }) =>
      build(
        "tr",
        {},
        build("th", { scope: "row" }, item),
        build("td", { class: "num" }, link("a", item, shortNumber(first))),
        build("td", { class: "num" }, link("b", item, shortNumber(second))),
      ),
    );
  return build("div", {}, ...cutNote(items), table(["Item", "A", "B"], rows, "Items on which they differ"));
}

function cutNote(items: readonly Differing[]): Node[] {
  return items.length > mostItems ? [build("p", { class: "small soft" }, `The first ${mostItems}.`)] : [];
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
