import { TemplateError } from "./template-error.ts";

/** A piece of a template. `word`: a name; `sign`: an operator or bracket; `data`: text outside of tags. */
export interface Token {
  type: "data" | "open" | "close" | "word" | "text" | "integer" | "float" | "sign" | "end";
  /** `open` and `close`: `{{` or `{%`; `text` and numbers: their value. */
  value: string;
  at: number;
}

export interface LexerOptions {
  /** One newline behind a block tag goes, and blanks before a block tag that begins its line. */
  trimBlocks: boolean;
  /** A newline at the very end stays. */
  keepTrailingNewline: boolean;
}

/** What Python counts as white space. */
const blank = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const raw = new RegExp(`\\{%[-+]?${blank}*raw${blank}*(?:-%\\}${blank}*|%\\})`, "uy");
const blanks = new RegExp(`${blank}*`, "uy");
const onlyBlanks = new RegExp(`^${blank}*$`, "u");
const blanksAtEnd = new RegExp(`${blank}$`, "u");
const number =
  /(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)|0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;
const integer = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;
const word = /[\p{L}\p{N}_]+/uy;
const identifier = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;
const text = /'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"/y;
const sign = /\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}><=.:|,;]/y;
const closers: Record<string, string> = { "{": "}", "(": ")", "[": "]" };

/**
 * Cuts a template into tokens by jinja2's rules: newlines, `-` and `+` at tags, raw blocks, comments.
 *
 * @throws TemplateError `TEMPLATE_SYNTAX`
 * @see https://jinja.palletsprojects.com/en/stable/templates/#whitespace-control
 */
export function tokenize(template: string, options: LexerOptions): Token[] {
  return new Lexer(template, options).all();
}

class Lexer {
  readonly #source: string;
  readonly #trimBlocks: boolean;
  readonly #tokens: Token[] = [];
  #at = 0;
  #lineStarts = true;

  constructor(template: string, { trimBlocks, keepTrailingNewline }: LexerOptions) {
    const source = template.replace(/\r\n?/g, "\n");
    this.#source = keepTrailingNewline ? source : source.replace(/\n$/, "");
    this.#trimBlocks = trimBlocks;
  }

  all(): Token[] {
    const tags = /\{([{%#])([-+]?)/g;
    for (;;) {
      tags.lastIndex = this.#at;
      const tag = tags.exec(this.#source);
      if (!tag) break;
      this.#data(this.#source.slice(this.#at, tag.index), tag[1] ?? "", tag[2] ?? "");
      this.#at = tag.index;
      const start = this.#match(raw);
      if (start !== undefined) this.#raw();
      else {
        this.#at += tag[0].length;
        if (tag[1] === "#") this.#comment();
        else this.#tag(`{${tag[1]}`);
      }
      this.#lineStarts = this.#source[this.#at - 1] === "\n";
    }
    this.#push("data", this.#source.slice(this.#at));
    this.#push("end", "the end of the template");
    return this.#tokens;
  }

  #push(type: Token["type"], value: string): void {
    if (type !== "data" || value !== "") this.#tokens.push({ type, value, at: this.#at });
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  /** Text before a tag, without the blanks that the tag takes away. */
  #data(data: string, kind: string, mark: string): void {
    let kept = data;
    if (mark === "-") {
      let end = data.length;
      while (end > 0 && blanksAtEnd.test(data.slice(end - 1, end))) end -= 1;
      kept = data.slice(0, end);
    } else if (mark !== "+" && this.#trimBlocks && kind !== "{") {
      const line = data.lastIndexOf("\n") + 1;
      if ((line > 0 || this.#lineStarts) && onlyBlanks.test(data.slice(line))) kept = data.slice(0, line);
    }
    this.#push("data", kept);
  }

  #raw(): void {
    const end = new RegExp(`\\{%([-+]?)${blank}*endraw${blank}*([-+]?)%\\}`, "gu");
    end.lastIndex = this.#at;
    const found = end.exec(this.#source);
    if (!found) this.#fail("a raw block is not closed");
    else {
      this.#data(this.#source.slice(this.#at, found.index), "%", found[1] ?? "");
      this.#at = found.index + found[0].length;
      this.#behindBlock(found[2] ?? "");
    }
  }

  #comment(): void {
    const end = this.#source.indexOf("#}", this.#at);
    if (end < 0) this.#fail("a comment is not closed");
    const mark = end > this.#at && /[-+]/.test(this.#source[end - 1] ?? "") ? (this.#source[end - 1] ?? "") : "";
    this.#at = end + 2;
    this.#behindBlock(mark);
  }

  #behindBlock(mark: string): void {
    if (mark === "-") this.#match(blanks);
    else if (mark !== "+" && this.#trimBlocks && this.#source[this.#at] === "\n") this.#at += 1;
  }

  /** The inside of `{{ … }}` or `{% … %}`. */
  #tag(open: string): void {
    this.#push("open", open);
    const isBlock = open === "{%";
    const closing = isBlock ? /([-+]?)%\}/y : /(-?)\}\}/y;
    const brackets: string[] = [];
    for (;;) {
      this.#match(blanks);
      if (brackets.length === 0) {
        const close = this.#match(closing);
        if (close !== undefined) {
          this.#push("close", open);
          if (isBlock) this.#behindBlock(close.length === 3 ? (close[0] ?? "") : "");
          else if (close.length === 3) this.#match(blanks);
          return;
        }
      }
      this.#token(brackets);
    }
  }

  #token(brackets: string[]): void {
    const behindDot = this.#source[this.#at - 1] === ".";
    const digits = this.#match(behindDot ? integer : number);
    if (digits !== undefined) {
      this.#number(digits);
      return;
    }
    const name = this.#match(word);
    if (name !== undefined) {
      if (!identifier.test(name)) this.#fail(`${JSON.stringify(name)} is no name`);
      this.#push("word", name);
      return;
    }
    const quoted = this.#match(text);
    if (quoted !== undefined) this.#push("text", readEscapes(quoted.slice(1, -1)));
    else this.#operator(brackets);
  }

  #operator(brackets: string[]): void {
    const operator = this.#match(sign);
    if (operator === undefined) this.#fail(`${JSON.stringify(this.#source[this.#at] ?? "the end")} is unexpected`);
    if (closers[operator]) brackets.push(closers[operator]);
    else if ("})]".includes(operator) && brackets.pop() !== operator) this.#fail(`"${operator}" is unexpected`);
    this.#push("sign", operator);
  }

  #number(digits: string): void {
    const plain = digits.replaceAll("_", "");
    const isFloat = /^\d/.test(plain) && !/^0[box]/i.test(plain) && /[.e]/i.test(plain);
    if (!isFloat && !Number.isSafeInteger(Number(plain))) this.#fail(`${plain} is too large a whole number`);
    this.#push(isFloat ? "float" : "integer", plain);
  }

  #fail(why: string): never {
    throw new TemplateError("TEMPLATE_SYNTAX", `A template can't be parsed: at position ${this.#at}, ${why}.`);
  }
}

const simple: Record<string, string> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "\n": "",
};

/** Escapes of Python's text literals; unknown ones stay as written. */
function readEscapes(written: string): string {
  return written.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|(N\{)|([\s\S]))/g,
    (whole, x?: string, u?: string, big?: string, octal?: string, named?: string, other?: string) => {
      const letter = whole[1] ?? "";
      if (x !== undefined) return String.fromCharCode(Number.parseInt(x, 16));
      if (u !== undefined) return String.fromCharCode(Number.parseInt(u, 16));
      if (big !== undefined) return String.fromCodePoint(Number.parseInt(big, 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      if (named !== undefined || /[xuU]/.test(letter))
        throw new TemplateError("TEMPLATE_SYNTAX", `A template can't be parsed: ${whole} is no escape that we know.`);
      return simple[other ?? letter] ?? whole;
    },
  );
}
