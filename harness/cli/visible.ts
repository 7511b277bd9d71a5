/** Text with what the eye misses made visible: blanks at the ends of lines, tabs, control and bidirectional characters. */
export function visible(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, (character) => {
      if (character === "\r") return "␍";
      return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
    })
    .replaceAll("\t", "⇥")
    .replace(/ +$/gm, (blanks) => "·".repeat(blanks.length))
    .replace(/^ +/gm, (blanks) => "·".repeat(blanks.length))
    .replaceAll("\n", "⏎\n");
}
