const shortestSecret = 6;
const replacement = "[redacted]";

/** Takes secrets out of a text that a server might have echoed, also where JSON escapes spell them. */
export function redact(text: string, secrets: readonly string[]): string {
  let result = text;
  for (const secret of secrets) {
    if (secret.length < shortestSecret) continue;
    if (result.includes(secret)) result = result.replaceAll(secret, replacement);
    if (/\\u00[2-7]/i.test(result)) result = result.replace(escapedPattern(secret), replacement);
  }
  return result;
}

function escapedPattern(secret: string): RegExp {
  const characters = [...secret].map((character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16).padStart(4, "0");
    return `(?:${RegExp.escape(character)}|\\\\u${code})`;
  });
  return new RegExp(characters.join(""), "gi");
}
