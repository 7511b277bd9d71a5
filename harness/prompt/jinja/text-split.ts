import { blank } from "./text-case.ts";
import { failed, Tuple, textOf } from "./values.ts";

/** `str.strip()` and its one-sided kin: of white space, or of any of the characters given. */
export function stripSides(text: string, characters: unknown, sides: "both" | "left" | "right"): string {
  if (characters === "") return text;
  const set =
    characters === undefined || characters === null
      ? `[${blank}]`
      : `[${textOf(characters).replace(/[\\\]^-]/g, "\\$&")}]`;
  const cut = sides === "right" ? text : text.replace(new RegExp(`^${set}+`, "u"), "");
  return sides === "left" ? cut : stripEnd(cut, new RegExp(`^${set}$`, "u"));
}

/** From the end, character by character: a regular expression anchored at the end is quadratic on long runs of blanks. */
function stripEnd(text: string, matches: RegExp): string {
  let end = text.length;
  while (end > 0) {
    const width = end > 1 && /[\udc00-\udfff]/.test(text[end - 1] ?? "") ? 2 : 1;
    if (!matches.test(text.slice(end - width, end))) break;
    end -= width;
  }
  return text.slice(0, end);
}

const oneBlank = new RegExp(`[${blank}]+`, "u");

/** `str.split(separator, most)`; `most` below 0: no limit. */
export function split(text: string, separator: string | null, most: number): string[] {
  if (separator === null) return splitAtBlanks(text, most);
  if (separator === "") failed("The separator of split() is empty.");
  const parts = text.split(separator);
  if (most < 0 || parts.length <= most + 1) return parts;
  return [...parts.slice(0, most), parts.slice(most).join(separator)];
}

function splitAtBlanks(text: string, most: number): string[] {
  const words: string[] = [];
  let rest = stripSides(text, undefined, "left");
  while (rest !== "" && (most < 0 || words.length < most)) {
    const gap = oneBlank.exec(rest);
    words.push(gap ? rest.slice(0, gap.index) : rest);
    rest = gap ? rest.slice(gap.index + gap[0].length) : "";
  }
  return rest === "" ? words : [...words, rest];
}

/** `str.rsplit(separator, most)`. */
export function splitFromEnd(text: string, separator: string | null, most: number): string[] {
  const parts = split(text, separator, -1);
  if (most < 0 || parts.length <= most + 1) return parts;
  if (separator !== null) {
    const head = parts.slice(0, parts.length - most).join(separator);
    return [head, ...parts.slice(parts.length - most)];
  }
  const tail: string[] = [];
  let rest = stripSides(text, undefined, "right");
  for (let taken = 0; taken < most; taken += 1) {
    const start = lastBlank(rest);
    tail.unshift(rest.slice(start));
    rest = stripSides(rest.slice(0, start), undefined, "right");
  }
  return [rest, ...tail];
}

/** Offset behind the last blank of a text; 0 where there is none. */
function lastBlank(text: string): number {
  let at = text.length;
  while (at > 0 && !oneBlank.test(text[at - 1] ?? "")) at -= 1;
  return at;
}

/** `str.splitlines(keepends)`. */
export function splitLines(text: string, keepEnds: boolean): string[] {
  const lines =
    text.match(/[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]|$)/g) ?? [];
  const filled = lines.filter((line) => line !== "");
  return keepEnds ? filled : filled.map((line) => line.replace(/(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])$/, ""));
}

/** `str.partition` and `str.rpartition`. */
export function partition(text: string, separator: string, last: boolean): Tuple {
  if (separator === "") failed("The separator of partition() is empty.");
  const at = last ? text.lastIndexOf(separator) : text.indexOf(separator);
  if (at < 0) return Tuple.from(last ? ["", "", text] : [text, "", ""]) as Tuple;
  return Tuple.from([text.slice(0, at), separator, text.slice(at + separator.length)]) as Tuple;
}

/** `str.replace(from, to, most)`; `most` below 0: all. */
export function replaceText(text: string, from: string, to: string, most: number): string {
  const parts = from === "" ? ["", ...text, ""] : text.split(from);
  if (most < 0 || parts.length - 1 <= most) return parts.join(to);
  return parts.slice(0, most + 1).join(to) + from + parts.slice(most + 1).join(from);
}
