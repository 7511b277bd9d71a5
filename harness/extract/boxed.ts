import type { Found } from "./find-all.ts";

/** Contents of every `\boxed{…}` and `\fbox{…}` with balanced braces, in order; one pass over the text. */
export function lastBoxed(text: string): Found[] {
  const found: Found[] = [];
  const opening = /\\(?:boxed|fbox)\s*\{/g;
  for (let match = opening.exec(text); match; match = opening.exec(text)) {
    const start = opening.lastIndex;
    const end = closingBrace(text, start);
    if (end < 0) break;
    found.push({ text: text.slice(start, end), start });
    opening.lastIndex = end + 1;
  }
  return found;
}

/** Offset of the brace that closes the one before `from`; −1 where none does. */
function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === "\\") at += 1;
    else if (character === "{") depth += 1;
    else if (character === "}") {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return -1;
}
