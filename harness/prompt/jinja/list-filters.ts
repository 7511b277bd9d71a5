import { plus } from "./operators.ts";
import { compare, contains, entryAt, equals, iterate } from "./sequences.ts";
import type { FilterSpec } from "./text-filters.ts";
import { entriesOf, failed, Generator, integerOf, isMapping, str, Tuple, truthy, Undefined } from "./values.ts";

/** A member by a dotted path; whole numbers are positions. */
export function readAttribute(value: unknown, path: unknown): unknown {
  const steps = typeof path === "number" ? [String(path)] : str(path).split(".");
  return steps.reduce((at: unknown, step) => {
    if (at instanceof Undefined) return at.fail();
    const found = /^\d+$/.test(step) && !isMapping(at) ? entryAt(at, Number(step)) : undefined;
    return found ?? (isMapping(at) && Object.hasOwn(at, step) ? at[step] : new Undefined(step));
  }, value);
}

const folded = (value: unknown) => (typeof value === "string" ? value.toLowerCase() : value);

/** A sort key by attributes, texts without regard to case unless asked. */
function keyBy(attribute: unknown, sensitive: unknown): (entry: unknown) => unknown {
  const fold = truthy(sensitive ?? false) ? (value: unknown) => value : folded;
  if (attribute === undefined || attribute === null) return fold;
  const paths = typeof attribute === "string" ? attribute.split(",") : [attribute];
  return (entry) => paths.map((path) => fold(readAttribute(entry, path)));
}

function sorted(entries: unknown[], keyOf: (entry: unknown) => unknown, reverse: unknown): unknown[] {
  const sign = truthy(reverse ?? false) ? -1 : 1;
  const order = entries.map((entry, index) => ({ entry, index, key: keyOf(entry) }));
  for (const { key } of order)
    for (const part of Array.isArray(key) ? key : [key]) if (part instanceof Undefined) part.fail();
  order.sort((a, b) => sign * (equals(a.key, b.key) ? 0 : compare(a.key, b.key)) || a.index - b.index);
  return order.map(({ entry }) => entry);
}

function extreme(sign: 1 | -1): FilterSpec {
  return {
    parameters: ["case_sensitive", "attribute"],
    apply: (value, [sensitive, attribute]) => {
      const keyOf = keyBy(attribute, sensitive);
      const entries = iterate(value);
      if (entries.length === 0) return new Undefined("of an empty sequence");
      return entries.reduce((best, entry) => (sign * compare(keyOf(entry), keyOf(best)) > 0 ? entry : best));
    },
  };
}

function unique(value: unknown, [sensitive, attribute]: unknown[]): Generator {
  const keyOf = keyBy(attribute, sensitive);
  const seen: unknown[] = [];
  const kept = iterate(value).filter((entry) => {
    const key = keyOf(entry);
    if (isMapping(key) || (Array.isArray(entry) && !(entry instanceof Tuple)))
      failed("unique can't tell lists or mappings apart.");
    if (contains(seen, key)) return false;
    seen.push(key);
    return true;
  });
  return new Generator(kept);
}

function batch(value: unknown, [size, fill]: unknown[]): Generator {
  const entries = iterate(value);
  const width = Math.max(1, integerOf(size));
  const rows: unknown[][] = [];
  for (let at = 0; at < entries.length; at += width) rows.push(entries.slice(at, at + width));
  const last = rows.at(-1);
  while (fill !== undefined && fill !== null && last && last.length < width) last.push(fill);
  return new Generator(rows);
}

/** Columns of nearly equal height: the first ones get what is left over. */
function columns(value: unknown, [count, fill]: unknown[]): Generator {
  const entries = iterate(value);
  const many = integerOf(count);
  const height = Math.floor(entries.length / many);
  const larger = entries.length % many;
  const rows = Array.from({ length: many }, (_, column) => {
    const start = column * height + Math.min(column, larger);
    const row = entries.slice(start, start + height + (column < larger ? 1 : 0));
    return fill !== undefined && fill !== null && column >= larger ? [...row, fill] : row;
  });
  return new Generator(rows);
}

function groupBy(value: unknown, [attribute, fallback, sensitive]: unknown[]): unknown[] {
  const read = (entry: unknown) => {
    const found = readAttribute(entry, attribute);
    return found instanceof Undefined && fallback !== undefined ? fallback : found;
  };
  const fold = truthy(sensitive ?? false) ? (key: unknown) => key : folded;
  const groups: { key: unknown; list: unknown[] }[] = [];
  for (const entry of sorted(iterate(value), (one) => fold(read(one)), false)) {
    const last = groups.at(-1);
    if (last && equals(fold(last.key), fold(read(entry)))) last.list.push(entry);
    else groups.push({ key: read(entry), list: [entry] });
  }
  return groups.map(({ key, list }) => Object.assign(Tuple.from([key, list]), { grouper: key, list }));
}

function sortedMapping(value: unknown, [sensitive, by = "key", reverse]: unknown[]): unknown[] {
  if (!isMapping(value)) return failed("dictsort takes a mapping.");
  const at = by === "key" ? 0 : by === "value" ? 1 : failed("dictsort sorts by key or value.");
  const fold = truthy(sensitive ?? false) ? (key: unknown) => key : folded;
  return sorted(entriesOf(value), (pair) => fold((pair as unknown[])[at]), reverse).map((pair) =>
    Tuple.from(pair as unknown[]),
  );
}

function reversed(value: unknown): unknown {
  if (typeof value === "string") return [...value].reverse().join("");
  const entries = iterate(value).reverse();
  return value instanceof Generator ? entries : new Generator(entries);
}

/** Filters whose value is a list or mapping. */
export const listFilters: Record<string, FilterSpec> = {
  join: {
    parameters: ["d", "attribute"],
    apply: (value, [joint = "", attribute]) =>
      iterate(value)
        .map((entry) => str(attribute === undefined || attribute === null ? entry : readAttribute(entry, attribute)))
        .join(str(joint)),
  },
  first: {
    parameters: [],
    apply: (value) =>
      (value instanceof Generator ? value.take(1) : iterate(value))[0] ?? new Undefined("first of an empty sequence"),
  },
  last: {
    parameters: [],
    apply: (value) => {
      if (value instanceof Generator) failed("A generator has no last entry: put `| list` before it.");
      return iterate(value).at(-1) ?? new Undefined("last of an empty sequence");
    },
  },
  reverse: { parameters: [], apply: reversed },
  sort: {
    parameters: ["reverse", "case_sensitive", "attribute"],
    apply: (value, [reverse, sensitive, attribute]) => sorted(iterate(value), keyBy(attribute, sensitive), reverse),
  },
  unique: { parameters: ["case_sensitive", "attribute"], apply: unique },
  batch: { parameters: ["linecount", "fill_with"], needed: 1, apply: batch },
  slice: { parameters: ["slices", "fill_with"], needed: 1, apply: columns },
  min: extreme(-1),
  max: extreme(1),
  sum: {
    parameters: ["attribute", "start"],
    apply: (value, [attribute, start = 0]) => {
      if (typeof start === "string") failed("Texts can't be summed up: use join.");
      const entries = iterate(value);
      const values =
        attribute === undefined || attribute === null
          ? entries
          : entries.map((entry) => readAttribute(entry, attribute));
      return values.reduce(plus, start);
    },
  },
  groupby: { parameters: ["attribute", "default", "case_sensitive"], needed: 1, apply: groupBy },
  dictsort: { parameters: ["case_sensitive", "by", "reverse"], apply: sortedMapping },
};
