const blank = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/** Python's `text.split()`: the pieces between runs of Unicode white space. */
export function splitBlanks(text: string): string[] {
  return text.split(blank).filter((piece) => piece !== "");
}

const oneBlank = new RegExp(`^${blank.source.slice(0, -1)}$`);

/** Python's `text.strip()`. A loop, because a regular expression for the end is quadratic on long runs of blanks. */
export function strip(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && oneBlank.test(text[start]!)) start += 1;
  while (end > start && oneBlank.test(text[end - 1]!)) end -= 1;
  return text.slice(start, end);
}

/** Python's `text.lstrip(character)`, `rstrip` or `strip`, for one character. */
export function stripCharacter(text: string, character: string, sides: "left" | "right" | "both" = "both"): string {
  let [start, end] = [0, text.length];
  if (sides !== "right") while (start < end && text[start] === character) start += 1;
  if (sides !== "left") while (end > start && text[end - 1] === character) end -= 1;
  return text.slice(start, end);
}

/** Python's `text.isupper()`: a letter with case, and none of them small. */
export function isUpper(text: string): boolean {
  return /\p{Uppercase}/u.test(text) && !/[\p{Lowercase}\p{Lt}]/u.test(text);
}

/** Python's `text.islower()`. */
export function isLower(text: string): boolean {
  return /\p{Lowercase}/u.test(text) && !/[\p{Uppercase}\p{Lt}]/u.test(text);
}

/** Python's `float(text)` for ASCII digits; `null` where that raises ValueError. */
export function pythonFloat(text: string): number | null {
  const bare = strip(text).replace(/(?<=\d)_(?=\d)/g, "");
  if (/^[+-]?nan$/i.test(bare)) return Number.NaN;
  if (/^[+-]?inf(?:inity)?$/i.test(bare)) return bare.startsWith("-") ? -Infinity : Infinity;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(bare) ? Number(bare) : null;
}

/** Python's `str(number)` for a float. */
export function pythonFloatText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  const [digits = "", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power < -4 || power >= 16) {
    return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  }
  const plain = power < -6 || power >= 21 ? value.toFixed(0) : String(value);
  return plain.includes(".") ? plain : `${plain}.0`;
}
