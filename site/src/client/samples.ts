import type { CatalogueEntry } from "../../data/sample-catalogue.ts";
import { matchingSamples, parseSampleQuery, type SampleQuery, sampleQueryText } from "../../data/sample-query.ts";
import type { SampleIndex } from "../../samples/schemas.ts";
import { build } from "./build-element.ts";
import { fillRuns, say, showTrouble } from "./run-pickers.ts";
import { type StoredPrompt, type StoredSample, sampleView } from "./sample-view.ts";
import { canVerify, SiteFiles } from "./site-files.ts";

const samplesPerShard = 100;
const mostLinks = 200;
const root = document.querySelector<HTMLElement>("[data-samples]");
if (root) start(root, new SiteFiles(root.dataset.base ?? "/"));

function start(place: HTMLElement, files: SiteFiles): void {
  const form = place.querySelector("form") as HTMLFormElement;
  const view = place.querySelector<HTMLElement>(".view") as HTMLElement;
  const list = place.querySelector<HTMLElement>(".matches") as HTMLElement;
  let query = parseSampleQuery(location.search);
  /** The samples that pass the filter, and which of them is shown. */
  let around: { index: SampleIndex; matches: number[]; at: number } | null = null;
  /** Counts what was asked for, so that an answer that comes late doesn't replace a newer one. */
  let asked = 0;

  const show = async () => {
    const turn = ++asked;
    try {
      const runs = await files.catalogue(place.dataset.catalogue ?? "");
      const shown = runs.filter((entry) => entry.index !== null);
      if (query.run === "" && shown[0]) query = { ...query, run: shown[0].run };
      fillRuns(form, "run", shown, query.run);
      const entry = shown.find((candidate) => candidate.run === query.run);
      if (!entry?.index)
        return say(view, query.run === "" ? "No run shows its samples." : `There are no samples of ${query.run} here.`);
      fillRuns(form, "b", comparable(shown, entry), query.b, "none");
      (form.elements.namedItem("filter") as HTMLSelectElement).value = query.filter;
      if (view.childElementCount === 0) say(view, "Loading…");
      await showRun(entry, turn);
    } catch (error) {
      if (turn === asked) showTrouble(view, error, show);
    }
  };

  const showRun = async (entry: CatalogueEntry, turn: number) => {
    const index = await files.index(entry.index ?? "");
    const runs = await files.catalogue(place.dataset.catalogue ?? "");
    const otherPath = runs.find((candidate) => candidate.run === query.b)?.index;
    const other = otherPath ? await files.index(otherPath) : null;
    const matches = matchingSamples(index, query.filter, other);
    const wanted = index.items.findIndex(
      (item, at) => item === query.item && (index.epochs?.[at] ?? 0) === query.epoch,
    );
    const at = query.item === "" ? (matches[0] ?? -1) : wanted;
    if (turn !== asked) return;
    listMatches(list, { index, matches, at, query });
    if (at < 0) {
      around = null;
      const filtered = "No sample passes this filter.";
      return say(view, query.item === "" ? filtered : `This run has no sample ${query.item}, epoch ${query.epoch}.`);
    }
    around = { index, matches, at };
    const [sample, prompt] = await load(files, index, at);
    if (turn !== asked) return;
    view.replaceChildren(navigation(around, step), sampleView(sample, prompt, files), verification());
  };

  const go = (at: number) => {
    if (!around) return;
    around = { ...around, at };
    change({ item: around.index.items[at] ?? "", epoch: around.index.epochs?.[at] ?? 0 });
  };
  const step = (direction: 1 | -1) => {
    const next = around && neighbour(around, direction);
    if (next !== null) go(next);
  };
  const change = (next: Partial<SampleQuery>) => {
    query = { ...query, ...next };
    history.pushState(null, "", `${location.pathname}?${sampleQueryText(query)}`);
    void show();
  };

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", (event) => {
    const field = event.target as HTMLSelectElement;
    const fresh = field.name === "run" ? { item: "", epoch: 0, b: "" } : { item: "", epoch: 0 };
    change({ ...fresh, [field.name]: field.value });
  });
  list.addEventListener("click", (event) => {
    const link = (event.target as HTMLElement).closest<HTMLAnchorElement>("a[data-at]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(Number(link.dataset.at));
  });
  addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    if (event.altKey || event.ctrlKey || event.metaKey || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName)) return;
    if (event.key === "j" || event.key === "n") step(1);
    if (event.key === "k" || event.key === "p") step(-1);
  });
  addEventListener("popstate", () => {
    query = parseSampleQuery(location.search);
    void show();
  });
  void show();
}

function comparable(entries: readonly CatalogueEntry[], entry: CatalogueEntry): CatalogueEntry[] {
  return entries.filter((other) => other.setup === entry.setup && other.run !== entry.run);
}

async function load(files: SiteFiles, index: SampleIndex, at: number): Promise<[StoredSample, StoredPrompt]> {
  const shard = index.shards[Math.floor(at / samplesPerShard)];
  if (!shard) throw new Error(`sample ${at} has no shard`);
  const sample = (await files.shard(shard, index.baseUrl))[at % samplesPerShard] as StoredSample;
  const [promptShard, position] = sample.prompt;
  const ref = index.prompts[promptShard];
  if (!ref) throw new Error(`prompt shard ${promptShard} is missing`);
  return [sample, (await files.shard(ref, index.baseUrl))[position] as StoredPrompt];
}

function listMatches(
  list: HTMLElement,
  { index, matches, at, query }: { index: SampleIndex; matches: number[]; at: number; query: SampleQuery },
): void {
  const from = Math.max(0, Math.min(matches.indexOf(at) - mostLinks / 2, matches.length - mostLinks));
  const links = matches.slice(from, from + mostLinks).map((place) => {
    const item = index.items[place] ?? "";
    const epoch = index.epochs?.[place] ?? 0;
    const value = index.values[place];
    const mark = value == null ? "·" : value >= 1 ? "✓" : value <= 0 ? "✗" : "~";
    const address = `?${sampleQueryText({ ...query, item, epoch })}`;
    const current: Record<string, string> = place === at ? { "aria-current": "true" } : {};
    const outcome = index.outcomes[place] ?? "";
    return build(
      "li",
      {},
      build(
        "a",
        { href: address, "data-at": String(place), ...current },
        `${mark} ${item}${epoch > 0 ? ` (${epoch})` : ""}`,
      ),
      outcome === "S" ? null : build("small", {}, ` ${outcomeNames[outcome] ?? ""}`),
    );
  });
  const count = build(
    "p",
    { class: "small soft" },
    `${matches.length} of ${index.items.length} samples${matches.length > mostLinks ? `, ${mostLinks} of them listed` : ""}. ✓ right, ✗ wrong, ~ in part, · not counted.`,
  );
  list.replaceChildren(count, build("ul", {}, ...links));
  list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
}

const outcomeNames: Record<string, string> = { E: "errored", L: "limited", U: "unparsed", R: "refused", K: "skipped" };

/** The next or previous sample that passes the filter; `null` at the ends. */
function neighbour({ matches, at }: { matches: readonly number[]; at: number }, direction: 1 | -1): number | null {
  const found = direction === 1 ? matches.find((place) => place > at) : matches.findLast((place) => place < at);
  return found ?? null;
}

function navigation(
  around: { matches: readonly number[]; at: number },
  step: (direction: 1 | -1) => void,
): HTMLElement {
  const button = (label: string, direction: 1 | -1) => {
    const made = build("button", { type: "button" }, label);
    made.disabled = neighbour(around, direction) === null;
    made.addEventListener("click", () => step(direction));
    return made;
  };
  return build("p", { class: "steps" }, button("Previous (k)", -1), " ", button("Next (j)", 1));
}

function verification(): HTMLElement {
  const text = canVerify()
    ? "The files behind this page have the hashes that were published."
    : "Hashes weren't checked: browsers offer that over https only.";
  return build("p", { class: "small soft" }, text);
}
