import { type Arguments, bind } from "./arguments.ts";
import { iterate, length, slice } from "./sequences.ts";
import {
  blank,
  capitalize,
  caseFold,
  isDigit,
  isLower,
  isNumeric,
  isTitle,
  isUpper,
  swapCase,
  titleWords,
} from "./text-case.ts";
import { formatFields } from "./text-format.ts";
import { partition, replaceText, split, splitFromEnd, splitLines, stripSides } from "./text-split.ts";
import { failed, integerOf, shown, Tuple, textOf, truthy } from "./values.ts";

type Method = (text: string, args: Arguments) => unknown;

/** A method with the parameters that it takes. */
function method(
  parameters: readonly string[],
  apply: (text: string, values: unknown[]) => unknown,
  needed = 0,
): (name: string) => Method {
  return (name) => (text, args) => apply(text, bind(args, { name: `${name}()`, parameters, needed }));
}

const plain = (apply: (text: string) => unknown) => method([], apply);
const strip = (sides: "both" | "left" | "right") =>
  method(["chars"], (text, [characters]) => stripSides(text, characters, sides));
const separatorOf = (value: unknown) => (value === undefined || value === null ? null : textOf(value));
const countOf = (value: unknown) => (value === undefined ? -1 : integerOf(value));

/** Text between two positions, and where it begins, in code points. */
function part(text: string, start: unknown, stop: unknown): { text: string; from: number } {
  const bounds = {
    start: start === undefined || start === null ? undefined : integerOf(start),
    stop: stop === undefined || stop === null ? undefined : integerOf(stop),
  };
  const size = length(text);
  const from =
    bounds.start === undefined ? 0 : Math.min(size, bounds.start < 0 ? Math.max(0, bounds.start + size) : bounds.start);
  return { text: slice(text, bounds) as string, from };
}

function find(last: boolean) {
  return (text: string, [needle, start, stop]: unknown[]): number => {
    const { text: within, from } = part(text, start, stop);
    const at = last ? within.lastIndexOf(textOf(needle)) : within.indexOf(textOf(needle));
    return at < 0 ? -1 : from + length(within.slice(0, at));
  };
}

function index(last: boolean) {
  return (text: string, values: unknown[]): number => {
    const at = find(last)(text, values);
    return at < 0 ? failed(`${shown(values[0])} is not in ${shown(text)}.`) : at;
  };
}

function beginsOrEnds(matches: (text: string, piece: string) => boolean) {
  return method(
    ["prefix", "start", "end"],
    (text, [pieces, start, stop]) => {
      const { text: within } = part(text, start, stop);
      const all = pieces instanceof Tuple ? Array.from(pieces) : [pieces];
      return all.some((piece) => matches(within, textOf(piece)));
    },
    1,
  );
}

/** Fills up to a width in code points. */
function fill(where: "left" | "right" | "both") {
  return method(
    ["width", "fillchar"],
    (text, [width, mark = " "]) => {
      const missing = Math.max(0, integerOf(width) - length(text));
      if (length(textOf(mark)) !== 1) failed("A fill is one character.");
      // Python's own rule for the odd one out: on the left where the width is odd.
      const half = Math.floor(missing / 2) + (missing & integerOf(width) & 1);
      const left = where === "left" ? missing : where === "both" ? half : 0;
      return textOf(mark).repeat(left) + text + textOf(mark).repeat(missing - left);
    },
    1,
  );
}

function zeroFill(text: string, [width]: unknown[]): string {
  const sign = /^[+-]/.exec(text)?.[0] ?? "";
  return sign + "0".repeat(Math.max(0, integerOf(width) - length(text))) + text.slice(sign.length);
}

function expandTabs(text: string, [size = 8]: unknown[]): string {
  const width = integerOf(size);
  let column = 0;
  return Array.from(text, (character) => {
    const piece = character === "\t" ? " ".repeat(width > 0 ? width - (column % width) : 0) : character;
    if (character === "\n" || character === "\r") column = 0;
    else column += character === "\t" ? piece.length : 1;
    return piece;
  }).join("");
}

function joined(text: string, [list]: unknown[]): string {
  return iterate(list).map(textOf).join(text);
}

const compilers: Record<string, (name: string) => Method> = {
  strip: strip("both"),
  lstrip: strip("left"),
  rstrip: strip("right"),
  upper: plain((text) => text.toUpperCase()),
  lower: plain((text) => text.toLowerCase()),
  casefold: plain(caseFold),
  capitalize: plain(capitalize),
  title: plain(titleWords),
  swapcase: plain(swapCase),
  split: method(["sep", "maxsplit"], (text, [by, most]) => split(text, separatorOf(by), countOf(most))),
  rsplit: method(["sep", "maxsplit"], (text, [by, most]) => splitFromEnd(text, separatorOf(by), countOf(most))),
  splitlines: method(["keepends"], (text, [keep = false]) => splitLines(text, truthy(keep))),
  partition: method(["sep"], (text, [by]) => partition(text, textOf(by), false), 1),
  rpartition: method(["sep"], (text, [by]) => partition(text, textOf(by), true), 1),
  replace: method(
    ["old", "new", "count"],
    (text, [from, to, most]) => replaceText(text, textOf(from), textOf(to), countOf(most)),
    2,
  ),
  join: method(["iterable"], joined, 1),
  startswith: beginsOrEnds((text, piece) => text.startsWith(piece)),
  endswith: beginsOrEnds((text, piece) => text.endsWith(piece)),
  removeprefix: method(
    ["prefix"],
    (text, [piece]) => (text.startsWith(textOf(piece)) ? text.slice(textOf(piece).length) : text),
    1,
  ),
  removesuffix: method(
    ["suffix"],
    (text, [piece]) => (text.endsWith(textOf(piece)) ? text.slice(0, text.length - textOf(piece).length) : text),
    1,
  ),
  find: method(["sub", "start", "end"], find(false), 1),
  rfind: method(["sub", "start", "end"], find(true), 1),
  index: method(["sub", "start", "end"], index(false), 1),
  rindex: method(["sub", "start", "end"], index(true), 1),
  count: method(
    ["sub", "start", "end"],
    (text, [needle, start, stop]) => {
      const within = part(text, start, stop).text;
      return textOf(needle) === "" ? length(within) + 1 : within.split(textOf(needle)).length - 1;
    },
    1,
  ),
  isdigit: plain(isDigit),
  isdecimal: plain((text) => /^\p{Nd}+$/u.test(text)),
  isnumeric: plain(isNumeric),
  isalpha: plain((text) => /^\p{L}+$/u.test(text)),
  isalnum: plain((text) => /^[\p{L}\p{N}]+$/u.test(text)),
  isupper: plain(isUpper),
  islower: plain(isLower),
  istitle: plain(isTitle),
  isspace: plain((text) => new RegExp(`^[${blank}]+$`, "u").test(text)),
  isidentifier: plain((text) => /^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(text)),
  isascii: plain((text) => /^[\0-\x7f]*$/.test(text)),
  zfill: method(["width"], zeroFill, 1),
  ljust: fill("right"),
  rjust: fill("left"),
  center: fill("both"),
  expandtabs: method(["tabsize"], expandTabs),
  format: () => formatFields,
};

/** Methods of Python's `str`, but `encode`, `translate` and `format_map`. */
export const textMethods: Readonly<Record<string, Method>> = Object.fromEntries(
  Object.entries(compilers).map(([name, compile]) => [name, compile(name)]),
);
