import type { SampleIndex } from "../samples/schemas.ts";

const sampleFilters = ["all", "wrong", "right", "unparsed", "errored", "limited", "refused", "differs"] as const;
export type SampleFilter = (typeof sampleFilters)[number];

/** Which sample of which run a reader looks at. Lives in the address: every sample has a permanent link. */
export interface SampleQuery {
  run: string;
  item: string;
  epoch: number;
  filter: SampleFilter;
  /** Run that `differs` compares with. */
  b: string;
}

/** Reads a query string; what makes no sense is as if it were not there. */
export function parseSampleQuery(text: string): SampleQuery {
  const query = new URLSearchParams(text);
  const filter = query.get("filter") ?? "all";
  const epoch = Number(query.get("epoch") ?? "0");
  return {
    run: query.get("run") ?? "",
    item: query.get("item") ?? "",
    epoch: Number.isSafeInteger(epoch) && epoch >= 0 ? epoch : 0,
    filter: (sampleFilters as readonly string[]).includes(filter) ? (filter as SampleFilter) : "all",
    b: query.get("b") ?? "",
  };
}

/** Writes a query string; defaults are left out. */
export function sampleQueryText({ run, item, epoch, filter, b }: SampleQuery): string {
  const query = new URLSearchParams();
  if (run) query.set("run", run);
  if (item) query.set("item", item);
  if (epoch > 0) query.set("epoch", String(epoch));
  if (filter !== "all") query.set("filter", filter);
  if (b) query.set("b", b);
  return query.toString();
}

const letters: Partial<Record<SampleFilter, string>> = { unparsed: "U", errored: "E", limited: "L", refused: "R" };

/** Places of the samples that pass a filter, in order. */
export function matchingSamples(index: SampleIndex, filter: SampleFilter, other: SampleIndex | null): number[] {
  const values = other ? new Map(other.items.map((_, at) => [keyOf(other, at), other.values[at] ?? null])) : null;
  const passes = (at: number): boolean => {
    const value = index.values[at] ?? null;
    if (filter === "all") return true;
    if (filter === "wrong") return value !== null && !isRight(value, index);
    if (filter === "right") return value !== null && isRight(value, index);
    if (filter !== "differs") return index.outcomes[at] === letters[filter];
    const key = keyOf(index, at);
    return values?.has(key) === true && values.get(key) !== value;
  };
  return index.items.flatMap((_, at) => (passes(at) ? [at] : []));
}

/** Item and epoch: what two runs of one setup share. */
function keyOf(index: SampleIndex, at: number): string {
  return `${index.items[at]}\n${index.epochs?.[at] ?? 0}`;
}

/** Full marks. Where lower is better there is no full mark, and nothing counts as right. */
function isRight(value: number, index: SampleIndex): boolean {
  return !index.lowerIsBetter && value >= 1;
}
