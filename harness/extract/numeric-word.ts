import { pythonRegex } from "./python-regex.ts";
import { unicodeNumber } from "./unicode-number.ts";

const word = pythonRegex(String.raw`\S+`);
/** Currencies, thousands separators and marks of emphasis, escaped or not; a full stop that no digit follows. */
const ignored = /\\(?=[$,£€*_])|[$,£€*_]/gu;
const lonePoint = /\.(?!\p{Nd})/gu;
const around = /^[!?:;()[\]{}'"`]+|[!?:;()[\]{}'"`]+$/gu;

/** A word that is a number, and where it stands. */
export interface NumericWord {
  /** With five significant digits, as Python's `format(value, ".5g")` writes it. */
  text: string;
  /** UTF-16 offsets of the word as written. */
  span: [number, number];
}

/**
 * The words of a text that are numbers as a whole, read as Inspect's `match(numeric=True)` reads them: "$1,234.50." is one and
 * "18-year" is none.
 *
 * @see https://github.com/UKGovernmentBEIS/inspect_ai/blob/main/src/inspect_ai/scorer/_common.py (`match_str`)
 */
export function numericWords(text: string): NumericWord[] {
  return [...text.matchAll(word)].flatMap((match) => {
    const value = numberIn(match[0]);
    if (value === undefined) return [];
    return [{ text: significant(value, 5), span: [match.index, match.index + match[0].length] as [number, number] }];
  });
}

function numberIn(written: string): number | undefined {
  const bare = written.toLowerCase().replace(ignored, "").replace(lonePoint, "").replace(around, "");
  return bare === "" ? undefined : unicodeNumber(bare);
}

/**
 * A number with so many significant digits, halves to the even side, as Python's format type `g` writes it.
 *
 * @see https://docs.python.org/3/library/string.html#format-specification-mini-language
 */
export function significant(value: number, digits: number): string {
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [mantissa = "", power = "0"] = roundedToEven(value, digits).split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= digits)
    return `${withoutZeros(mantissa)}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  return withoutZeros(Number(`${mantissa}e${power}`).toFixed(digits - 1 - exponent));
}

/** `toExponential` rounds halves up; where what is cut off is exactly a half, the digit before it must be even. */
function roundedToEven(value: number, digits: number): string {
  const rounded = value.toExponential(digits - 1);
  const exact = value.toExponential(20);
  const point = exact.indexOf(".");
  const cut = exact.slice(0, digits === 1 ? point : point + digits);
  const isHalf = /^50*$/.test(exact.slice(point + digits, exact.indexOf("e")));
  return isHalf && /[02468]$/.test(cut) ? cut + exact.slice(exact.indexOf("e")) : rounded;
}

function withoutZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
