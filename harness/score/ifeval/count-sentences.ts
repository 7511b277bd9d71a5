/** English abbreviations that a full stop belongs to, lower case, without it. */
const abbreviations = new Set(
  `mr mrs ms dr prof st jr sr rev gen gov sen rep col lt sgt capt maj hon pres adm msgr fr mt ft vs etc e.g i.e a.m p.m u.s u.k u.n
   u.s.a d.c ph.d m.d b.a m.a b.c a.d inc co corp ltd bros cos no nos vol fig figs dept est approx ave blvd rd jan feb mar apr jun jul
   aug sep sept oct nov dec mon tues wed thurs fri al cf ed eds pp`.split(/\s+/),
);

/** Words that begin English sentences often and are written small elsewhere: after an abbreviation they tell a new sentence. */
const starters = new Set(
  `the a an this that these those it its he she they we you i his her their our your my in on at by for from with to of as but and or so
   if when while after before since because although however there here what who where why how then now not no yes some many most all
   each every one two first second another such both also even just only still once during until under over about is are was were do does
   did has have had can could will would should may might must let please remember`.split(/\s+/),
);

/** An end mark, what closes behind it, and white space before the next word. */
const candidates = /([.?!]+)(["')\]}*”’]*)\s+(?=\S)/g;

/**
 * Number of sentences of an English text, by the rules of Punkt (Kiss and Strunk 2006) with lists of our own in place of its
 * trained model: the two differ on rare abbreviations.
 */
export function countSentences(text: string): number {
  const trimmed = text.trim();
  if (trimmed === "") return 0;
  let count = 1;
  for (const match of trimmed.matchAll(candidates)) {
    const before = wordBefore(trimmed, match.index);
    const after = /^["'([{*“‘]*([^\s.,;:!?]*)/.exec(
      trimmed.slice(match.index + match[0].length, match.index + match[0].length + 80),
    );
    if (isBoundary({ marks: match[1] ?? "", before, after: after?.[1] ?? "" })) count += 1;
  }
  return count;
}

/** The word that ends at a position; only its last characters matter. */
function wordBefore(text: string, end: number): string {
  return /[^\s("'[{*“‘—]*$/.exec(text.slice(Math.max(0, end - 40), end))?.[0] ?? "";
}

function isBoundary({ marks, before, after }: { marks: string; before: string; after: string }): boolean {
  if (/[?!]/.test(marks)) return true;
  const startsSmall = /^\p{Ll}/u.test(after);
  const startsSentence = /^\p{Lu}/u.test(after) && starters.has(after.toLowerCase());
  if (marks.length > 1) return startsSentence;
  const word = before.toLowerCase();
  if (abbreviations.has(word) || abbreviations.has(word.split("-").at(-1) ?? "")) return startsSentence;
  if (/^\p{L}$/u.test(before)) return startsSentence;
  if (/^[#$£€]?\d[\d,.]*$/.test(before)) return !startsSmall;
  return true;
}
