import { createHash } from "node:crypto";
import { AssayError, InputError, type Json, type Protocol } from "../contracts/index.ts";
import { compileTemplate, createSampler, type RenderedShot, type Sampler } from "../prompt/index.ts";
import { hashOf } from "../record/index.ts";
import type { Item } from "../task/index.ts";
import { type Ask, compileRequests, type RequestBuilder } from "./build-request.ts";
import type { Prepared } from "./prepare.ts";

/** One request of a plan. */
export interface Planned extends Ask {
  item: Item;
  epoch: number;
  /** `row × epochs + epoch`: order of the data set. */
  ordinal: number;
  shots: string[];
  requestHash: string;
}

/**
 * Every request of a run, in the order of the data set, made one at a time. `skip` says which samples need no request;
 * shots are drawn for them all the same, so that a resumed run asks what an uninterrupted one would have asked.
 */
export async function* planRequests(
  prepared: Prepared,
  skip: (ordinal: number) => boolean = () => false,
): AsyncGenerator<Planned> {
  const { protocol } = prepared.resolved;
  const builder = compileRequests(protocol);
  const shots = openShots(prepared, builder);
  for await (const item of prepared.read()) {
    const drawn = shots(item);
    let ask: Ask | undefined;
    let requestHash = "";
    for (let epoch = 0; epoch < protocol.epochs; epoch += 1) {
      const ordinal = item.row * protocol.epochs + epoch;
      if (skip(ordinal)) continue;
      if (!ask) {
        ask = buildFor(item, () =>
          builder.build(
            item,
            drawn.map((shot) => shot.text()),
          ),
        );
        requestHash = hashOf(ask.request);
      }
      yield { ...ask, item, epoch, ordinal, requestHash, shots: drawn.map((shot) => shot.id) };
    }
  }
}

/** Says at which item a template failed: its data may be what is wrong. */
function buildFor(item: Item, build: () => Ask): Ask {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof AssayError)) throw error;
    const { code, what, why, fix, details } = error;
    const optional = { ...(why === undefined ? {} : { why }), ...(fix === undefined ? {} : { fix }) };
    throw new InputError({ code, what: `Item ${item.id}: ${what}`, ...optional, details, cause: error });
  }
}

interface DrawnShot {
  id: string;
  text(): RenderedShot;
}

/** Shots by item: one stream for each group of `matching` fields, each shot rendered once. */
function openShots({ resolved, pool }: Prepared, builder: RequestBuilder): (item: Item) => DrawnShot[] {
  const { shots } = resolved.protocol;
  const { sampler, count, seed, exclude } = shots;
  if (sampler === "fixed" && shots.ids) return namedShots({ resolved, pool }, builder);
  if (sampler === "fixed") return fixedShots(resolved.protocol);
  if (shots.count === 0) return () => [];
  const label = shots.label === undefined ? undefined : compileTemplate(shots.label);
  const groups = new Map<string, { items: Item[]; sampler: Sampler; rendered: (DrawnShot | undefined)[] }>();
  const keyOf = (item: Item) =>
    shots.matching.length === 0 ? "" : JSON.stringify(shots.matching.map((field) => item.document[field] ?? null));
  for (const item of pool) {
    const key = keyOf(item);
    if (!groups.has(key)) groups.set(key, { items: [], sampler: undefined as never, rendered: [] });
    groups.get(key)?.items.push(item);
  }
  for (const group of groups.values())
    group.sampler = createSampler({
      sampler,
      count: shots.keep === undefined ? count : Math.min(count, group.items.length),
      seed,
      exclude,
      pool: group.items.map((item) => item.id),
      ...(label ? { labels: group.items.map((item) => label.render(item.document)) } : {}),
    });
  return (item) => {
    const group = groups.get(keyOf(item));
    if (!group) return [];
    return group.sampler.draw(item.id).map((position) => {
      group.rendered[position] ??= lazyShot(group.items[position] as Item, builder);
      return group.rendered[position] as DrawnShot;
    });
  };
}

function lazyShot(item: Item, builder: RequestBuilder): DrawnShot {
  let text: RenderedShot | undefined;
  return {
    id: item.id,
    text: () => {
      text ??= builder.shot(item.document);
      return text;
    },
  };
}

/** Rows of the pool by their ids, the same for every item. @throws InputError where one is missing */
function namedShots({ resolved, pool }: Pick<Prepared, "resolved" | "pool">, builder: RequestBuilder) {
  const { task, protocol } = resolved;
  const rows = rowsByName(protocol, pool);
  const drawn = (protocol.shots.ids ?? []).slice(0, protocol.shots.count).map((id) => {
    const item = rows.get(String(id));
    if (item) return lazyShot(item, builder);
    throw new InputError({
      code: "SHOT_MISSING",
      what: `${task.id}@${protocol.id} shows item ${id} as an example, and split ${protocol.shots.split} has no such item.`,
      fix: "Correct `shots.ids`, `shots.key` or `shots.split`.",
    });
  });
  return () => drawn;
}

/** Rows by what `shots.ids` calls them: the item's id, a key of the protocol's, or the beginning of that key's hash. */
function rowsByName({ shots }: Protocol, pool: readonly Item[]): Map<string, Item> {
  if (shots.key === undefined) return new Map(pool.map((item) => [item.id, item]));
  const key = compileTemplate(shots.key);
  const isHashed = (shots.ids ?? []).some((id) => String(id).startsWith(hashPrefix));
  const rows = new Map<string, Item>();
  for (const item of pool) {
    const text = key.render(item.document);
    const name = isHashed ? hashPrefix + createHash("sha256").update(text).digest("hex").slice(0, hashDigits) : text;
    if (!rows.has(name)) rows.set(name, item);
  }
  return rows;
}

const hashPrefix = "sha256:";
const hashDigits = 16;

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? "");
}

/** Shots that the protocol spells out, for all items or for each value of the field in `matching`. */
function fixedShots({ shots, answerPrefix }: Protocol): (item: Item) => DrawnShot[] {
  const question = compileTemplate(shots.question ?? "{{ question }}");
  const answer = compileTemplate(shots.answer ?? "{{ answer }}");
  const draw = (examples: { question: string; answer: string }[], group: string) =>
    examples.slice(0, shots.count).map((example, index) => {
      const text = { question: question.render(example), answer: answer.render(example), answerPrefix };
      return { id: `fixed/${group}${index}`, text: () => text };
    });
  if (!shots.items || Array.isArray(shots.items)) {
    const drawn = draw(shots.items ?? [], "");
    return () => drawn;
  }
  const groups = new Map(Object.entries(shots.items).map(([value, examples]) => [value, draw(examples, `${value}/`)]));
  return (item) => groups.get(shots.matching.map((field) => textOf(item.document[field])).join("/")) ?? [];
}
