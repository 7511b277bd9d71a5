/**
 * Abbreviations that a full stop belongs to, without it and in lower case. What Punkt's English model has not learned from its
 * newspaper isn't here either: "i.e.", "etc." and "no." end a sentence.
 */
const abbreviations = new Set(
  `mr mrs ms messrs dr prof st jr sr gen rep reps sen lt maj adm ft mg va vs vt inc co cos corp ltd bros jan feb aug sep sept oct nov dec
   tues wed fri yr u.s u.s.a u.k u.n n.y n.j n.c s.c l.a d.c a.m p.m ph.d m.b.a c d e f g h k l m n p r s t v w`.split(
    /\s+/,
  ),
);

/** Words that begin English sentences often and are written small elsewhere: after an abbreviation they tell a new sentence. */
const starters = new Set(
  `the a an this that these those it its he she they we you i his her their our your my in on at by for from with to of as but and or so
   if when while after before since because although however there here what who where why how then now not no yes some many most all
   each every one two first second another such both also even just only still once during until under over about is are was were do does
   did has have had can could will would should may might must let please remember`.split(/\s+/),
);

/** End marks, what closes behind them, and either white space before the next word or a sign that is no part of a word. */
const candidates = /([.?!]+)(["')\]}”’]*)(?:\s+(?=\S)|(?=[;*:@({[])|(?<=["')\]}])(?=\S))/g;

/**
 * Number of sentences of an English text, by the rules of Punkt (Kiss and Strunk 2006) with lists of our own in place of its
 * trained model: the two differ on rare abbreviations and names.
 */
export function countSentences(text: string): number {
  const trimmed = text.trim();
  if (trimmed === "") return 0;
  let count = 1;
  const matches = [...trimmed.matchAll(candidates)];
  for (const [at, match] of matches.entries()) {
    const end = match.index + match[0].length;
    const next = matches[at + 1];
    // Of several candidates without white space between them, Punkt looks at the last.
    if (next && !/\s/.test(trimmed.slice(match.index, next.index))) continue;
    const before = wordBefore(trimmed, match.index);
    const after = match[2] === "" ? (/^[\p{L}\p{N}'’]*/u.exec(trimmed.slice(end, end + 80))?.[0] ?? "") : "";
    if (isBoundary({ marks: match[1] ?? "", before, after })) count += 1;
  }
  return count;
}

/** The word that ends at a position; only its last characters matter. */
function wordBefore(text: string, end: number): string {
  return /[^\s("'[{*“‘—]*$/.exec(text.slice(Math.max(0, end - 40), end))?.[0] ?? "";
}

function isBoundary({ marks, before, after }: { marks: string; before: string; after: string }): boolean {
  if (/[?!]/.test(marks)) return true;
  const startsSentence = /^\p{Lu}/u.test(after) && starters.has(after.toLowerCase());
  if (marks.length > 2) return startsSentence;
  const word = before.toLowerCase();
  if (/^[bj]$/.test(word)) return startsSentence;
  if (abbreviations.has(word) || abbreviations.has(word.split("-").at(-1) ?? ""))
    return word.length > 1 && startsSentence;
  if (/^[#$£€]?\d[\d,.]*$/.test(before)) return !/^\p{Ll}/u.test(after);
  return true;
}
