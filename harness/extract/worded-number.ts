const values: Record<string, number> = {
  zero: 0,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  thirteen: 13,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  seventeen: 17,
  eighteen: 18,
  nineteen: 19,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
  hundred: 100,
};
const scales: Record<string, number> = { thousand: 1e3, million: 1e6, billion: 1e9 };

const word = [...Object.keys(values), ...Object.keys(scales)].sort((a, b) => b.length - a.length).join("|");

/** A run of number words: `two hundred and six`, `twenty-one`. */
export const numberWordsPattern = `\\b((?:${word})(?:(?:\\s|-|,|\\band\\b|&)+(?:${word}))*)\\b`;

/**
 * Value of a whole number written in English words; words that are no number words are passed over.
 *
 * @returns `undefined` where there is none, or where a scale comes twice or in rising order
 */
export function wordedNumber(text: string): number | undefined {
  const words = text
    .toLowerCase()
    .replaceAll("-", " ")
    .split(/[\s,]+/);
  const known = words.filter((entry) => Object.hasOwn(values, entry) || Object.hasOwn(scales, entry));
  if (known.length === 0) return undefined;
  let total = 0;
  let group: number | undefined;
  let lastScale = Number.POSITIVE_INFINITY;
  for (const entry of known) {
    const scale = scales[entry];
    if (scale === undefined) {
      group = entry === "hundred" ? (group ?? 1) * 100 : (group ?? 0) + (values[entry] ?? 0);
    } else {
      if (scale >= lastScale) return undefined;
      total += (group ?? 1) * scale;
      [group, lastScale] = [undefined, scale];
    }
  }
  return total + (group ?? 0);
}
