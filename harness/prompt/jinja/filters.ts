import { TemplateError } from "./template-error.ts";
import { textMethods } from "./text-methods.ts";
import {
  compare,
  contains,
  equals,
  Float,
  float,
  isFloat,
  isMapping,
  iterate,
  length,
  numberOf,
  repr,
  str,
  Tuple,
  truthy,
  Undefined,
} from "./values.ts";

/** Positional and keyword arguments of a filter, test or function. */
export interface Arguments {
  positional: unknown[];
  named: Record<string, unknown>;
}

type Filter = (value: unknown, args: Arguments) => unknown;

/** An argument by position or name, else the fallback. */
export function argument(
  { positional, named }: Arguments,
  at: { index: number; name: string; fallback?: unknown },
): unknown {
  return positional[at.index] ?? named[at.name] ?? at.fallback;
}

const text =
  (method: string): Filter =>
  (value, { positional }) =>
    textMethods[method]?.(str(value), positional);

const readAttribute = (value: unknown, path: unknown): unknown =>
  str(path)
    .split(".")
    .reduce((at: unknown, key) => {
      const list = Array.isArray(at) && /^\d+$/.test(key) ? at[Number(key)] : undefined;
      return list ?? (isMapping(at) && Object.hasOwn(at, key) ? at[key] : new Undefined(key));
    }, value);

/** `filter`/`test` by name with the rest of the arguments, for `map`, `select` and their kin. */
type Lookup = { filters: Record<string, Filter>; tests: Record<string, (value: unknown, args: Arguments) => boolean> };

function sorted(value: unknown, args: Arguments): unknown[] {
  const attribute = args.named.attribute;
  const reverse = truthy(argument(args, { index: 0, name: "reverse", fallback: false }));
  const sensitive = truthy(argument(args, { index: 1, name: "case_sensitive", fallback: false }));
  const keyOf = (entry: unknown) => {
    const key = attribute === undefined ? entry : readAttribute(entry, attribute);
    return typeof key === "string" && !sensitive ? key.toLowerCase() : key;
  };
  const order = iterate(value).map((entry, index) => ({ entry, index, key: keyOf(entry) }));
  order.sort((a, b) => (reverse ? -1 : 1) * compare(a.key, b.key) || a.index - b.index);
  return order.map(({ entry }) => entry);
}

/** Round half to even, as Python's `round()` and so jinja2's `common`. */
function roundEven(value: number, digits: number): number {
  const scale = 10 ** digits;
  const scaled = value * scale;
  const floor = Math.floor(scaled);
  if (scaled - floor === 0.5) return (floor % 2 === 0 ? floor : floor + 1) / scale;
  return Number(value.toFixed(Math.max(0, Math.min(20, digits))));
}

const roundings: Record<string, (value: number, digits: number) => number> = {
  common: roundEven,
  ceil: (value, digits) => Math.ceil(value * 10 ** digits) / 10 ** digits,
  floor: (value, digits) => Math.floor(value * 10 ** digits) / 10 ** digits,
};

function extreme(sign: 1 | -1): Filter {
  return (value, { named }) => {
    const keyOf = (entry: unknown) => (named.attribute === undefined ? entry : readAttribute(entry, named.attribute));
    const entries = iterate(value);
    if (entries.length === 0) return new Undefined("of an empty sequence");
    return entries.reduce((best, entry) => (sign * compare(keyOf(entry), keyOf(best)) > 0 ? entry : best));
  };
}

function unique(value: unknown): unknown[] {
  const seen: unknown[] = [];
  const fold = (entry: unknown) => (typeof entry === "string" ? entry.toLowerCase() : entry);
  return iterate(value).filter((entry) => {
    if (contains(seen, fold(entry))) return false;
    seen.push(fold(entry));
    return true;
  });
}

function batch(value: unknown, { positional: [size, fill] }: Arguments): unknown[][] {
  const entries = iterate(value);
  const width = numberOf(size);
  const rows: unknown[][] = [];
  for (let at = 0; at < entries.length; at += width) rows.push(entries.slice(at, at + width));
  const last = rows.at(-1);
  while (fill !== undefined && last && last.length < width) last.push(fill);
  return rows;
}

/** Python's `json.dumps` with jinja2's `tojson`: keys sorted, HTML-unsafe characters escaped. */
function toJson(value: unknown, { named, positional }: Arguments): string {
  const indent = (positional[0] ?? named.indent) as number | undefined;
  const plain = (entry: unknown): unknown => {
    if (entry instanceof Float) return entry.value;
    if (entry instanceof Undefined) return entry.fail();
    if (Array.isArray(entry)) return entry.map(plain);
    if (isMapping(entry))
      return Object.fromEntries(
        Object.keys(entry)
          .sort()
          .map((key) => [key, plain(entry[key])]),
      );
    return entry;
  };
  const write = (entry: unknown): string => {
    if (Array.isArray(entry)) return `[${entry.map(write).join(", ")}]`;
    if (isMapping(entry))
      return `{${Object.entries(entry)
        .map(([key, inner]) => `${JSON.stringify(key)}: ${write(inner)}`)
        .join(", ")}}`;
    return JSON.stringify(entry);
  };
  return indent === undefined ? write(plain(value)) : JSON.stringify(plain(value), null, indent);
}

function regexReplace(value: unknown, args: Arguments): string {
  const [pattern, replacement, count] = [
    argument(args, { index: 0, name: "pattern" }),
    argument(args, { index: 1, name: "repl" }),
    argument(args, { index: 2, name: "count", fallback: 0 }),
  ];
  let left = numberOf(count) || Number.POSITIVE_INFINITY;
  const target = str(replacement)
    .replace(/\$/g, "$$$$")
    .replace(/\\g<(\w+)>|\\(\d)/g, (_, name, digit) =>
      (digit ?? /^\d+$/.test(name)) ? `$${digit ?? name}` : `$<${name}>`,
    );
  const expression = new RegExp(str(pattern).replace(/\(\?P</g, "(?<"), "g");
  return str(value).replace(expression, (match) => {
    if (left <= 0) return match;
    left -= 1;
    return match.replace(new RegExp(expression.source), target);
  });
}

function sum(value: unknown, { named, positional }: Arguments): unknown {
  const entries =
    named.attribute === undefined
      ? iterate(value)
      : iterate(value).map((entry) => readAttribute(entry, named.attribute));
  const total = entries.reduce(
    (at: number, entry) => at + numberOf(entry),
    numberOf(named.start ?? positional[1] ?? 0),
  );
  return entries.some(isFloat) ? float(total) : total;
}

function toInt(value: unknown, args: Arguments): number {
  if (typeof value !== "string") return Math.trunc(numberOf(value));
  const parsed = /^\s*[+-]?\d+(?:\.\d*)?\s*$/.test(value) ? Math.trunc(Number(value)) : Number.NaN;
  return Number.isNaN(parsed) ? numberOf(argument(args, { index: 0, name: "default", fallback: 0 })) : parsed;
}

function toFloat(value: unknown, args: Arguments): unknown {
  const parsed = typeof value === "string" ? (value.trim() === "" ? Number.NaN : Number(value)) : numberOf(value);
  return float(Number.isNaN(parsed) ? numberOf(argument(args, { index: 0, name: "default", fallback: 0 })) : parsed);
}

function defaultValue(value: unknown, args: Arguments): unknown {
  const fallback = argument(args, { index: 0, name: "default_value", fallback: "" });
  const boolean = argument(args, { index: 1, name: "boolean", fallback: false });
  return value instanceof Undefined || (truthy(boolean) && !truthy(value)) ? fallback : value;
}

function groupby(value: unknown, args: Arguments): unknown[] {
  const attribute = argument(args, { index: 0, name: "attribute" });
  const groups: { key: unknown; list: unknown[] }[] = [];
  for (const entry of sorted(value, { positional: [], named: { attribute } })) {
    const key = readAttribute(entry, attribute);
    const last = groups.at(-1);
    if (last && equals(last.key, key)) last.list.push(entry);
    else groups.push({ key, list: [entry] });
  }
  return groups.map(({ key, list }) => Object.assign(Tuple.from([key, list]), { grouper: key, list }));
}

function indent(value: unknown, args: Arguments): string {
  const width = argument(args, { index: 0, name: "width", fallback: 4 });
  const pad = typeof width === "string" ? width : " ".repeat(numberOf(width));
  const first = truthy(argument(args, { index: 1, name: "first", fallback: false }));
  const blank = truthy(argument(args, { index: 2, name: "blank", fallback: false }));
  return str(value)
    .split("\n")
    .map((line, index) => ((index === 0 ? first : blank || line !== "") ? pad + line : line))
    .join("\n");
}

/** Filters that call others by name. */
function higherFilters(lookup: Lookup): Record<string, Filter> {
  const byTest = (args: Arguments, keep: boolean, subject: (entry: unknown) => unknown, rest: unknown[]) => {
    const [name, ...more] = rest;
    const test =
      name === undefined
        ? truthy
        : (entry: unknown) =>
            lookup.tests[str(name)]?.(entry, { positional: more, named: args.named }) ?? failName("test", name);
    return (entry: unknown) => test(subject(entry)) === keep;
  };
  const select =
    (keep: boolean): Filter =>
    (value, args) =>
      iterate(value).filter(byTest(args, keep, (entry) => entry, args.positional));
  const selectAttribute =
    (keep: boolean): Filter =>
    (value, args) => {
      const [attribute, ...rest] = args.positional;
      return iterate(value).filter(byTest(args, keep, (entry) => readAttribute(entry, attribute), rest));
    };
  return {
    select: select(true),
    reject: select(false),
    selectattr: selectAttribute(true),
    rejectattr: selectAttribute(false),
    map: (value, args) => {
      const { attribute, default: fallback } = args.named;
      if (attribute !== undefined) {
        return iterate(value).map((entry) => {
          const found = readAttribute(entry, attribute);
          return found instanceof Undefined && fallback !== undefined ? fallback : found;
        });
      }
      const [name, ...rest] = args.positional;
      const filter = lookup.filters[str(name)] ?? failName("filter", name);
      return iterate(value).map((entry) => filter(entry, { positional: rest, named: {} }));
    },
  };
}

function failName(kind: string, name: unknown): never {
  throw new TemplateError("TEMPLATE_FAILED", `There is no ${kind} named ${repr(name)}.`);
}

const plain: Record<string, Filter> = {
  string: str,
  length,
  count: length,
  list: (value) => [...iterate(value)],
  join: (value, args) => {
    const attribute = args.named.attribute;
    const entries =
      attribute === undefined ? iterate(value) : iterate(value).map((entry) => readAttribute(entry, attribute));
    return entries.map(str).join(str(argument(args, { index: 0, name: "d", fallback: "" })));
  },
  int: toInt,
  float: toFloat,
  abs: (value) => (isFloat(value) ? float(Math.abs(numberOf(value))) : Math.abs(numberOf(value))),
  round: (value, args) => {
    const method = str(argument(args, { index: 1, name: "method", fallback: "common" }));
    return float(
      (roundings[method] ?? roundEven)(
        numberOf(value),
        numberOf(argument(args, { index: 0, name: "precision", fallback: 0 })),
      ),
    );
  },
  first: (value) => iterate(value)[0] ?? new Undefined("first of an empty sequence"),
  last: (value) => iterate(value).at(-1) ?? new Undefined("last of an empty sequence"),
  trim: text("strip"),
  upper: text("upper"),
  lower: text("lower"),
  capitalize: text("capitalize"),
  title: (value) => str(value).replace(/[^-\s({[<]+/gu, (word) => textMethods.capitalize?.(word, []) as string),
  replace: text("replace"),
  wordcount: (value) => (str(value).match(/[\p{L}\p{N}_]+/gu) ?? []).length,
  reverse: (value) => (typeof value === "string" ? [...value].reverse().join("") : [...iterate(value)].reverse()),
  sort: sorted,
  unique,
  batch,
  min: extreme(-1),
  max: extreme(1),
  sum,
  default: defaultValue,
  d: defaultValue,
  tojson: toJson,
  safe: (value) => value,
  regex_replace: regexReplace,
  attr: (value, { positional: [name] }) => readAttribute(value, name),
  items: (value) => Object.entries(value as Record<string, unknown>).map((pair) => Tuple.from(pair)),
  dictsort: (value) =>
    Object.entries(value as Record<string, unknown>)
      .sort(([a], [b]) => compare(a.toLowerCase(), b.toLowerCase()))
      .map((pair) => Tuple.from(pair)),
  groupby,
  indent,
};

const tests: Record<string, (value: unknown, args: Arguments) => boolean> = {
  defined: (value) => !(value instanceof Undefined),
  undefined: (value) => value instanceof Undefined,
  none: (value) => value === null,
  true: (value) => value === true,
  false: (value) => value === false,
  boolean: (value) => typeof value === "boolean",
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number" || value instanceof Float || typeof value === "boolean",
  integer: (value) => typeof value === "number" && Number.isInteger(value),
  float: isFloat,
  mapping: isMapping,
  sequence: (value) => typeof value === "string" || Array.isArray(value) || isMapping(value),
  iterable: (value) => typeof value === "string" || Array.isArray(value) || isMapping(value),
  callable: (value) => typeof value === "function",
  odd: (value) => Math.abs(numberOf(value) % 2) === 1,
  even: (value) => numberOf(value) % 2 === 0,
  divisibleby: (value, { positional: [by] }) => numberOf(value) % numberOf(by) === 0,
  lower: (value) => textMethods.islower?.(str(value), []) === true,
  upper: (value) => textMethods.isupper?.(str(value), []) === true,
  in: (value, { positional: [container] }) => contains(container, value),
  equalto: (value, { positional: [other] }) => equals(value, other),
  eq: (value, { positional: [other] }) => equals(value, other),
  ne: (value, { positional: [other] }) => !equals(value, other),
  lt: (value, { positional: [other] }) => compare(value, other) < 0,
  le: (value, { positional: [other] }) => compare(value, other) <= 0,
  gt: (value, { positional: [other] }) => compare(value, other) > 0,
  ge: (value, { positional: [other] }) => compare(value, other) >= 0,
};

const lookup: Lookup = { filters: { ...plain }, tests };
Object.assign(lookup.filters, higherFilters(lookup));

/** jinja2's filters, and lm-eval's `regex_replace`. */
export const templateFilters: Readonly<Record<string, Filter>> = lookup.filters;
/** jinja2's tests. */
export const templateTests: Readonly<Lookup["tests"]> = lookup.tests;
