/** Lines without trailing blanks, and without trailing empty lines. */
function normalised(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .trimEnd();
}

/** Whether a program's whole stdout is the expected one, up to blanks at the ends of lines and of the text. */
export function sameOutput(actual: { text: string; bytes: number }, expected: string): boolean {
  if (actual.bytes > Buffer.byteLength(actual.text)) return false;
  return normalised(actual.text) === normalised(expected);
}
