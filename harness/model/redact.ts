const shortestSecret = 6;
const replacement = "[redacted]";

/** Takes secrets out of a text that a server might have echoed, also where JSON or an address spells them otherwise. */
export function redact(text: string, secrets: readonly string[]): string {
  let result = text;
  for (const secret of secrets) {
    if (secret.length < shortestSecret) continue;
    if (result.includes(secret)) result = result.replaceAll(secret, replacement);
    if (mayBeEscaped(result, secret)) result = result.replace(escapedPattern(secret), replacement);
  }
  return result;
}

/** Looking closely takes time, so it is done only where something stands in the text that could spell a part of the secret. */
function mayBeEscaped(text: string, secret: string): boolean {
  if (/\\u00[2-7]/i.test(text)) return true;
  if (/["/\\]/.test(secret) && /\\["/\\]/.test(text)) return true;
  return encodeURIComponent(secret) !== secret && /%[2-7][0-9a-f]/i.test(text);
}

/** Every character as it is, behind a backslash, as `\u0041`, or as `%41`. */
function escapedPattern(secret: string): RegExp {
  const characters = [...secret].map((character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return `(?:\\\\?${RegExp.escape(character)}|\\\\u${code.padStart(4, "0")}|%${code.padStart(2, "0")})`;
  });
  return new RegExp(characters.join(""), "gi");
}
