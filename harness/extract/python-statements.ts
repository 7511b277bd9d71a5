/** One statement at the left margin of a text, with its decorators and everything indented below it. */
export interface Statement {
  /** UTF-16 offsets [start, end) in the text. */
  start: number;
  end: number;
  kind: "import" | "function" | "class" | "assignment" | "other";
  /** What it defines; empty for imports and others. */
  name: string;
  /** Its text with strings (f-strings apart: they hold expressions) and comments blanked out. */
  code: string;
}

const heads: { kind: Statement["kind"]; pattern: RegExp }[] = [
  {
    kind: "import",
    pattern: /^(?:from[ \t]+[\w.]+[ \t]+import\b|import[ \t]+[\w.]+(?:[ \t]+as[ \t]+\w+)?\s*(?:$|[,;#]))/,
  },
  { kind: "function", pattern: /^(?:async[ \t]+)?def[ \t]+(\w+)[ \t]*[([]/ },
  { kind: "class", pattern: /^class[ \t]+(\w+)[ \t]*[([:]/ },
  { kind: "assignment", pattern: /^([A-Za-z_]\w*)[ \t]*(?::[^=\n]+)?=(?!=)/ },
];

/** How a string literal begins: prefix letters, then one or three quotes. */
const stringStart = /([A-Za-z]{0,2})('''|"""|'|")/y;

/**
 * Splits a text into the statements at its left margin, the way Python would, without a parser: brackets and strings are
 * followed, so that a line inside them is no statement of its own. Lines of prose come out as `other`.
 */
export function pythonStatements(text: string): Statement[] {
  const statements: Statement[] = [];
  let decorated: number | null = null;
  let at = 0;
  while (at < text.length) {
    const line = text.slice(at, lineEnd(text, at));
    if (line.startsWith("@")) {
      decorated ??= at;
      at = logicalLine(text, at).end + 1;
      continue;
    }
    const head = headOf(line);
    const start = decorated ?? at;
    decorated = null;
    if (head.kind === "other") {
      at += line.length + 1;
      if (/^\S/.test(line)) statements.push({ start, end: at - 1, ...head, code: "" });
      continue;
    }
    const { end, code } = blockFrom(text, at);
    statements.push({ start, end, ...head, code: text.slice(start, at) + code });
    at = end + 1;
  }
  return statements;
}

function headOf(line: string): Pick<Statement, "kind" | "name"> {
  for (const { kind, pattern } of heads) {
    const match = pattern.exec(line);
    if (match) return { kind, name: match[1] ?? "" };
  }
  return { kind: "other", name: "" };
}

/** A logical line and what is indented under it; blank lines and comments between belong to it, those behind it don't. */
function blockFrom(text: string, from: number): { end: number; code: string } {
  let { end, code } = logicalLine(text, from);
  for (let at = end + 1; at < text.length; ) {
    const line = text.slice(at, lineEnd(text, at));
    if (line.trim() === "" || line.startsWith("#")) {
      at += line.length + 1;
    } else if (/^[ \t]/.test(line)) {
      const next = logicalLine(text, at);
      code += `\n${next.code}`;
      end = next.end;
      at = end + 1;
    } else break;
  }
  return { end, code };
}

/** From `from` to the end of the line on which no bracket and no string is open any more. */
function logicalLine(text: string, from: number): { end: number; code: string } {
  let code = "";
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const character = text[at] as string;
    if (character === "\n" && depth <= 0) break;
    stringStart.lastIndex = at;
    const literal = /\w/.test(text[at - 1] ?? "") && at > from ? null : stringStart.exec(text);
    if (literal) {
      const end = stringEnd(text, at + literal[0].length, literal[2] as string);
      code += /f/i.test(literal[1] as string) ? text.slice(at, end) : " ";
      at = end;
    } else if (character === "#") {
      at = lineEnd(text, at);
    } else if (character === "\\" && text[at + 1] === "\n") {
      at += 2;
    } else {
      if ("([{".includes(character)) depth += 1;
      if (")]}".includes(character)) depth -= 1;
      code += character;
      at += 1;
    }
  }
  return { end: at, code };
}

/** A string of one quote ends with its line at the latest: an apostrophe in prose must not swallow what follows. */
function stringEnd(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text.startsWith(quote, at)) return at + quote.length;
    else if (quote.length === 1 && text[at] === "\n") return at;
  }
  return text.length;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}
