import type { Found } from "./find-all.ts";

const opening = /\\(?:boxed|fbox)\s*\{/y;

/** Contents of every `\boxed{…}` and `\fbox{…}` with balanced braces, in order, the outer of nested ones; one pass over the text. */
export function lastBoxed(text: string): Found[] {
  const boxes: { start: number; end: number }[] = [];
  /** Starts of boxes, and −1 for other braces, that are still open. */
  const open: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === "\\") {
      opening.lastIndex = at;
      const isBox = opening.test(text);
      if (isBox) open.push(opening.lastIndex);
      at = isBox ? opening.lastIndex - 1 : at + 1;
    } else if (character === "{") open.push(-1);
    else if (character === "}") {
      const start = open.pop() ?? -1;
      if (start >= 0) boxes.push({ start, end: at });
    }
  }
  return outermost(boxes).map(({ start, end }) => ({ text: text.slice(start, end), start }));
}

function outermost(boxes: { start: number; end: number }[]): { start: number; end: number }[] {
  let end = -1;
  return boxes
    .toSorted((a, b) => a.start - b.start)
    .filter((box) => {
      if (box.start <= end) return false;
      end = box.end;
      return true;
    });
}
