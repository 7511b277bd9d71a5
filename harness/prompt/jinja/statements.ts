import type { Arguments } from "./arguments.ts";
import { compileExpression, compileFilter, type Expression, type Scope } from "./expressions.ts";
import { compileCallBlock, compileMacro } from "./macros.ts";
import type { Node } from "./parse-expression.ts";
import { equals, iterate } from "./sequences.ts";
import { failed, Namespace, str, truthy, Undefined } from "./values.ts";

/** A compiled statement: writes its text and may set names. */
export type Statement = (scope: Scope, out: string[]) => void;

class Break extends Error {}
class Continue extends Error {}

const compilers: Record<string, (node: Node) => Statement> = {
  Text: ({ value }) => {
    const text = value as string;
    return (_scope, out) => void out.push(text);
  },
  Output: ({ value }) => {
    const expression = compileExpression(value as Node);
    return (scope, out) => void out.push(str(expression(scope)));
  },
  If: ({ test, body, otherwise }) => {
    const condition = compileExpression(test as Node);
    const [yes, no] = [compileBlock(body as Node[]), compileBlock(otherwise as Node[])];
    return (scope, out) => (truthy(condition(scope)) ? yes(scope, out) : no(scope, out));
  },
  For: (node) => compileFor(node),
  Set: ({ target, value }) => {
    const [assign, expression] = [compileTarget(target as Node), compileExpression(value as Node)];
    return (scope) => assign(scope, expression(scope));
  },
  SetBlock: ({ target, filter, body }) => {
    const [assign, block] = [compileTarget(target as Node), compileBlock(body as Node[])];
    const apply = filter ? compileChain(filter as Node) : (text: unknown) => text;
    return (scope) => {
      const inner = Object.create(scope);
      assign(scope, apply(capture(block, inner), inner));
    };
  },
  With: (node) => compileWith(node),
  Macro: (node) => compileMacro(node, compileBlock(node.body as Node[])),
  CallBlock: (node) => compileCallBlock(node, compileBlock(node.body as Node[])),
  FilterBlock: ({ filter, body }) => {
    const [apply, block] = [compileChain(filter as Node), compileBlock(body as Node[])];
    return (scope, out) => {
      const inner = Object.create(scope);
      out.push(str(apply(capture(block, inner), inner)));
    };
  },
  Group: ({ body }) => compileBlock(body as Node[]),
  Break: () => () => {
    throw new Break();
  },
  Continue: () => () => {
    throw new Continue();
  },
};

/** Compiles a list of statements, text and expressions among them. */
export function compileBlock(nodes: readonly Node[]): Statement {
  const statements = nodes.map((node) => (compilers[node.type] as (node: Node) => Statement)(node));
  if (statements.length === 1) return statements[0] as Statement;
  return (scope, out) => {
    for (const statement of statements) statement(scope, out);
  };
}

/** What a block writes, as text. */
export function capture(block: Statement, scope: Scope): string {
  const out: string[] = [];
  block(scope, out);
  return out.join("");
}

/** Filters of a block, the innermost first. */
function compileChain(filter: Node): (value: unknown, scope: Scope) => unknown {
  const before = filter.operand ? compileChain(filter.operand as Node) : (value: unknown) => value;
  const apply = compileFilter(filter);
  return (value, scope) => apply(before(value, scope), scope);
}

function compileWith({ bindings, body }: Node): Statement {
  const compiled = (bindings as { target: Node; value: Node }[]).map(({ target, value }) => ({
    assign: compileTarget(target),
    value: compileExpression(value),
  }));
  const block = compileBlock(body as Node[]);
  return (scope, out) => {
    const inner = Object.create(scope);
    for (const { assign, value } of compiled) assign(inner, value(scope));
    block(inner, out);
  };
}

function compileFor({ target, list, test, body, otherwise }: Node): Statement {
  const source = compileExpression(list as Node);
  const keep = test ? compileExpression(test as Node) : undefined;
  const assign = compileTarget(target as Node);
  const [block, none] = [compileBlock(body as Node[]), compileBlock(otherwise as Node[])];
  return (scope, out) => {
    const entries = keptEntries(iterate(source(scope)), { scope, assign, keep });
    if (entries.length === 0) return none(Object.create(scope), out);
    let last: unknown[] | undefined;
    const changed = ({ positional }: Arguments) => {
      const differs = !last || !equals(last, positional);
      last = positional;
      return differs;
    };
    for (let index = 0; index < entries.length; index += 1) {
      const inner: Scope = Object.create(scope);
      inner.loop = { ...loopOf(entries, index), changed };
      assign(inner, entries[index]);
      if (!runBody(block, inner, out)) return;
    }
  };
}

/** One round; false: the loop is left. */
function runBody(block: Statement, scope: Scope, out: string[]): boolean {
  try {
    block(scope, out);
  } catch (error) {
    if (error instanceof Break) return false;
    if (!(error instanceof Continue)) throw error;
  }
  return true;
}

interface Filtering {
  scope: Scope;
  assign: (scope: Scope, value: unknown) => void;
  keep: Expression | undefined;
}

function keptEntries(entries: unknown[], { scope, assign, keep }: Filtering): unknown[] {
  if (!keep) return entries;
  return entries.filter((entry) => {
    const inner: Scope = Object.create(scope);
    assign(inner, entry);
    return truthy(keep(inner));
  });
}

function loopOf(entries: readonly unknown[], index: number): Record<string, unknown> {
  const { length } = entries;
  return {
    index: index + 1,
    index0: index,
    revindex: length - index,
    revindex0: length - index - 1,
    first: index === 0,
    last: index === length - 1,
    length,
    // Only recursive loops go deeper in jinja2, and those are refused.
    depth: 1,
    depth0: 0,
    previtem: index > 0 ? entries[index - 1] : new Undefined("there is no previous item"),
    nextitem: index < length - 1 ? entries[index + 1] : new Undefined("there is no next item"),
    cycle: ({ positional }: Arguments) => positional[index % positional.length] ?? failed("cycle() needs values."),
  };
}

/** What stands left of `=` or between `for` and `in`: a name, several, or a member of a namespace. */
function compileTarget(node: Node): (scope: Scope, value: unknown) => void {
  if (node.type === "Name") {
    const name = node.value as string;
    return (scope, value) => {
      scope[name] = value;
    };
  }
  if (node.type === "Tuple") {
    const targets = (node.value as Node[]).map(compileTarget);
    return (scope, value) => {
      const parts = iterate(value);
      if (parts.length !== targets.length)
        failed(`${parts.length} values can't be unpacked into ${targets.length} names.`);
      for (const [index, assign] of targets.entries()) assign(scope, parts[index]);
    };
  }
  const object = compileExpression(node.object as Node);
  const key = node.name as string;
  return (scope, value) => {
    const target = object(scope);
    if (!(target instanceof Namespace)) failed("Only members of a namespace can be set.");
    target.members[key] = value;
  };
}
