import { createHash } from "node:crypto";
import { InputError } from "../contracts/index.ts";
import { PythonRandom } from "./python-random.ts";

/** What a sampler draws from and how. */
export interface SamplerOptions {
  sampler: "first_n" | "random" | "stable" | "helm";
  count: number;
  seed: number;
  /** `item`: never the item itself; `none`: it may be drawn; `lm-eval`: draw one more, drop the item, keep the first n. */
  exclude: "item" | "none" | "lm-eval";
  /** Ids of the pool, in its order. */
  pool: readonly string[];
  /** For `helm`: class of each pool row. */
  labels?: readonly string[];
}

/** Draws shots for one item after another. */
export interface Sampler {
  /** Positions in the pool. `random` advances its one stream by every call: ask for each item once, in order. */
  draw(itemId: string): number[];
}

/**
 * - `first_n`: the first n of the pool.
 * - `random`: lm-evaluation-harness' default: one Python random stream a task, `sample(pool, n)` item by item.
 * - `helm`: HELM's: one draw for all items, a row of each class in turn, from the most frequent class on.
 * - `stable`: ours: the draw depends on the seed and the item's id only, so neither `--limit` nor sharding nor order changes it.
 *
 * @throws InputError `SHOTS_TOO_MANY` when the pool is too small
 * @see https://github.com/EleutherAI/lm-evaluation-harness/blob/4e7e0d47/lm_eval/api/samplers.py
 * @see https://github.com/stanford-crfm/helm/blob/0c34452a/src/helm/benchmark/adaptation/adapters/in_context_learning_adapter.py
 *   (`sample_examples`) for `helm`
 */
export function createSampler(options: SamplerOptions): Sampler {
  const { count, exclude, pool } = options;
  const ids = exclude === "none" ? new Map<string, number>() : new Map(pool.map((id, position) => [id, position]));
  const spare = exclude === "lm-eval" ? 1 : 0;
  if (count + spare > pool.length) {
    throw new InputError({
      code: "SHOTS_TOO_MANY",
      what: `${count} shots can't be drawn from a pool of ${pool.length}${spare ? " (the rule draws one more and drops it)" : ""}.`,
      fix: "Ask for fewer with --shots, or name another split in `shots.split`.",
    });
  }
  const without = (drawn: number[], itemId: string) =>
    drawn.filter((position) => position !== ids.get(itemId)).slice(0, count);
  const firstN = Array.from({ length: Math.min(pool.length, count + 1) }, (_, position) => position);
  if (options.sampler === "first_n") return { draw: (itemId) => without(firstN, itemId) };
  if (options.sampler === "helm") {
    const drawn = helmDraw(options);
    return { draw: (itemId) => without(drawn, itemId) };
  }
  if (options.sampler === "random") return { draw: randomDraw(options, without, ids) };
  return { draw: (itemId) => without(stableOrder(options, itemId, ids.has(itemId) ? count + 1 : count), itemId) };
}

function randomDraw(
  { seed, count, exclude, pool }: SamplerOptions,
  without: (drawn: number[], id: string) => number[],
  ids: Map<string, number>,
): Sampler["draw"] {
  const random = new PythonRandom(seed);
  return (itemId) => {
    const extra = exclude === "lm-eval" || (exclude === "item" && ids.has(itemId)) ? 1 : 0;
    return without(random.sample(pool.length, count + extra), itemId);
  };
}

/** Classes by falling frequency, equal ones shuffled; then a row of each class in turn until there are enough. */
function helmDraw({ seed, count, pool, labels = pool }: SamplerOptions): number[] {
  const random = new PythonRandom(seed);
  const rowsOf = new Map<string, number[]>();
  for (const [position, label] of labels.entries()) rowsOf.set(label, [...(rowsOf.get(label) ?? []), position]);
  const sorted = [...rowsOf.keys()].sort(byCodePoint);
  const bySize = Map.groupBy(sorted, (label) => rowsOf.get(label)?.length ?? 0);
  const order = [...bySize].sort(([a], [b]) => b - a).flatMap(([, equal]) => random.shuffle(equal));
  const drawn: number[] = [];
  for (let turn = 0; drawn.length < count; turn += 1) {
    const rows = rowsOf.get(order[turn % order.length] ?? "") ?? [];
    if (rows.length > 0) drawn.push(...rows.splice(random.below(rows.length), 1));
  }
  return drawn;
}

/** Python's order of texts. */
function byCodePoint(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const difference = (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** A draw without repeats from a generator that is seeded by the item. */
function stableOrder({ seed, pool }: SamplerOptions, itemId: string, count: number): number[] {
  const digest = createHash("sha256").update(`${seed}\n${itemId}`).digest();
  const random = new PythonRandom(digest.readBigUInt64BE(0));
  return random.sample(pool.length, Math.min(count, pool.length));
}
