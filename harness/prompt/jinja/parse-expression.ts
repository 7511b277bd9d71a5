import type { Token } from "./lexer.ts";
import { TemplateError } from "./template-error.ts";

/** A node of the tree; `type` says which other members there are. */
export interface Node {
  type: string;
  [member: string]: unknown;
}

const constants: Record<string, unknown> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
};
const comparisons = new Set(["==", "!=", "<", "<=", ">", ">="]);

function isNumeral({ type }: Node): boolean {
  return type === "Constant" || type === "Float";
}

/** Reads tokens one by one and expressions with jinja2's precedence: or, and, not, comparison, + −, ~, * / // %, **, sign, filters. */
export class ExpressionParser {
  readonly #tokens: readonly Token[];
  readonly chat: boolean;
  #next = 0;

  /** @param chat - the dialect of chat templates: names that aren't there render as nothing */
  constructor(tokens: readonly Token[], chat: boolean) {
    this.#tokens = tokens;
    this.chat = chat;
  }

  get current(): Token {
    return this.#tokens[this.#next] as Token;
  }

  get following(): Token {
    return this.#tokens[Math.min(this.#next + 1, this.#tokens.length - 1)] as Token;
  }

  advance(): Token {
    const token = this.current;
    if (token.type !== "end") this.#next += 1;
    return token;
  }

  is(type: Token["type"], value?: string): boolean {
    return this.current.type === type && (value === undefined || this.current.value === value);
  }

  skip(type: Token["type"], value?: string): boolean {
    const found = this.is(type, value);
    if (found) this.advance();
    return found;
  }

  expect(type: Token["type"], value?: string): Token {
    if (!this.is(type, value)) this.fail(`expected ${value ?? type}, got ${this.current.value}`);
    return this.advance();
  }

  fail(why: string): never {
    throw new TemplateError("TEMPLATE_SYNTAX", `A template can't be parsed: at position ${this.current.at}, ${why}.`);
  }

  /** One expression, or several with commas between them: a tuple. */
  tuple(options: { ternary?: boolean; endsAt?: string; parenthesised?: boolean } = {}): Node {
    const { ternary = true, endsAt, parenthesised = false } = options;
    const ends = () => this.is("close") || this.is("sign", ")") || (endsAt !== undefined && this.is("word", endsAt));
    const entries: Node[] = [];
    let isTuple = false;
    while (!ends()) {
      entries.push(ternary ? this.expression() : this.or());
      if (!this.skip("sign", ",")) break;
      isTuple = true;
    }
    if (isTuple || (entries.length === 0 && parenthesised)) return { type: "Tuple", value: entries };
    return entries[0] ?? this.fail(`expected an expression, got ${this.current.value}`);
  }

  expression(): Node {
    let value = this.or();
    while (this.skip("word", "if")) {
      const condition = this.or();
      const otherwise = this.skip("word", "else") ? this.expression() : undefined;
      value = { type: "Ternary", condition, yes: value, no: otherwise };
    }
    return value;
  }

  or(): Node {
    let left = this.#and();
    while (this.skip("word", "or")) left = { type: "Or", left, right: this.#and() };
    return left;
  }

  #and(): Node {
    let left = this.#not();
    while (this.skip("word", "and")) left = { type: "And", left, right: this.#not() };
    return left;
  }

  #not(): Node {
    return this.skip("word", "not") ? { type: "Not", argument: this.#not() } : this.#comparison();
  }

  /** `a < b < c` compares neighbours, as in Python. */
  #comparison(): Node {
    const first = this.#sum();
    const rest: { operator: string; value: Node }[] = [];
    for (;;) {
      const operator = this.#comparisonSign();
      if (operator === undefined) break;
      rest.push({ operator, value: this.#sum() });
    }
    return rest.length === 0 ? first : { type: "Comparison", first, rest };
  }

  #comparisonSign(): string | undefined {
    if (this.is("sign") && comparisons.has(this.current.value)) return this.advance().value;
    if (this.skip("word", "in")) return "in";
    if (!this.is("word", "not") || this.following.type !== "word" || this.following.value !== "in") return undefined;
    this.advance();
    this.advance();
    return "not in";
  }

  #sum(): Node {
    return this.#leftToRight(["+", "-"], () => this.#concatenation());
  }

  #concatenation(): Node {
    return this.#leftToRight(["~"], () => this.#product());
  }

  #product(): Node {
    return this.#leftToRight(["*", "/", "//", "%"], () => this.#power());
  }

  #power(): Node {
    const node = this.#leftToRight(["**"], () => this.#unary(true));
    const base = node.left as Node | undefined;
    // jinja2 folds the sign into a constant base and then writes Python source, in which the sign comes last.
    if (node.operator === "**" && base?.type === "Sign" && !isNumeral(node.right as Node))
      this.fail("a power of a signed number means different things in different places");
    return node;
  }

  #leftToRight(signs: readonly string[], operand: () => Node): Node {
    let left = operand();
    while (this.is("sign") && signs.includes(this.current.value)) {
      const operator = this.advance().value;
      left = { type: "Binary", operator, left, right: operand() };
    }
    return left;
  }

  #unary(withFilters: boolean): Node {
    let node: Node;
    if (this.skip("sign", "-")) node = { type: "Sign", sign: -1, argument: this.#unary(false) };
    else if (this.skip("sign", "+")) node = { type: "Sign", sign: 1, argument: this.#unary(false) };
    else node = this.primary();
    node = this.#postfix(node);
    return withFilters ? this.#filtered(node) : node;
  }

  primary(): Node {
    const token = this.advance();
    if (token.type === "word") {
      if (Object.hasOwn(constants, token.value)) return { type: "Constant", value: constants[token.value] };
      return { type: "Name", value: token.value, lax: this.chat };
    }
    if (token.type === "text") {
      let value = token.value;
      while (this.is("text")) value += this.advance().value;
      return { type: "Constant", value };
    }
    if (token.type === "integer") return { type: "Constant", value: Number(token.value) };
    if (token.type === "float") return { type: "Float", value: Number(token.value) };
    if (token.value === "(" && token.type === "sign") {
      const inner = this.tuple({ parenthesised: true });
      this.expect("sign", ")");
      return inner;
    }
    if (token.value === "[" && token.type === "sign")
      return { type: "List", value: this.#until("]", () => this.expression()) };
    if (token.value === "{" && token.type === "sign")
      return { type: "Mapping", value: this.#until("}", () => this.#pair()) };
    return this.fail(`${token.value} is unexpected`);
  }

  #until<T>(end: string, entry: () => T): T[] {
    const entries: T[] = [];
    while (!this.skip("sign", end)) {
      if (entries.length > 0) {
        this.expect("sign", ",");
        if (this.skip("sign", end)) break;
      }
      entries.push(entry());
    }
    return entries;
  }

  #pair(): [Node, Node] {
    const key = this.expression();
    this.expect("sign", ":");
    return [key, this.expression()];
  }

  #postfix(node: Node): Node {
    let at = node;
    for (;;) {
      if (this.skip("sign", ".")) at = this.#attribute(at);
      else if (this.skip("sign", "[")) at = this.#subscript(at);
      else if (this.is("sign", "(")) at = { type: "Call", callee: at, args: this.callArguments() };
      else return at;
    }
  }

  #attribute(object: Node): Node {
    const token = this.advance();
    if (token.type === "word") return { type: "Attribute", object, name: token.value, lax: this.chat };
    if (token.type !== "integer") this.fail(`expected a name or a number behind ".", got ${token.value}`);
    return { type: "Subscript", object, key: { type: "Constant", value: Number(token.value) }, lax: this.chat };
  }

  #subscript(object: Node): Node {
    const bound = () => (this.is("sign", ":") || this.is("sign", "]") ? undefined : this.expression());
    const first = bound();
    let node: Node;
    if (this.skip("sign", ":")) {
      const stop = bound();
      const step = this.skip("sign", ":") ? bound() : undefined;
      node = { type: "Slice", object, start: first, stop, step };
    } else {
      if (!first) this.fail("expected a position or a key");
      node = { type: "Subscript", object, key: first, lax: this.chat };
    }
    this.expect("sign", "]");
    return node;
  }

  #filtered(node: Node): Node {
    let at = node;
    for (;;) {
      if (this.is("sign", "|")) at = this.filter(at);
      else if (this.is("word", "is")) at = this.#test(at);
      else if (this.is("sign", "(")) at = { type: "Call", callee: at, args: this.callArguments() };
      else return at;
    }
  }

  /** One filter; its `|` is skipped where it is there. */
  filter(operand: Node | undefined): Node {
    this.skip("sign", "|");
    const name = this.expect("word").value;
    const args = this.is("sign", "(") ? this.callArguments() : [];
    return { type: "Filter", operand, name, args, lax: this.chat };
  }

  #test(operand: Node): Node {
    this.advance();
    const negate = this.skip("word", "not");
    const name = this.expect("word").value;
    return { type: "Test", operand, name, negate, args: this.#testArguments() };
  }

  #testArguments(): Node[] {
    if (this.is("sign", "(")) return this.callArguments();
    const isWord = this.is("word") && !["else", "or", "and"].includes(this.current.value);
    if (this.is("word", "is")) this.fail("tests can't be chained");
    const begins =
      isWord ||
      ["text", "integer", "float"].includes(this.current.type) ||
      this.is("sign", "[") ||
      this.is("sign", "{");
    if (!begins) return [];
    if (["if", "in", "not"].includes(this.current.value) && isWord) this.fail("put the test into brackets");
    return [{ type: "Positional", value: this.#postfix(this.primary()) }];
  }

  callArguments(): Node[] {
    this.expect("sign", "(");
    return this.#until(")", () => this.#argument());
  }

  #argument(): Node {
    if (this.skip("sign", "*")) return { type: "Spread", value: this.expression() };
    if (this.skip("sign", "**")) return { type: "KeywordSpread", value: this.expression() };
    if (this.is("word") && this.following.type === "sign" && this.following.value === "=") {
      const key = this.advance().value;
      this.advance();
      return { type: "Keyword", key, value: this.expression() };
    }
    return { type: "Positional", value: this.expression() };
  }
}
