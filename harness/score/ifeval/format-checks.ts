import { pythonRegex } from "../../extract/index.ts";
import { strip, stripCharacter } from "../python-text.ts";
import type { Check } from "./instruction.ts";

/** Lines that begin with one asterisk or with a dash. An asterisk alone takes the next line as its text. */
function countBullets(text: string): number {
  const lines = text.split("\n").map((line) => strip(line));
  let count = 0;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    if (line.startsWith("-")) count += 1;
    else if (line === "*" && at + 1 < lines.length) {
      count += 1;
      at += 1;
    } else if (/^\*[^*]/.test(line)) count += 1;
  }
  return count;
}

/** `*so*`; a text in two asterisks counts, too, and once more where the single ones pair up inside. */
function countHighlights(text: string): number {
  const single = text.match(/\*[^\n*]*\*/g) ?? [];
  const double = text.match(/\*\*[^\n*]*\*\*/g) ?? [];
  return [...single, ...double].filter((marked) => strip(marked.replaceAll("*", "")) !== "").length;
}

/** A text in <<double angles>>, on one line. */
function hasTitle(text: string): boolean {
  return text.split("\n").some((line) => {
    const start = line.indexOf("<<");
    const end = line.lastIndexOf(">>");
    if (start < 0 || end < start + 3) return false;
    return strip(stripCharacter(stripCharacter(line.slice(start, end + 2), "<", "left"), ">", "right")) !== "";
  });
}

function isJson(text: string): boolean {
  let bare = strip(text);
  for (const fence of ["```json", "```Json", "```JSON", "```"])
    if (bare.startsWith(fence)) bare = bare.slice(fence.length);
  if (bare.endsWith("```")) bare = bare.slice(0, -3);
  try {
    JSON.parse(strip(bare));
    return true;
  } catch {
    return false;
  }
}

/** Parts between dividers: their number without an empty first and last one; `null` where another one is empty. */
function filledParts(parts: readonly string[]): string[] | null {
  const inner = parts.slice(1, -1);
  if (inner.some((part) => strip(part) === "")) return null;
  return parts.filter((part) => strip(part) !== "");
}

const constrainedResponses = ["My answer is yes.", "My answer is no.", "My answer is maybe."];

/** Checks of how it is laid out: bullets, highlights, sections, paragraphs, title, JSON, two responses, quotes, the end. */
export const formatChecks: Record<string, Check> = {
  "detectable_format:number_bullet_lists": (response, given) => countBullets(response) === given.number("num_bullets"),
  "detectable_format:number_highlighted_sections": (response, given) =>
    countHighlights(response) >= given.number("num_highlights"),
  "detectable_format:multiple_sections": (response, given) => {
    const heading = pythonRegex(`\\s?${given.text("section_spliter").trim()}\\s?\\d+\\s?`);
    return [...response.matchAll(heading)].length >= given.number("num_sections");
  },
  "detectable_format:title": hasTitle,
  "detectable_format:json_format": isJson,
  "detectable_format:constrained_response": (response) =>
    constrainedResponses.some((option) => response.includes(option)),
  "length_constraints:number_paragraphs": (response, given) =>
    filledParts(response.split(/\s?\*\*\*\s?/))?.length === given.number("num_paragraphs"),
  "combination:two_responses": (response) => {
    const parts = filledParts(response.split("******"));
    return parts?.length === 2 && strip(parts[0] ?? "") !== strip(parts[1] ?? "");
  },
  "startend:end_checker": (response, given) => {
    const bare = stripCharacter(strip(response), '"');
    return bare.toLowerCase().endsWith(strip(given.text("end_phrase")).toLowerCase());
  },
  "startend:quotation": (response) => {
    const bare = strip(response);
    return bare.length > 1 && bare.startsWith('"') && bare.endsWith('"');
  },
  "punctuation:no_comma": (response) => !response.includes(","),
};
