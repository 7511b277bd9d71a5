import { TemplateError } from "./template-error.ts";

/** What a name that isn't there evaluates to; using it for anything but a test fails (jinja2's StrictUndefined). */
export class Undefined {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  fail(): never {
    throw new TemplateError("TEMPLATE_UNDEFINED", `"${this.name}" is not defined.`);
  }
}

/** A Python float whose value is a whole number: it is spelled `2.0`. Other floats are plain numbers. */
export class Float {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** A Python tuple: a list that is spelled with parentheses. */
export class Tuple extends Array<unknown> {}

/** A float result, wrapped only where it would be spelled like an integer otherwise. */
export function float(value: number): number | Float {
  return Number.isInteger(value) ? new Float(value) : value;
}

export function isNumber(value: unknown): value is number | Float | boolean {
  return typeof value === "number" || typeof value === "boolean" || value instanceof Float;
}

/** The number behind a value. @throws TemplateError when there is none. */
export function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  if (value instanceof Float) return value.value;
  if (typeof value === "boolean") return Number(value);
  if (value instanceof Undefined) value.fail();
  throw new TemplateError("TEMPLATE_FAILED", `${repr(value)} is not a number.`);
}

export function isFloat(value: unknown): boolean {
  return value instanceof Float || (typeof value === "number" && !Number.isInteger(value));
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Float) &&
    !(value instanceof Undefined)
  );
}

/** Python's truth value. */
export function truthy(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === "" || value === 0) return false;
  if (value instanceof Undefined) return value.fail();
  if (value instanceof Float) return value.value !== 0;
  if (Array.isArray(value)) return value.length > 0;
  if (isMapping(value)) return Object.keys(value).length > 0;
  return true;
}

/** Python's `str()`. */
export function str(value: unknown): string {
  return typeof value === "string" ? value : repr(value);
}

/** Python's `repr()`. */
export function repr(value: unknown): string {
  if (typeof value === "string") return quote(value);
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "number") return numberText(value);
  if (value instanceof Float) return `${numberText(value.value)}.0`;
  if (value instanceof Undefined) return value.fail();
  if (value instanceof Tuple) return value.length === 1 ? `(${repr(value[0])},)` : `(${value.map(repr).join(", ")})`;
  if (Array.isArray(value)) return `[${value.map(repr).join(", ")}]`;
  if (typeof value === "function") return "<function>";
  return `{${Object.entries(value)
    .map(([key, entry]) => `${repr(key)}: ${repr(entry)}`)
    .join(", ")}}`;
}

/** Python writes exponents with two digits and switches to them at other magnitudes than JavaScript. */
function numberText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e21) return String(value);
  if (size >= 1e16 || (size < 1e-4 && size > 0)) return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  return String(value);
}

const escapes: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };

function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  let result = mark;
  for (const character of text) {
    if (character === mark) result += `\\${mark}`;
    else result += escapes[character] ?? (isPrintable(character) ? character : codeEscape(character));
  }
  return result + mark;
}

function isPrintable(character: string): boolean {
  return character === " " || !/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}]/u.test(character);
}

function codeEscape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
}

/** Python's `==`. */
export function equals(left: unknown, right: unknown): boolean {
  if (left instanceof Undefined || right instanceof Undefined)
    return (left instanceof Undefined ? left : (right as Undefined)).fail();
  if (isNumber(left) && isNumber(right)) return numberOf(left) === numberOf(right);
  if (Array.isArray(left) && Array.isArray(right)) {
    return (
      left.length === right.length &&
      left instanceof Tuple === right instanceof Tuple &&
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

/** Python's ordering: negative, zero or positive. @throws TemplateError for types that have no order between them. */
export function compare(left: unknown, right: unknown): number {
  if (isNumber(left) && isNumber(right)) return numberOf(left) - numberOf(right);
  if (typeof left === "string" && typeof right === "string") return compareText(left, right);
  if (Array.isArray(left) && Array.isArray(right)) {
    for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
      const order = equals(left[index], right[index]) ? 0 : compare(left[index], right[index]);
      if (order !== 0) return order;
    }
    return left.length - right.length;
  }
  throw new TemplateError("TEMPLATE_FAILED", `${repr(left)} and ${repr(right)} can't be ordered.`);
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
  if (value instanceof Undefined) value.fail();
  if (isMapping(value)) return Object.keys(value).length;
  throw new TemplateError("TEMPLATE_FAILED", `${repr(value)} has no length.`);
}

/** Entries of whatever Python can iterate: characters, list entries, keys. */
export function iterate(value: unknown): unknown[] {
  if (typeof value === "string") return [...value];
  if (Array.isArray(value)) return value;
  if (value instanceof Undefined) value.fail();
  if (isMapping(value)) return Object.keys(value);
  throw new TemplateError("TEMPLATE_FAILED", `${repr(value)} can't be iterated.`);
}

/** Python's `in`. */
export function contains(container: unknown, value: unknown): boolean {
  if (typeof container === "string") return container.includes(str(value));
  if (Array.isArray(container)) return container.some((entry) => equals(entry, value));
  if (isMapping(container)) return Object.hasOwn(container, str(value));
  return iterate(container).includes(value);
}

/** Python's slice of a list or text, in code points. */
export function slice(
  value: unknown,
  bounds: { start?: number | undefined; stop?: number | undefined; step?: number | undefined },
): unknown {
  const entries = iterate(value);
  const size = entries.length;
  const step = bounds.step ?? 1;
  if (step === 0) throw new TemplateError("TEMPLATE_FAILED", "A slice can't have step 0.");
  const clamp = (position: number, low: number, high: number) =>
    Math.min(high, Math.max(low, position < 0 ? position + size : position));
  const first =
    bounds.start === undefined
      ? step > 0
        ? 0
        : size - 1
      : clamp(bounds.start, step > 0 ? 0 : -1, step > 0 ? size : size - 1);
  const end =
    bounds.stop === undefined
      ? step > 0
        ? size
        : -1
      : clamp(bounds.stop, step > 0 ? 0 : -1, step > 0 ? size : size - 1);
  const picked: unknown[] = [];
  for (let index = first; step > 0 ? index < end : index > end; index += step) picked.push(entries[index]);
  return typeof value === "string" ? picked.join("") : picked;
}
