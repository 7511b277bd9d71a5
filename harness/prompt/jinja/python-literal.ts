import { TemplateError } from "./template-error.ts";
import { float, Tuple } from "./values.ts";

const token =
  /\s*(?:(?<name>True|False|None)\b|(?<number>[+-]?(?:0[xX][\da-fA-F]+|(?:\d[\d_]*)?\.?\d+(?:[eE][+-]?\d+)?\.?))|(?<string>[uU]?(?:'''(?:[^\\]|\\[\s\S])*?'''|"""(?:[^\\]|\\[\s\S])*?"""|'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"))|(?<mark>[[\](){},:]))\s*/y;

const names: Record<string, unknown> = { True: true, False: false, None: null };
const simpleEscapes: Record<string, string> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\u0007",
  b: "\b",
  f: "\f",
  v: "\v",
  "\n": "",
};

/**
 * Python's `ast.literal_eval`: strings, numbers, lists, tuples, dictionaries, True, False, None.
 *
 * @throws TemplateError where the text is no literal
 */
export function pythonLiteral(text: string): unknown {
  const reader = new LiteralReader(text.replace(/^[ \t]+/, ""));
  const value = reader.value();
  reader.end();
  return value;
}

type Groups = { name?: string; number?: string; string?: string; mark?: string };

class LiteralReader {
  readonly #text: string;
  #at = 0;
  #next: Groups | undefined;

  constructor(text: string) {
    this.#text = text;
    this.#advance();
  }

  value(): unknown {
    const { name, number, string, mark } = this.#next ?? {};
    if (mark === "[") return this.#entries("]");
    if (mark === "(") return this.#tuple();
    if (mark === "{") return this.#mapping();
    if (name !== undefined) return this.#take(names[name]);
    if (number !== undefined) return this.#take(numberOf(number));
    if (string === undefined) return this.#fail();
    let whole = "";
    // Python joins strings that stand side by side.
    while (this.#next?.string !== undefined) whole += this.#take(unquote(this.#next.string));
    return whole;
  }

  end(): void {
    if (this.#next !== undefined || this.#at < this.#text.length) this.#fail();
  }

  #entries(close: string): unknown[] {
    this.#advance();
    const entries: unknown[] = [];
    while (this.#next?.mark !== close) {
      entries.push(this.value());
      if (this.#next?.mark === ",") this.#advance();
      else if (this.#next?.mark !== close) this.#fail();
    }
    this.#advance();
    return entries;
  }

  #tuple(): unknown {
    const from = this.#at;
    const entries = this.#entries(")");
    const isGroup = entries.length === 1 && !/,\s*\)\s*$/.test(this.#text.slice(from - 1, this.#at));
    return isGroup ? entries[0] : Tuple.from(entries);
  }

  #mapping(): Record<string, unknown> {
    this.#advance();
    const mapping: Record<string, unknown> = {};
    while (!this.#isAt("}")) {
      const key = this.value();
      if (!this.#isAt(":")) this.#fail();
      this.#advance();
      mapping[String(key)] = this.value();
      if (this.#isAt(",")) this.#advance();
      else if (!this.#isAt("}")) this.#fail();
    }
    this.#advance();
    return mapping;
  }

  #isAt(mark: string): boolean {
    return this.#next?.mark === mark;
  }

  #take<T>(value: T): T {
    this.#advance();
    return value;
  }

  #advance(): void {
    token.lastIndex = this.#at;
    const match = token.exec(this.#text);
    this.#next = match?.groups as Groups | undefined;
    if (match) this.#at = token.lastIndex;
  }

  #fail(): never {
    const shown = this.#text.length > 80 ? `${this.#text.slice(0, 77)}...` : this.#text;
    throw new TemplateError("TEMPLATE_FAILED", `${JSON.stringify(shown)} is not a Python literal.`);
  }
}

function numberOf(text: string): unknown {
  const digits = text.replaceAll("_", "");
  if (/^[+-]?0\d/.test(digits) && !/[.eE]/.test(digits))
    throw new TemplateError("TEMPLATE_FAILED", `${text} is not a Python literal: leading zeros.`);
  return /[.eE]/.test(digits) && !/^[+-]?0[xX]/.test(digits) ? float(Number(digits)) : Number(digits);
}

function unquote(literal: string): string {
  const bare = literal.replace(/^[uU]/, "");
  const width = /^(?:'''|""")/.test(bare) ? 3 : 1;
  return unescapePython(bare.slice(width, -width));
}

/** Text between the quotes of a Python string, with its escapes resolved. */
export function unescapePython(text: string): string {
  return text.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g,
    (whole, x, u, wide, octal, other: string) => {
      const hex = x ?? u ?? wide;
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      return simpleEscapes[other] ?? (/['"\\]/.test(other) ? other : whole);
    },
  );
}
