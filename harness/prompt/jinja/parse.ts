import { tokenize } from "./lexer.ts";
import { ExpressionParser, type Node } from "./parse-expression.ts";

const unsupported = new Set(["block", "extends", "include", "import", "from", "autoescape", "print", "do", "trans"]);

/**
 * Parses a template into a list of nodes.
 *
 * @param options - `chat`: the dialect of chat templates (trimmed blocks, break and continue, lenient names)
 * @throws TemplateError `TEMPLATE_SYNTAX`
 */
export function parseTemplate(source: string, options: { chat: boolean }): Node[] {
  const tokens = tokenize(source, { trimBlocks: options.chat, keepTrailingNewline: !options.chat });
  return new TemplateParser(tokens, options.chat).template();
}

class TemplateParser extends ExpressionParser {
  template(): Node[] {
    const body = this.#body([]);
    if (!this.is("end")) this.fail(`${this.current.value} is unexpected`);
    return body;
  }

  /** Text and statements up to one of these words; `{%` before it is taken, the word is not. */
  #body(ends: readonly string[]): Node[] {
    const body: Node[] = [];
    while (!this.is("end")) {
      if (this.is("data")) body.push({ type: "Text", value: this.advance().value });
      else if (this.skip("open", "{{")) {
        body.push({ type: "Output", value: this.tuple() });
        this.expect("close", "{{");
      } else {
        this.expect("open", "{%");
        if (this.is("word") && ends.includes(this.current.value)) return body;
        body.push(this.#statement());
        this.expect("close", "{%");
      }
    }
    if (ends.length > 0) this.fail(`${ends.at(-1)} is missing`);
    return body;
  }

  /** The body of a statement whose head has just been read. */
  #block(...ends: string[]): Node[] {
    this.skip("sign", ":");
    this.expect("close", "{%");
    return this.#body(ends);
  }

  #closed(end: string): Node[] {
    const body = this.#block(end);
    this.advance();
    return body;
  }

  #statement(): Node {
    const name = this.expect("word").value;
    if (name === "if") return this.#if();
    if (name === "for") return this.#for();
    if (name === "set") return this.#set();
    if (name === "macro") return this.#macro();
    if (name === "call") return this.#call();
    if (name === "with") return this.#with();
    if (name === "filter") {
      const filter = this.#filterChain();
      return { type: "FilterBlock", filter, body: this.#closed("endfilter") };
    }
    if (this.chat && name === "break") return { type: "Break" };
    if (this.chat && name === "continue") return { type: "Continue" };
    if (this.chat && name === "generation") return { type: "Group", body: this.#closed("endgeneration") };
    if (unsupported.has(name)) return this.fail(`{% ${name} %} is not supported in prompts`);
    return this.fail(`there is no statement "${name}"`);
  }

  #if(): Node {
    const test = this.tuple({ ternary: false });
    const body = this.#block("elif", "else", "endif");
    const word = this.advance().value;
    if (word === "elif") return { type: "If", test, body, otherwise: [this.#if()] };
    return { type: "If", test, body, otherwise: word === "else" ? this.#closed("endif") : [] };
  }

  #for(): Node {
    const target = this.#target("in");
    this.expect("word", "in");
    const list = this.tuple({ ternary: false, endsAt: "recursive" });
    const test = this.skip("word", "if") ? this.expression() : undefined;
    if (this.is("word", "recursive")) this.fail("recursive loops are not supported in prompts");
    const body = this.#block("endfor", "else");
    const otherwise = this.advance().value === "else" ? this.#closed("endfor") : [];
    return { type: "For", target, list, test, body, otherwise };
  }

  /** Names that values are bound to: one, or several with commas and brackets. */
  #target(endsAt?: string): Node {
    const entries: Node[] = [];
    let isTuple = false;
    do {
      if (endsAt !== undefined && this.is("word", endsAt)) break;
      entries.push(this.primary());
      if (this.is("sign", ",")) isTuple = true;
    } while (this.skip("sign", ","));
    return this.#assignable(isTuple ? { type: "Tuple", value: entries } : (entries[0] as Node));
  }

  #assignable(node: Node): Node {
    if (node.type === "Tuple") for (const entry of node.value as Node[]) this.#assignable(entry);
    else if (node.type !== "Name") this.fail("only names can be set");
    return node;
  }

  #set(): Node {
    let target: Node;
    if (this.following.type === "sign" && this.following.value === ".") {
      const object = this.expect("word").value;
      this.advance();
      target = { type: "Member", object: { type: "Name", value: object, lax: false }, name: this.expect("word").value };
    } else target = this.#target();
    if (this.skip("sign", "=")) return { type: "Set", target, value: this.tuple() };
    const filter = this.is("sign", "|") ? this.#filterChain() : undefined;
    return { type: "SetBlock", target, filter, body: this.#closed("endset") };
  }

  #filterChain(): Node {
    let filter = this.filter(undefined);
    while (this.is("sign", "|")) filter = this.filter(filter);
    return filter;
  }

  #parameters(): Node[] {
    this.expect("sign", "(");
    const list: Node[] = [];
    while (!this.skip("sign", ")")) {
      if (list.length > 0) this.expect("sign", ",");
      const name = this.expect("word").value;
      const fallback = this.skip("sign", "=") ? this.expression() : undefined;
      if (!fallback && list.at(-1)?.fallback) this.fail("a parameter without default stands behind one with");
      list.push({ type: "Parameter", name, fallback });
    }
    return list;
  }

  #macro(): Node {
    const name = this.expect("word").value;
    const parameters = this.#parameters();
    return { type: "Macro", name, parameters, body: this.#closed("endmacro"), lax: this.chat };
  }

  #call(): Node {
    const parameters = this.is("sign", "(") ? this.#parameters() : [];
    const call = this.expression();
    if (call.type !== "Call") this.fail("expected a call of a macro");
    return { type: "CallBlock", parameters, call, body: this.#closed("endcall"), lax: this.chat };
  }

  #with(): Node {
    const bindings: { target: Node; value: Node }[] = [];
    while (!this.is("close")) {
      if (bindings.length > 0) this.expect("sign", ",");
      const target = this.#assignable(this.primary());
      this.expect("sign", "=");
      bindings.push({ target, value: this.expression() });
    }
    return { type: "With", bindings, body: this.#closed("endwith") };
  }
}
