import { TemplateError } from "./template-error.ts";

/**
 * What a name that isn't there evaluates to. Using it for anything but a test fails (jinja2's StrictUndefined); a lenient one
 * renders as nothing, as in chat templates and for an inline `if` without `else`.
 */
export class Undefined {
  readonly name: string;
  readonly lenient: boolean;

  constructor(name: string, lenient = false) {
    this.name = name;
    this.lenient = lenient;
  }

  fail(): never {
    throw new TemplateError("TEMPLATE_UNDEFINED", `"${this.name}" is not defined.`);
  }

  /** For uses that only a lenient one allows. */
  tolerate(): void {
    if (!this.lenient) this.fail();
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

/** What `range()` gives: numbers, spelled as the call. */
export class NumberRange extends Array<unknown> {
  spelling = "";
}

/** What `keys()`, `values()` and `items()` give: entries that can be walked through and counted, but have no positions. */
export class MappingView extends Array<unknown> {
  kind = "";
}

/** What `map`, `select` and their kin give in Python: entries that can be walked through once and have no text. */
export class Generator {
  #entries: unknown[];

  constructor(entries: unknown[]) {
    this.#entries = entries;
  }

  take(count = Number.POSITIVE_INFINITY): unknown[] {
    return this.#entries.splice(0, Math.min(count, this.#entries.length));
  }
}

/** What `namespace()` gives: members that statements inside of loops may set. */
export class Namespace {
  readonly members: Record<string, unknown>;

  constructor(members: Record<string, unknown>) {
    this.members = { ...members };
  }
}

export function failed(what: string): never {
  throw new TemplateError("TEMPLATE_FAILED", what);
}

/** A float result, wrapped only where it would be spelled like an integer otherwise. */
export function float(value: number): number | Float {
  return Number.isInteger(value) ? new Float(value) : value;
}

/** A whole number. @throws TemplateError where JavaScript can't hold it exactly */
export function whole(value: number): number {
  if (!Number.isSafeInteger(value)) failed(`${value} is too large a whole number.`);
  return value === 0 ? 0 : value;
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
  return failed(`${shown(value)} is not a number.`);
}

/** A whole number behind a value: what positions, widths and counts must be. */
export function integerOf(value: unknown): number {
  const number = numberOf(value);
  return isFloat(value) ? failed(`${shown(value)} is not a whole number.`) : number;
}

export function textOf(value: unknown): string {
  if (value instanceof Undefined) value.fail();
  return typeof value === "string" ? value : failed(`${shown(value)} is not text.`);
}

export function isFloat(value: unknown): boolean {
  return value instanceof Float || (typeof value === "number" && !Number.isInteger(value));
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return ![Float, Undefined, Generator, Namespace].some((kind) => value instanceof kind);
}

const keyOrder = Symbol("order of keys");

/** A mapping that remembers the order of keys that JavaScript would sort. */
export function mappingOf(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const mapping: Record<string, unknown> = Object.create(null);
  for (const [key, value] of entries) mapping[key] = value;
  const order = [...new Set(entries.map(([key]) => key))];
  if (order.some((key) => /^\d+$/.test(key))) Object.defineProperty(mapping, keyOrder, { value: order });
  return mapping;
}

export function keysOf(mapping: Record<string, unknown>): string[] {
  const keys = Object.keys(mapping);
  const order = (mapping as { [keyOrder]?: string[] })[keyOrder];
  return order?.length === keys.length ? [...order] : keys;
}

export function entriesOf(mapping: Record<string, unknown>): [string, unknown][] {
  return keysOf(mapping).map((key) => [key, mapping[key]]);
}

/** Python's truth value. */
export function truthy(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === "" || value === 0) return false;
  if (value instanceof Undefined) {
    value.tolerate();
    return false;
  }
  if (value instanceof Float) return value.value !== 0;
  if (Array.isArray(value)) return value.length > 0;
  if (isMapping(value)) return Object.keys(value).length > 0;
  return true;
}

/** Python's `str()`. */
export function str(value: unknown): string {
  if (typeof value === "string") return value;
  if (value instanceof Undefined) {
    value.tolerate();
    return "";
  }
  return repr(value);
}

/** Python's `repr()`. @throws TemplateError for what has an address in its text, or none */
export function repr(value: unknown): string {
  if (typeof value === "string") return quote(value);
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "number") return numberText(value);
  if (value instanceof Float) return floatText(value.value);
  if (value instanceof Undefined) return value.fail();
  if (value instanceof NumberRange) return value.spelling;
  if (value instanceof MappingView) return `dict_${value.kind}([${spelled(value)}])`;
  if (value instanceof Tuple) return value.length === 1 ? `(${repr(value[0])},)` : `(${spelled(value)})`;
  if (Array.isArray(value)) return `[${spelled(value)}]`;
  if (value instanceof Generator) return failed("A generator has no text of its own: put `| list` behind it.");
  if (typeof value === "function") return failed("A function has no text of its own: call it with ().");
  if (value instanceof Namespace) return failed("A namespace has no text of its own.");
  return `{${entriesOf(value as Record<string, unknown>)
    .map(([key, entry]) => `${repr(key)}: ${repr(entry)}`)
    .join(", ")}}`;
}

function spelled(list: readonly unknown[]): string {
  return Array.from(list, repr).join(", ");
}

/** A value in a message: never fails, never long. */
export function shown(value: unknown): string {
  if (value instanceof Undefined) return `the undefined "${value.name}"`;
  try {
    const text = repr(value);
    return text.length > 80 ? `${text.slice(0, 80)}…` : text;
  } catch {
    return "this value";
  }
}

function floatText(value: number): string {
  if (Object.is(value, -0)) return "-0.0";
  const text = numberText(value, 16);
  return /[e.]/.test(text) ? text : `${text}.0`;
}

/** Python writes exponents with two digits and switches to them at other magnitudes than JavaScript. */
function numberText(value: number, wholeDigits = 21): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 10 ** wholeDigits) return String(value);
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
