import { TemplateError } from "./template-error.ts";
import { length, numberOf, repr, slice, str } from "./values.ts";

type Method = (text: string, args: unknown[]) => unknown;

/** Characters that Python's `str.strip()` takes away; not the same as JavaScript's `trim()`. */
const blank = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

function stripper(sides: "both" | "left" | "right"): Method {
  return (text, [characters]) => {
    const set =
      characters === undefined || characters === null
        ? `[${blank}]`
        : `[${str(characters).replace(/[\\\]^-]/g, "\\$&")}]`;
    if (set === "[]") return text;
    let result = text;
    if (sides !== "right") result = result.replace(new RegExp(`^${set}+`, "u"), "");
    if (sides !== "left") result = stripEnd(result, set);
    return result;
  };
}

/** From the end, character by character: a regular expression anchored at the end is quadratic on long runs of blanks. */
function stripEnd(text: string, set: string): string {
  const matches = new RegExp(`^${set}$`, "u");
  let end = text.length;
  while (end > 0) {
    const width = end > 1 && /[\udc00-\udfff]/.test(text[end - 1] ?? "") ? 2 : 1;
    if (!matches.test(text.slice(end - width, end))) break;
    end -= width;
  }
  return text.slice(0, end);
}

const strip = stripper("both");

function capitalize(text: string): string {
  const [first = "", ...rest] = text;
  return first.toUpperCase() + rest.join("").toLowerCase();
}

function split(text: string, [separator, most]: unknown[]): string[] {
  const limit = most === undefined ? -1 : numberOf(most);
  if (separator === undefined || separator === null) {
    const words = (strip(text, []) as string).split(new RegExp(`[${blank}]+`, "u")).filter(Boolean);
    if (limit < 0 || words.length <= limit + 1) return words;
    const tail = new RegExp(`^[${blank}]*(?:[^${blank}]+[${blank}]+){${limit}}`, "u").exec(text)?.[0] ?? "";
    return [...words.slice(0, limit), stripper("right")(text.slice(tail.length), []) as string];
  }
  const parts = text.split(str(separator));
  if (limit < 0 || parts.length <= limit + 1) return parts;
  return [...parts.slice(0, limit), parts.slice(limit).join(str(separator))];
}

function rsplit(text: string, [separator, most]: unknown[]): string[] {
  const parts = split(text, [separator]);
  const limit = most === undefined ? -1 : numberOf(most);
  if (limit < 0 || parts.length <= limit + 1) return parts;
  const joint = separator === undefined || separator === null ? " " : str(separator);
  return [parts.slice(0, parts.length - limit).join(joint), ...parts.slice(parts.length - limit)];
}

function replace(text: string, [from, to, count]: unknown[]): string {
  const most = count === undefined || count === null ? Number.POSITIVE_INFINITY : numberOf(count);
  const parts = str(from) === "" ? ["", ...text, ""] : text.split(str(from));
  if (parts.length - 1 <= most || most < 0) return parts.join(str(to));
  return parts.slice(0, most + 1).join(str(to)) + str(from) + parts.slice(most + 1).join(str(from));
}

/** Position in code points. */
function find(text: string, needle: unknown): number {
  const at = text.indexOf(str(needle));
  return at < 0 ? -1 : length(text.slice(0, at));
}

const anyOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(str) : [str(value)]);

/** Methods of Python's `str` that templates use. */
export const textMethods: Record<string, Method> = {
  strip,
  lstrip: stripper("left"),
  rstrip: stripper("right"),
  upper: (text) => text.toUpperCase(),
  lower: (text) => text.toLowerCase(),
  casefold: (text) => text.toLowerCase().replaceAll("ß", "ss"),
  capitalize,
  title: (text) => text.replace(/\p{L}+/gu, (word) => capitalize(word)),
  swapcase: (text) =>
    [...text]
      .map((character) => (character === character.toUpperCase() ? character.toLowerCase() : character.toUpperCase()))
      .join(""),
  split,
  rsplit,
  splitlines: (text) =>
    text
      .split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/)
      .filter((line, index, lines) => index < lines.length - 1 || line !== ""),
  replace,
  join: (text, [list]) => (list as unknown[]).map(str).join(text),
  startswith: (text, [prefix]) => anyOf(prefix).some((entry) => text.startsWith(entry)),
  endswith: (text, [suffix]) => anyOf(suffix).some((entry) => text.endsWith(entry)),
  removeprefix: (text, [prefix]) => (text.startsWith(str(prefix)) ? text.slice(str(prefix).length) : text),
  removesuffix: (text, [suffix]) =>
    str(suffix) !== "" && text.endsWith(str(suffix)) ? text.slice(0, -str(suffix).length) : text,
  find: (text, [needle]) => find(text, needle),
  index: (text, [needle]) => {
    const at = find(text, needle);
    if (at < 0) throw new TemplateError("TEMPLATE_FAILED", `${repr(needle)} is not in ${repr(text)}.`);
    return at;
  },
  count: (text, [needle]) => (str(needle) === "" ? length(text) + 1 : text.split(str(needle)).length - 1),
  isdigit: (text) => /^[\p{Nd}²³¹⁰⁴-⁹₀-₉]+$/u.test(text),
  isnumeric: (text) => /^\p{N}+$/u.test(text),
  isalpha: (text) => /^\p{L}+$/u.test(text),
  isalnum: (text) => /^[\p{L}\p{N}]+$/u.test(text),
  isupper: (text) => /\p{Lu}/u.test(text) && !/\p{Ll}/u.test(text),
  islower: (text) => /\p{Ll}/u.test(text) && !/\p{Lu}/u.test(text),
  isspace: (text) => new RegExp(`^[${blank}]+$`, "u").test(text),
  zfill: (text, [width]) => {
    const sign = /^[+-]/.exec(text)?.[0] ?? "";
    return sign + text.slice(sign.length).padStart(numberOf(width) - sign.length, "0");
  },
  ljust: (text, [width, fill]) => text.padEnd(numberOf(width), fill === undefined ? " " : str(fill)),
  rjust: (text, [width, fill]) => text.padStart(numberOf(width), fill === undefined ? " " : str(fill)),
  partition: (text, [separator]) => {
    const at = text.indexOf(str(separator));
    return at < 0 ? [text, "", ""] : [text.slice(0, at), str(separator), text.slice(at + str(separator).length)];
  },
  format: (text, args) => formatText(text, args),
};

/** `"{} {0} {1:.2f}".format(…)`, as far as templates go. */
function formatText(text: string, args: unknown[]): string {
  let next = 0;
  return text.replace(
    /\{\{|\}\}|\{(\d*)(?::([^}]*))?\}/g,
    (whole, position: string | undefined, spec: string | undefined) => {
      if (whole === "{{" || whole === "}}") return whole[0] ?? "";
      const value = args[position ? Number(position) : next++];
      const fixed = /^(0?)(\d*)(?:\.(\d+)f)?d?$/.exec(spec ?? "");
      if (!spec || !fixed) return str(value);
      const shown = fixed[3] === undefined ? str(value) : numberOf(value).toFixed(Number(fixed[3]));
      return shown.padStart(Number(fixed[2] || 0), fixed[1] ? "0" : " ");
    },
  );
}

/** Python's `text[index]`, in code points. */
export function characterAt(text: string, index: number): string | undefined {
  if (index >= 0 && /^[\u0000-\ud7ff\ue000-\uffff]*$/.test(text)) return text[index];
  return slice(text, { start: index, stop: index === -1 ? undefined : index + 1 }) as string;
}
