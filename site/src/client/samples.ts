import { areComparable } from "../../data/comparable.ts";
import type { CatalogueEntry } from "../../data/sample-catalogue.ts";
import { matchingSamples, parseSampleQuery, type SampleQuery, sampleQueryText } from "../../data/sample-query.ts";
import type { LongText } from "../../samples/publish-sample.ts";
import type { SampleIndex } from "../../samples/schemas.ts";
import { build, outsideText } from "./build-element.ts";
import { equivalenceNote } from "./equivalence-note.ts";
import { fillRuns, say, showTrouble } from "./run-pickers.ts";
import { otherAnswerView, type StoredPrompt, type StoredSample, sampleView } from "./sample-view.ts";
import { canVerify, SiteFiles } from "./site-files.ts";

const samplesPerShard = 100;
const mostLinks = 200;
/** The samples that pass the filter, and which of them is shown. */
interface Around {
  index: SampleIndex;
  matches: number[];
  at: number;
}

/** Shows one sample at a time of one run at a time. What is shown follows from the address. */
class SampleViewer {
  readonly #files: SiteFiles;
  readonly #catalogue: string;
  readonly #base: string;
  readonly #form: HTMLFormElement;
  readonly #view: HTMLElement;
  readonly #list: HTMLElement;
  #query = parseSampleQuery(location.search);
  #around: Around | null = null;
  #runs: CatalogueEntry[] = [];
  /** Counts what was asked for, so that an answer that comes late doesn't replace a newer one. */
  #asked = 0;

  constructor(place: HTMLElement, files: SiteFiles) {
    this.#files = files;
    this.#catalogue = place.dataset.catalogue ?? "";
    this.#base = place.dataset.base ?? "/";
    this.#form = place.querySelector("form") as HTMLFormElement;
    this.#view = place.querySelector<HTMLElement>(".view") as HTMLElement;
    this.#list = place.querySelector<HTMLElement>(".matches") as HTMLElement;
  }

  start(): void {
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#form.addEventListener("change", (event) => {
      const field = event.target as HTMLSelectElement;
      this.#choose(field.name, field.value);
    });
    this.#list.addEventListener("click", (event) => {
      const link = (event.target as HTMLElement).closest<HTMLAnchorElement>("a[data-at]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.#go(Number(link.dataset.at));
    });
    addEventListener("keydown", (event) => this.#press(event));
    addEventListener("popstate", () => {
      this.#query = parseSampleQuery(location.search);
      void this.#show();
    });
    void this.#show();
  }

  /** Another filter starts from its first sample; another run of the setup, or another run B, stays with the item. */
  #choose(name: string, value: string): void {
    const { index, at } = this.#around ?? {};
    const kept = { item: index?.items[at ?? -1] ?? "", epoch: index?.epochs?.[at ?? -1] ?? 0 };
    const fresh = { item: "", epoch: 0 };
    if (name !== "run") {
      this.#change({ ...(name === "b" && this.#query.filter !== "differs" ? kept : fresh), [name]: value });
      return;
    }
    const setupOf = (run: string) => this.#runs.find((entry) => entry.run === run)?.setup;
    const same = setupOf(value) !== undefined && setupOf(value) === setupOf(this.#query.run);
    const b = same && this.#query.b !== value ? this.#query.b : "";
    this.#change({ ...(same ? kept : fresh), b, run: value });
  }

  #press(event: KeyboardEvent): void {
    const { tagName } = event.target as HTMLElement;
    if (event.altKey || event.ctrlKey || event.metaKey || /^(INPUT|SELECT|TEXTAREA)$/.test(tagName)) return;
    if (event.key === "j") this.#step(1);
    if (event.key === "k") this.#step(-1);
  }

  #step(direction: 1 | -1): void {
    const next = this.#around && neighbour(this.#around, direction);
    if (next !== null) this.#go(next);
  }

  #go(at: number): void {
    if (!this.#around) return;
    const { index } = this.#around;
    this.#around = { ...this.#around, at };
    this.#change({ item: index.items[at] ?? "", epoch: index.epochs?.[at] ?? 0 });
  }

  #change(next: Partial<SampleQuery>): void {
    this.#query = { ...this.#query, ...next };
    history.pushState(null, "", `${location.pathname}?${sampleQueryText(this.#query)}`);
    void this.#show();
  }

  async #show(): Promise<void> {
    const turn = ++this.#asked;
    try {
      const runs = await this.#files.catalogue(this.#catalogue);
      const shown = runs.filter((entry) => entry.index !== null);
      this.#runs = shown;
      if (this.#query.run === "" && shown[0]) this.#query = { ...this.#query, run: shown[0].run };
      const { run, filter, b } = this.#query;
      fillRuns(this.#form, "run", shown, run);
      const entry = shown.find((candidate) => candidate.run === run);
      if (!entry)
        return say(this.#view, run === "" ? "No run shows its samples." : `There are no samples of ${run} here.`);
      fillRuns(this.#form, "b", comparable(shown, entry), b, "none");
      (this.#form.elements.namedItem("filter") as HTMLSelectElement).value = filter;
      if (this.#view.childElementCount === 0) say(this.#view, "Loading…");
      await this.#showRun(entry, shown.find((candidate) => candidate.run === b) ?? null, turn);
    } catch (error) {
      if (turn === this.#asked) showTrouble(this.#view, error, () => void this.#show());
    }
  }

  async #showRun(entry: CatalogueEntry, otherEntry: CatalogueEntry | null, turn: number): Promise<void> {
    const query = this.#query;
    const index = await this.#files.index(entry.index ?? "");
    const other = otherEntry ? await this.#files.index(otherEntry.index ?? "") : null;
    if (turn !== this.#asked) return;
    const matches = matchingSamples(index, query.filter, other);
    const at = query.item === "" ? (matches[0] ?? -1) : (placeOf(index, query.item, query.epoch) ?? -1);
    listMatches(this.#list, { index, matches, at, query });
    this.#around = at < 0 ? null : { index, matches, at };
    if (!this.#around) {
      const filtered = "No sample passes this filter.";
      return say(
        this.#view,
        query.item === "" ? filtered : `This run has no sample ${query.item}, epoch ${query.epoch}.`,
      );
    }
    const [sample, prompt] = await load(this.#files, index, at);
    const second = other && placeOf(other, sample.item, sample.epoch);
    const answer = other && second !== null ? await load(this.#files, other, second) : null;
    if (turn !== this.#asked) return;
    const longTexts = (from: SampleIndex) => (file: LongText) => this.#files.text(file, from.baseUrl);
    const article = sampleView(sample, prompt, longTexts(index));
    if (other && answer) {
      const beside = otherAnswerView(...answer, { model: other.model, longTexts: longTexts(other) });
      article.querySelector(".answers")?.append(beside);
      const note = otherEntry && equivalenceNote(entry, otherEntry, this.#base);
      if (note) article.prepend(note);
    }
    const buttons = navigation(this.#around, (direction) => this.#step(direction));
    this.#view.replaceChildren(buttons, article, originOf(index), verification());
  }
}

const root = document.querySelector<HTMLElement>("[data-samples]");
if (root) new SampleViewer(root, new SiteFiles(root.dataset.base ?? "/")).start();

/** Whose text this is, and the mark by which it can be kept out of training sets. */
function originOf({ task, licence, canary }: SampleIndex): HTMLElement {
  const words = [`Licence of the data set ${task}: ${licence}.`, canary === null ? "" : `Canary: ${canary}`];
  return build("p", { class: "small soft" }, outsideText(words.filter(Boolean).join(" ")));
}

function comparable(entries: readonly CatalogueEntry[], entry: CatalogueEntry): CatalogueEntry[] {
  return entries.filter((other) => areComparable(other, entry) && other.run !== entry.run);
}

/** Where a sample stands in a run; `null`: it isn't there. */
function placeOf(index: SampleIndex, item: string, epoch: number): number | null {
  const found = index.items.findIndex((other, at) => other === item && (index.epochs?.[at] ?? 0) === epoch);
  return found < 0 ? null : found;
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
