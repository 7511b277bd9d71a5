import {
  failed,
  Generator,
  isMapping,
  isNumber,
  keysOf,
  MappingView,
  NumberRange,
  numberOf,
  shown,
  Tuple,
  textOf,
  Undefined,
} from "./values.ts";

/** Python's `==`. */
export function equals(left: unknown, right: unknown): boolean {
  for (const value of [left, right]) if (value instanceof Undefined) value.tolerate();
  if (left instanceof Undefined || right instanceof Undefined)
    return left instanceof Undefined && right instanceof Undefined;
  if (isNumber(left) && isNumber(right)) return numberOf(left) === numberOf(right);
  if (Array.isArray(left) && Array.isArray(right)) {
    return (
      kindOf(left) === kindOf(right) &&
      left.length === right.length &&
      left.every((entry, index) => equals(entry, right[index]))
    );
  }
  if (isMapping(left) && isMapping(right)) {
    const keys = Object.keys(left);
    return (
      keys.length === Object.keys(right).length &&
      keys.every((key) => Object.hasOwn(right, key) && equals(left[key], right[key]))
    );
  }
  return (left ?? null) === (right ?? null);
}

function kindOf(list: unknown[]): unknown {
  if (list instanceof MappingView) return MappingView;
  return list instanceof Tuple ? Tuple : list instanceof NumberRange ? NumberRange : Array;
}

/** Ranges and views have no order. */
function isOrdered(list: unknown[]): boolean {
  return !(list instanceof NumberRange) && !(list instanceof MappingView);
}

/** Python's ordering: negative, zero or positive. @throws TemplateError for types that have no order between them. */
export function compare(left: unknown, right: unknown): number {
  if (isNumber(left) && isNumber(right)) return numberOf(left) - numberOf(right);
  if (typeof left === "string" && typeof right === "string") return compareText(left, right);
  if (Array.isArray(left) && Array.isArray(right) && kindOf(left) === kindOf(right) && isOrdered(left)) {
    for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
      const order = equals(left[index], right[index]) ? 0 : compare(left[index], right[index]);
      if (order !== 0) return order;
    }
    return left.length - right.length;
  }
  for (const value of [left, right]) if (value instanceof Undefined) value.fail();
  return failed(`${shown(left)} and ${shown(right)} can't be ordered.`);
}

/** By code points, as Python; JavaScript compares UTF-16 units, which differs above the basic plane. */
function compareText(left: string, right: string): number {
  const a = [...left];
  const b = [...right];
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const order = (a[index]?.codePointAt(0) ?? 0) - (b[index]?.codePointAt(0) ?? 0);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Python's `len()`: code points of text. */
export function length(value: unknown): number {
  if (typeof value === "string") return [...value].length;
  if (Array.isArray(value)) return value.length;
  if (value instanceof Undefined) {
    value.tolerate();
    return 0;
  }
  if (isMapping(value)) return Object.keys(value).length;
  return failed(`${shown(value)} has no length.`);
}

/** Entries of whatever Python can iterate: characters, list entries, keys. */
export function iterate(value: unknown): unknown[] {
  if (typeof value === "string") return [...value];
  if (Array.isArray(value)) return Array.from(value);
  if (value instanceof Generator) return value.take();
  if (value instanceof Undefined) {
    value.tolerate();
    return [];
  }
  if (isMapping(value)) return keysOf(value);
  return failed(`${shown(value)} can't be iterated.`);
}

/** Python's `in`. */
export function contains(container: unknown, value: unknown): boolean {
  if (typeof container === "string") return container.includes(textOf(value));
  if (isMapping(container)) {
    if (isMapping(value) || (Array.isArray(value) && !(value instanceof Tuple)))
      failed(`${shown(value)} can't be a key.`);
    return typeof value === "string" && Object.hasOwn(container, value);
  }
  return iterate(container).some((entry) => equals(entry, value));
}

export interface Bounds {
  start?: number | undefined;
  stop?: number | undefined;
  step?: number | undefined;
}

/** Python's slice of a list or text, in code points. */
export function slice(value: unknown, bounds: Bounds): unknown {
  if (typeof value !== "string" && !Array.isArray(value)) {
    if (value instanceof Undefined) value.fail();
    failed(`${shown(value)} can't be sliced.`);
  }
  if (value instanceof MappingView) failed("A view of a mapping can't be sliced: put `| list` behind it.");
  if (value instanceof NumberRange) failed("A range can't be sliced here: put `| list` behind it.");
  const entries = iterate(value);
  const [first, end, step] = spanOf(bounds, entries.length);
  const picked: unknown[] = [];
  for (let index = first; step > 0 ? index < end : index > end; index += step) picked.push(entries[index]);
  if (typeof value === "string") return picked.join("");
  return value instanceof Tuple ? Tuple.from(picked) : picked;
}

function spanOf(bounds: Bounds, size: number): [number, number, number] {
  const step = bounds.step ?? 1;
  if (step === 0) failed("A slice can't have step 0.");
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
  const clamp = (position: number) => Math.min(high, Math.max(low, position < 0 ? position + size : position));
  const first = bounds.start === undefined ? (step > 0 ? 0 : size - 1) : clamp(bounds.start);
  const end = bounds.stop === undefined ? (step > 0 ? size : -1) : clamp(bounds.stop);
  return [first, end, step];
}

/** Python's `list[index]` or `text[index]`, in code points; `undefined` where there is none. */
export function entryAt(value: unknown, index: number): unknown {
  if (typeof value === "string") {
    if (index >= 0 && /^[\u0000-\ud7ff\ue000-\uffff]*$/.test(value)) return value[index];
    return [...value].at(index);
  }
  return Array.isArray(value) ? value.at(index) : undefined;
}

/** Is a value what a float literal or a division gives: a position must not be one. */
export function isWhole(value: unknown): value is number | boolean {
  return (typeof value === "number" && Number.isInteger(value)) || typeof value === "boolean";
}
