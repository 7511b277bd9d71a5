/** A piece of text as it is shown. `note` says what a piece stands for that would not be seen by itself. */
export interface Segment {
  text: string;
  note: string | null;
}

/** Characters that change how others are shown, or aren't shown at all. */
const hidden =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|\u034f|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\udb40[\udc00-\udfff]/g;
const whiteSpace = /[ \t]+(?=\n|$)|^[ \t]+|\n|\t/g;
const marks: Record<string, string> = { " ": "·", "\t": "→\t", "\n": "↵\n" };

/**
 * Splits text so that nothing in it works in secret: bidirectional controls, zero-width and control characters are
 * spelled out as code points.
 *
 * @param whitespace also mark line ends, tabs, and spaces at the ends of lines
 */
export function visibleSegments(text: string, { whitespace = false } = {}): Segment[] {
  const segments = split([{ text, note: null }], hidden, (found) => {
    const code = found.codePointAt(0) ?? 0;
    const name = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
    return { text: `⟨${name}⟩`, note: `invisible character ${name}` };
  });
  if (!whitespace) return segments;
  return split(segments, whiteSpace, (found) => ({
    text: [...found].map((character) => marks[character] ?? character).join(""),
    note: "white space",
  }));
}

function split(segments: readonly Segment[], pattern: RegExp, show: (found: string) => Segment): Segment[] {
  return segments.flatMap((segment) => {
    if (segment.note !== null || segment.text.search(pattern) < 0) return [segment];
    const parts: Segment[] = [];
    let from = 0;
    for (const match of segment.text.matchAll(pattern)) {
      if (match.index > from) parts.push({ text: segment.text.slice(from, match.index), note: null });
      parts.push(show(match[0]));
      from = match.index + match[0].length;
    }
    if (from < segment.text.length) parts.push({ text: segment.text.slice(from), note: null });
    return parts;
  });
}
