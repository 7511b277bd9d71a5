import { failed } from "./values.ts";

/** Characters that Python's `str.strip()` takes away and `str.split()` splits at; not the same as JavaScript's `\s`. */
export const blank = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

const digraphs: Record<string, string> = {
  Ǆ: "ǅ",
  ǆ: "ǅ",
  Ǉ: "ǈ",
  ǉ: "ǈ",
  Ǌ: "ǋ",
  ǋ: "ǋ",
  ǌ: "ǋ",
  Ǳ: "ǲ",
  ǲ: "ǲ",
  ǳ: "ǲ",
  ǅ: "ǅ",
  ǈ: "ǈ",
  ŉ: "ʼN",
};

/** One character in title case: not always its upper case (ǆ, ß, Greek with iota below, Georgian). */
function titleCase(character: string): string {
  const known = digraphs[character];
  if (known) return known;
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0x10d0 && code <= 0x10ff) return character;
  if (code >= 0x1f80 && code <= 0x1faf) return String.fromCodePoint(code | 8);
  if (code === 0x1fb3 || code === 0x1fc3 || code === 0x1ff3) return String.fromCodePoint(code + 9);
  if ([0x1fbc, 0x1fcc, 0x1ffc].includes(code)) return character;
  const upper = [...character.toUpperCase()];
  if (upper.length < 2) return upper.join("");
  if (code >= 0x1f00 && code <= 0x1fff && upper.at(-1) === "Ι") return `${upper.slice(0, -1).join("")}\u0345`;
  return (upper[0] ?? "") + upper.slice(1).join("").toLowerCase();
}

/** `str.capitalize()`. */
export function capitalize(text: string): string {
  const [first = "", ...rest] = text;
  return titleCase(first) + rest.join("").toLowerCase();
}

const cased = /[\p{Lowercase}\p{Uppercase}\p{Lt}]/u;

/** `str.title()`: a cased character behind another one is lowered. */
export function titleWords(text: string): string {
  let inside = false;
  let result = "";
  for (const character of text) {
    result += inside ? character.toLowerCase() : titleCase(character);
    inside = cased.test(character);
  }
  return result;
}

export function isTitle(text: string): boolean {
  let inside = false;
  let any = false;
  for (const character of text) {
    const upper = /[\p{Uppercase}\p{Lt}]/u.test(character);
    const lower = /\p{Lowercase}/u.test(character);
    if ((upper && inside) || (lower && !inside)) return false;
    inside = upper || lower;
    any ||= inside;
  }
  return any;
}

export function swapCase(text: string): string {
  const swap = (character: string) => {
    if (/\p{Uppercase}/u.test(character)) return character.toLowerCase();
    return /\p{Lowercase}/u.test(character) ? character.toUpperCase() : character;
  };
  return Array.from(text, swap).join("");
}

/** `str.casefold()`. @throws TemplateError beyond ASCII, where JavaScript has no such folding */
export function caseFold(text: string): string {
  if (/[^\0-\x7f]/.test(text)) failed("casefold() is supported for ASCII text only.");
  return text.toLowerCase();
}

const digitSigns =
  /^[\p{Nd}²³¹፩-፱᧚⁰⁴-⁹₀-₉①-⑨⑴-⑼⒈-⒐⓪⓵-⓽⓿❶-❾➀-➈➊-➒\u{10a40}-\u{10a43}\u{10e60}-\u{10e68}\u{11052}-\u{1105a}\u{1f100}-\u{1f10a}]+$/u;

/** `str.isdigit()`: decimal digits and signs for single digits such as ². */
export function isDigit(text: string): boolean {
  return digitSigns.test(text);
}

/** `str.isnumeric()`. @throws TemplateError for Han characters, some of which are numerals */
export function isNumeric(text: string): boolean {
  if (/\p{Script=Han}/u.test(text)) failed("isnumeric() is not supported for Han characters.");
  return /^\p{N}+$/u.test(text);
}

export function isUpper(text: string): boolean {
  return /\p{Uppercase}/u.test(text) && !/[\p{Lowercase}\p{Lt}]/u.test(text);
}

export function isLower(text: string): boolean {
  return /\p{Lowercase}/u.test(text) && !/[\p{Uppercase}\p{Lt}]/u.test(text);
}
