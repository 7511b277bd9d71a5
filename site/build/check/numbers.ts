import type { ReadPage } from "./read-page.ts";

/** Adds every number of a data file, as pages write it: to six digits. */
export function numbersOf(value: unknown, into: Set<number>): void {
  if (typeof value === "number") into.add(Number(value.toPrecision(6)));
  else if (Array.isArray(value)) {
    into.add(value.length);
    for (const entry of value) numbersOf(entry, into);
  } else if (typeof value === "object" && value !== null) {
    for (const entry of Object.values(value)) numbersOf(entry, into);
  }
}

/** Numbers of a page that no data file holds, that are shown as something else, or that don't say where they come from. */
export function checkNumbers(name: string, page: ReadPage, numbers: ReadonlySet<number>): string[] {
  const problems = page.data.flatMap(({ value, text }) => {
    if (!numbers.has(value) && !numbers.has(-value)) return [`${name}: ${text} (${value}) is in no data file`];
    return agrees(value, text) ? [] : [`${name}: ${value} is shown as ${text}`];
  });
  const literals = page.loose.flatMap(({ text, where }) => {
    const literal = where === "number" ? /\d[\d.\s\u202f]*/.exec(text) : /\d+\.\d+|\d+(?=\s?%)/.exec(text);
    return literal && !isHarmless(text, literal[0])
      ? [
          `${name}: "${literal[0].trim()}" in "${text.trim().slice(0, 60)}" is written into the page, not taken from a data file`,
        ]
      : [];
  });
  return [...problems, ...literals];
}

/** Ranks and places are ranges of whole numbers from the same data; 0 and versions are no scores. */
function isHarmless(text: string, literal: string): boolean {
  return (
    literal.trim() === "0" ||
    /^\s*(rank )?\d+(–\d+)?(\s+of\s*\d*)?\s*$/.test(text) ||
    /\bassay \d/.test(text) ||
    /\d+\.\d+\.\d+/.test(text)
  );
}

/** Whether a text is a rounding of a value, as it is or as percent. */
function agrees(value: number, text: string): boolean {
  const seconds = /\d s$/.test(text);
  const digits = text.replace(/[\s\u202f]|ms$|s$/g, "").replace("−", "-");
  const shown = Number(digits);
  if (digits === "" || Number.isNaN(shown)) return false;
  const decimals = /e/i.test(digits) ? null : (digits.split(".")[1]?.length ?? 0);
  const scales = seconds ? [1 / 1000] : [1, 100];
  return scales.some((scale) => {
    const expected = value * scale;
    const tolerance = decimals === null ? Math.abs(expected) * 0.05 : 0.5 * 10 ** -decimals;
    return Math.abs(expected - shown) <= tolerance + Math.abs(expected) * 1e-5 || isCoarse(expected, digits, shown);
  });
}

/** Numbers shown to two or three significant digits, such as 1200 for 1234. */
function isCoarse(expected: number, digits: string, shown: number): boolean {
  const significant = digits.replace(/^-?0*\.?0*|\./g, "").length;
  return (
    significant >= 1 &&
    Math.abs(expected - shown) <= 0.5 * 10 ** (Math.floor(Math.log10(Math.abs(expected) || 1)) - significant + 1)
  );
}
