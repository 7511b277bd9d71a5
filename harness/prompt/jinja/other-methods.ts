import { type Arguments, bind } from "./arguments.ts";
import { equals, iterate } from "./sequences.ts";
import { entriesOf, failed, integerOf, isMapping, keysOf, MappingView, NumberRange, shown, Tuple } from "./values.ts";

type Method<T> = (value: T, args: Arguments) => unknown;

function method<T>(
  name: string,
  parameters: readonly string[],
  apply: (value: T, values: unknown[]) => unknown,
  needed = parameters.length,
): [string, Method<T>] {
  return [name, (value, args) => apply(value, bind(args, { name: `${name}()`, parameters, needed }))];
}

/** Methods that change their object: chat templates may not call them. */
export const changingMethods = new Set(["append", "extend", "insert", "pop", "update"]);

/** Only plain lists change; tuples and ranges don't. */
function changeable(list: unknown[]): unknown[] {
  return list instanceof Tuple || list instanceof NumberRange || list instanceof MappingView
    ? failed("A tuple can't be changed.")
    : list;
}

function positionOf(list: unknown[], value: unknown): number {
  const at = list.findIndex((entry) => equals(entry, value));
  return at < 0 ? failed(`${shown(value)} is not in list ${shown(list)}.`) : at;
}

/** Methods of Python's `list` that templates use. */
export const listMethods: Readonly<Record<string, Method<unknown[]>>> = Object.fromEntries([
  method<unknown[]>("index", ["value"], (list, [value]) => positionOf(list, value)),
  method<unknown[]>("count", ["value"], (list, [value]) => list.filter((entry) => equals(entry, value)).length),
  method<unknown[]>("copy", [], (list) => [...changeable(list)]),
  method<unknown[]>("append", ["object"], (list, [value]) => {
    changeable(list).push(value);
    return null;
  }),
  method<unknown[]>("extend", ["iterable"], (list, [more]) => {
    changeable(list).push(...iterate(more));
    return null;
  }),
  method<unknown[]>("insert", ["index", "object"], (list, [at, value]) => {
    changeable(list).splice(integerOf(at), 0, value);
    return null;
  }),
  method<unknown[]>(
    "pop",
    ["index"],
    (list, [at = -1]) => {
      const position = integerOf(at) < 0 ? integerOf(at) + list.length : integerOf(at);
      if (position < 0 || position >= list.length) failed("pop() found no such entry.");
      return changeable(list).splice(position, 1)[0];
    },
    0,
  ),
]);

type Mapping = Record<string, unknown>;

function viewOf(kind: string, entries: readonly unknown[]): MappingView {
  const view = new MappingView();
  for (const entry of entries) view.push(entry);
  view.kind = kind;
  return view;
}

/** Methods of Python's `dict` that templates use. */
export const mappingMethods: Readonly<Record<string, Method<Mapping>>> = Object.fromEntries([
  method<Mapping>("items", [], (mapping) =>
    viewOf(
      "items",
      entriesOf(mapping).map((pair) => Tuple.from(pair)),
    ),
  ),
  method<Mapping>("keys", [], (mapping) => viewOf("keys", keysOf(mapping))),
  method<Mapping>("values", [], (mapping) =>
    viewOf(
      "values",
      entriesOf(mapping).map(([, value]) => value),
    ),
  ),
  method<Mapping>(
    "get",
    ["key", "default"],
    (mapping, [key, fallback = null]) =>
      typeof key === "string" && Object.hasOwn(mapping, key) ? mapping[key] : fallback,
    1,
  ),
  method<Mapping>("update", ["other"], (mapping, [more]) => {
    Object.assign(mapping, isMapping(more) ? more : failed("update() takes a mapping."));
    return null;
  }),
]);

/** Members of Python's lists, tuples and mappings that we don't have: naming one is refused, not taken for a missing name. */
export const otherMembers = new Set(
  "clear copy fromkeys popitem setdefault pop sort reverse remove insert encode translate format_map isprintable maketrans real imag numerator denominator conjugate bit_length bit_count to_bytes as_integer_ratio is_integer hex".split(
    " ",
  ),
);
