import { InputError } from "../contracts/index.ts";

const word = "\\p{L}\\p{N}_";
const boundary = `(?:(?<=[${word}])(?![${word}])|(?<![${word}])(?=[${word}]))`;
const notBoundary = `(?:(?<=[${word}])(?=[${word}])|(?<![${word}])(?![${word}]))`;
const blank = "\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
/** What isn't a blank, and what isn't of a word, for use inside a class, where JavaScript has no complement. */
const notBlank =
  "\\0-\\x08\\x0e-\\x1b!-\\x84\\x86-\\x9f\\xa1-\\u167f\\u1681-\\u1fff\\u200b-\\u2027\\u202a-\\u202e\\u2030-\\u205e\\u2060-\\u2fff\\u3001-\\u{10ffff}";
const notWord =
  "\\p{M}\\p{S}\\p{Z}\\p{C}\\p{Pd}\\p{Ps}\\p{Pe}\\p{Pi}\\p{Pf}\\p{Po}\\u203f\\u2040\\u2054\\ufe33\\ufe34\\ufe4d-\\ufe4f\\uff3f";

/** Escapes that mean something else in Python; inside a character class and outside of it. */
const classEscapes: Record<string, string> = {
  d: "\\p{Nd}",
  D: "\\P{Nd}",
  w: word,
  W: notWord,
  s: blank,
  S: notBlank,
};
const plainEscapes: Record<string, string> = {
  d: "\\p{Nd}",
  D: "\\P{Nd}",
  w: `[${word}]`,
  W: `[^${word}]`,
  s: `[${blank}]`,
  S: `[^${blank}]`,
  b: boundary,
  B: notBoundary,
  A: "^",
  Z: "$",
};

/**
 * Compiles a Python regular expression (the `re` module's, on text) to a JavaScript one with the same matches: Unicode
 * classes, `.` and `$` as Python has them, inline flags, named groups, needless escapes.
 *
 * @param flags - of `i`, `m`, `s`, `x`
 * @throws InputError `REGEX_INVALID`
 * @see https://docs.python.org/3/library/re.html
 */
export function pythonRegex(pattern: string, flags = ""): RegExp {
  const inline = /^\(\?([aimsux]+)\)/.exec(pattern);
  const all = new Set([...flags, ...(inline?.[1] ?? "")]);
  const source = translate(pattern.slice(inline?.[0].length ?? 0), {
    dotAll: all.has("s"),
    multiline: all.has("m"),
    verbose: all.has("x"),
  });
  try {
    return new RegExp(source, `dgu${all.has("i") ? "i" : ""}`);
  } catch (cause) {
    throw new InputError({
      code: "REGEX_INVALID",
      what: `The regular expression ${JSON.stringify(pattern)} can't be used.`,
      why: cause instanceof Error ? cause.message : String(cause),
      fix: "Correct it; the syntax is that of Python's re module without possessive quantifiers, conditionals and (?P=…) in classes.",
      cause,
    });
  }
}

interface Mode {
  dotAll: boolean;
  multiline: boolean;
  verbose: boolean;
}

function translate(pattern: string, mode: Mode): string {
  let out = "";
  let inClass = false;
  for (let at = 0; at < pattern.length; at += 1) {
    const rest = pattern.slice(at, at + 5);
    const character = pattern[at] ?? "";
    if (character === "\\") {
      out += escapeOf(pattern, at, inClass);
      at += 1;
    } else if (inClass) {
      if (character === "]") inClass = false;
      out += character === "[" ? "\\[" : character;
    } else if (character === "[") {
      const open = /^\[\^?\]?/.exec(pattern.slice(at))?.[0] ?? "[";
      out += open.endsWith("]") ? `${open.slice(0, -1)}\\]` : open;
      at += open.length - 1;
      inClass = true;
    } else if (rest.startsWith("(?P<")) {
      out += "(?<";
      at += 3;
    } else if (rest.startsWith("(?P=")) {
      const end = pattern.indexOf(")", at);
      out += `\\k<${pattern.slice(at + 4, end)}>`;
      at = end;
    } else if (mode.verbose && /\s/.test(character)) {
    } else if (mode.verbose && character === "#") {
      at = pattern.indexOf("\n", at) < 0 ? pattern.length : pattern.indexOf("\n", at);
    } else out += plainCharacter(pattern, at, mode);
  }
  return out;
}

function plainCharacter(pattern: string, at: number, mode: Mode): string {
  const character = pattern[at] ?? "";
  if (character === ".") return mode.dotAll ? "[\\s\\S]" : "[^\\n]";
  if (character === "$") return mode.multiline ? "(?=\\n|$)" : "(?=\\n?$)";
  if (character === "^") return mode.multiline ? "(?<=\\n|^)" : "^";
  if (character === "{" && !/^\{\d*,?\d*\}/.test(pattern.slice(at))) return "\\{";
  if (character === "{" && pattern.startsWith("{,", at)) return "{0";
  if (character === "}" && !/\{\d*,?\d*$/.test(pattern.slice(0, at))) return "\\}";
  return character === "]" ? "\\]" : character;
}

function escapeOf(pattern: string, at: number, inClass: boolean): string {
  const letter = pattern[at + 1] ?? "";
  const known = (inClass ? classEscapes : plainEscapes)[letter];
  if (known !== undefined) return known;
  if (inClass && letter === "b") return "\\x08";
  if (letter === "a") return "\\x07";
  if (/[nrtfvxu0-9k^$\\.*+?()[\]{}|/]/.test(letter) || (inClass && letter === "-")) return `\\${letter}`;
  if (letter === "-") return "-";
  return letter;
}
