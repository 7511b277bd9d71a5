import { InputError } from "../../contracts/index.ts";
import { pythonRegex } from "../../extract/index.ts";
import { roundHalfEven } from "./python-number.ts";
import { iterate } from "./sequences.ts";
import { blank } from "./text-case.ts";
import { percentFormat } from "./text-format.ts";
import { textMethods } from "./text-methods.ts";
import { splitLines } from "./text-split.ts";
import {
  entriesOf,
  Float,
  failed,
  float,
  Generator,
  integerOf,
  isFloat,
  isMapping,
  keysOf,
  numberOf,
  str,
  Tuple,
  textOf,
  truthy,
  Undefined,
  whole,
} from "./values.ts";

/** Parameters that a filter takes behind its value, and what it does. */
export interface FilterSpec {
  parameters: readonly string[];
  needed?: number;
  /** The filter looks at undefined values itself. */
  seesUndefined?: boolean;
  apply(value: unknown, values: unknown[]): unknown;
}

const textMethod = (name: string, parameters: readonly string[] = []): FilterSpec => ({
  parameters,
  apply: (value, values) =>
    textMethods[name]?.(str(value), { positional: values.filter((entry) => entry !== undefined), named: {} }),
});

function indent(value: unknown, [width = 4, first = false, blankLines = false]: unknown[]): string {
  const pad = typeof width === "string" ? width : " ".repeat(integerOf(width));
  const lines = splitLines(`${textOf(value)}\n`, false);
  const inner = lines.map((line, index) => (index > 0 && (line !== "" || truthy(blankLines)) ? pad + line : line));
  return (truthy(first) ? pad : "") + inner.join("\n");
}

function truncate(value: unknown, [length = 255, kill = false, end = "...", leeway = 5]: unknown[]): string {
  const text = [...textOf(value)];
  const most = integerOf(length);
  if (text.length <= most + integerOf(leeway)) return text.join("");
  const cut = text.slice(0, most - [...textOf(end)].length).join("");
  if (truthy(kill)) return cut + textOf(end);
  return (cut.includes(" ") ? cut.slice(0, cut.lastIndexOf(" ")) : cut) + textOf(end);
}

/** The filter's title case: pieces between blanks, hyphens and opening brackets. */
const titlePiece = new RegExp(`[^-${blank}({[<]+`, "gu");

function titlePieces(value: unknown): string {
  return str(value).replace(titlePiece, ([first = "", ...rest]) => first.toUpperCase() + rest.join("").toLowerCase());
}

const groupReference = /\\(?:g<(\w+)>|([1-9]\d?)|(\\)|([nrtfvab])|([\s\S]))/g;
const plainEscapes: Record<string, string> = { n: "\n", r: "\r", t: "\t", f: "\f", v: "\v", a: "\x07", b: "\b" };

function compilePattern(pattern: string): RegExp {
  try {
    return pythonRegex(pattern);
  } catch (error) {
    if (error instanceof InputError) return failed(error.what);
    throw error;
  }
}

/** Python's `re.sub`. */
function regexReplace(value: unknown, [pattern, replacement, count = 0]: unknown[]): string {
  const expression = compilePattern(textOf(pattern));
  const left = integerOf(count) || Number.POSITIVE_INFINITY;
  let done = 0;
  return textOf(value).replace(expression, (...match: unknown[]) => {
    if (done >= left) return match[0] as string;
    done += 1;
    const named = typeof match.at(-1) === "object" ? (match.at(-1) as Record<string, string | undefined>) : {};
    const groups = match.slice(
      0,
      match.findIndex((entry) => typeof entry === "number"),
    );
    return textOf(replacement).replace(groupReference, (whole, name, digits, slash, letter) => {
      if (slash) return "\\";
      if (letter) return plainEscapes[letter] ?? "";
      const key: string | undefined = name ?? digits;
      if (key === undefined)
        return /\w/.test(whole[1] ?? "") ? failed(`The replacement has the unknown escape ${whole}.`) : whole;
      const isNumber = /^\d+$/.test(key);
      if (isNumber ? Number(key) >= groups.length : !(key in named)) failed(`The pattern has no group ${key}.`);
      return ((isNumber ? groups[Number(key)] : named[key]) as string | undefined) ?? "";
    });
  });
}

/** Ours: every match of a pattern, or of its one group, as Python's `re.findall`. */
function regexFindAll(value: unknown, [pattern]: unknown[]): string[] {
  return Array.from(textOf(value).matchAll(compilePattern(textOf(pattern))), (match) => match[1] ?? match[0]);
}

function toInteger(value: unknown, [fallback = 0, base = 10]: unknown[]): unknown {
  if (value instanceof Undefined) value.fail();
  if (typeof value !== "string") {
    const isNumber = typeof value === "number" || typeof value === "boolean" || value instanceof Float;
    return isNumber ? whole(Math.trunc(numberOf(value))) : fallback;
  }
  const text = value
    .trim()
    .replace(/(?<=[\da-z])_(?=[\da-z])/gi, "")
    .toLowerCase();
  const [, sign = "", prefix = "", digits = ""] = /^([+-]?)(0[box])?([\da-z]+)$/.exec(text) ?? [];
  const radix = integerOf(base);
  const wanted = { "0b": 2, "0o": 8, "0x": 16 }[prefix] ?? radix;
  const allowed = "0123456789abcdefghijklmnopqrstuvwxyz".slice(0, wanted);
  if (digits !== "" && wanted === radix && [...digits].every((digit) => allowed.includes(digit)))
    return whole((sign === "-" ? -1 : 1) * Number.parseInt(digits, radix));
  const number = parseFloatText(text);
  return number === undefined
    ? fallback
    : whole(Math.trunc(Number.isFinite(number) ? number : failed(`${text} has no whole number.`)));
}

function parseFloatText(text: string): number | undefined {
  const plain = text.trim().replace(/(?<=\d)_(?=\d)/g, "");
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(plain)) return Number(plain);
  if (/^[+-]?nan$/i.test(plain)) return Number.NaN;
  if (/^[+-]?inf(?:inity)?$/i.test(plain))
    return plain.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return undefined;
}

function toFloat(value: unknown, [fallback = new Float(0)]: unknown[]): unknown {
  if (value instanceof Undefined) value.fail();
  if (typeof value === "number" || typeof value === "boolean" || value instanceof Float) return float(numberOf(value));
  const parsed = typeof value === "string" ? parseFloatText(value) : undefined;
  return parsed === undefined ? fallback : float(parsed);
}

function round(value: unknown, [precision = 0, method = "common"]: unknown[]): unknown {
  const digits = integerOf(precision);
  const number = numberOf(value);
  if (method === "ceil" || method === "floor") return float(Math[method](number * 10 ** digits) / 10 ** digits);
  if (method !== "common") failed("round() takes the methods common, ceil and floor.");
  if (isFloat(value)) return float(roundHalfEven(number, digits));
  return digits >= 0 ? number : whole(roundHalfEven(number, digits));
}

/** Python's `json.dumps`: blanks behind commas and colons; floats as Python spells them. */
function dump(value: unknown, space: string, depth = ""): string {
  if (value instanceof Undefined) return value.fail();
  if (value instanceof Float || typeof value === "number")
    return str(value).replace(/^nan$/, "NaN").replace(/inf$/, "Infinity");
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  const inner = depth + space;
  const [open, close] = space === "" ? ["", ""] : [`\n${inner}`, `\n${depth}`];
  const between = space === "" ? ", " : `,\n${inner}`;
  if (Array.isArray(value))
    return value.length === 0
      ? "[]"
      : `[${open}${value.map((entry) => dump(entry, space, inner)).join(between)}${close}]`;
  if (!isMapping(value)) return failed("Only texts, numbers, lists and mappings have JSON.");
  const pairs = entriesOf(value).map(([key, entry]) => `${JSON.stringify(key)}: ${dump(entry, space, inner)}`);
  return pairs.length === 0 ? "{}" : `{${open}${pairs.join(between)}${close}}`;
}

const spaceOf = (width: unknown) => (width === undefined || width === null ? "" : " ".repeat(integerOf(width)));

/** Filters whose value is text or a number. */
export const textFilters: Record<string, FilterSpec> = {
  string: { parameters: [], apply: str },
  trim: textMethod("strip", ["chars"]),
  upper: textMethod("upper"),
  lower: textMethod("lower"),
  capitalize: textMethod("capitalize"),
  center: {
    parameters: ["width"],
    apply: (value, [width = 80]) => textMethods.center?.(str(value), { positional: [width], named: {} }),
  },
  title: { parameters: [], apply: titlePieces },
  replace: {
    parameters: ["old", "new", "count"],
    needed: 2,
    apply: (value, [from, to, count]) =>
      textMethods.replace?.(str(value), {
        positional: [str(from), str(to), ...(count === undefined || count === null ? [] : [count])],
        named: {},
      }),
  },
  indent: { parameters: ["width", "first", "blank"], apply: indent },
  truncate: { parameters: ["length", "killwords", "end", "leeway"], apply: truncate },
  wordcount: { parameters: [], apply: (value) => (str(value).match(/[\p{L}\p{N}_]+/gu) ?? []).length },
  regex_replace: { parameters: ["pattern", "repl", "count"], needed: 2, apply: regexReplace },
  regex_findall: { parameters: ["pattern"], needed: 1, apply: regexFindAll },
  int: { parameters: ["default", "base"], apply: toInteger },
  float: { parameters: ["default"], apply: toFloat },
  abs: {
    parameters: [],
    apply: (value) => (isFloat(value) ? float(Math.abs(numberOf(value))) : Math.abs(numberOf(value))),
  },
  round: { parameters: ["precision", "method"], apply: round },
  default: {
    parameters: ["default_value", "boolean"],
    seesUndefined: true,
    apply: (value, [fallback = "", boolean = false]) =>
      value instanceof Undefined || (truthy(boolean) && !truthy(value)) ? fallback : value,
  },
  /**
   * `tojson` of chat templates: in the order given, characters as they are. Tasks have none: there its result is markup, which
   * escapes whatever it is joined with.
   */
  "tojson of chats": {
    parameters: ["indent", "ensure_ascii", "separators", "sort_keys"],
    apply: (value, [width, ascii, separators, sort]) => {
      if (truthy(ascii ?? false) || (separators ?? null) !== null || truthy(sort ?? false))
        failed("tojson takes an indent and nothing else here.");
      return dump(value, spaceOf(width));
    },
  },
  items: {
    parameters: [],
    seesUndefined: true,
    apply: (value) => {
      if (value instanceof Undefined) return new Generator([]);
      if (!isMapping(value)) failed("items takes a mapping.");
      return new Generator(entriesOf(value).map((pair) => Tuple.from(pair)));
    },
  },
  list: { parameters: [], apply: (value) => iterate(value) },
  count: { parameters: [], apply: (value) => lengthOf(value) },
  length: { parameters: [], apply: (value) => lengthOf(value) },
};

function lengthOf(value: unknown): number {
  if (isMapping(value)) return keysOf(value).length;
  return Array.isArray(value) || typeof value === "string"
    ? iterate(value).length
    : failed("This value has no length.");
}

/** `format` takes any number of arguments. */
export function formatFilter(value: unknown, positional: unknown[], named: Record<string, unknown>): string {
  const isNamed = Object.keys(named).length > 0;
  if (isNamed && positional.length > 0) failed("format takes positional or keyword arguments, not both.");
  return percentFormat(str(value), isNamed ? named : Tuple.from(positional));
}
