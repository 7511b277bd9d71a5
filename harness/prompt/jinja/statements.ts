import {
  compileArguments,
  compileExpression,
  compileFilter,
  type Expression,
  type Node,
  type Scope,
} from "./expressions.ts";
import type { Arguments } from "./filters.ts";
import { TemplateError } from "./template-error.ts";
import { isMapping, iterate, str, truthy, Undefined } from "./values.ts";

/** A compiled statement: writes its text and may set names. */
type Statement = (scope: Scope, out: string[]) => void;

class Break extends Error {}
class Continue extends Error {}

const compilers: Record<string, (node: Node) => Statement> = {
  Comment: () => () => {},
  If: ({ test, body, alternate }) => {
    const condition = compileExpression(test as Node);
    const [yes, no] = [compileBlock(body as Node[]), compileBlock(alternate as Node[])];
    return (scope, out) => (truthy(condition(scope)) ? yes(scope, out) : no(scope, out));
  },
  For: (node) => compileFor(node),
  Set: (node) => compileSet(node),
  Macro: (node) => compileMacro(node),
  FilterStatement: ({ filter, body }) => {
    const apply = compileFilter(filter as Node);
    const block = compileBlock(body as Node[]);
    return (scope, out) => void out.push(str(apply(capture(block, scope), scope)));
  },
  CallStatement: (node) => compileCallStatement(node),
  Break: () => () => {
    throw new Break();
  },
  Continue: () => () => {
    throw new Continue();
  },
};

/** Compiles a list of statements, text and expressions among them. */
export function compileBlock(nodes: readonly Node[]): Statement {
  const statements = nodes.map(compileStatement);
  if (statements.length === 1) return statements[0] as Statement;
  return (scope, out) => {
    for (const statement of statements) statement(scope, out);
  };
}

function compileStatement(node: Node): Statement {
  const compiler = compilers[node.type];
  if (compiler) return compiler(node);
  const value = compileExpression(node);
  return (scope, out) => void out.push(str(value(scope)));
}

function capture(block: Statement, scope: Scope): string {
  const out: string[] = [];
  block(scope, out);
  return out.join("");
}

function compileFor({ loopvar, iterable, body, defaultBlock }: Node): Statement {
  const source = iterable as Node;
  const filtered = source.type === "SelectExpression";
  const list = compileExpression((filtered ? source.lhs : source) as Node);
  const keep = filtered ? compileExpression(source.test as Node) : undefined;
  const assign = compileTarget(loopvar as Node);
  const [block, otherwise] = [compileBlock(body as Node[]), compileBlock(defaultBlock as Node[])];
  return (scope, out) => {
    let entries = iterate(list(scope));
    if (keep) {
      entries = entries.filter((entry) => {
        const inner: Scope = Object.create(scope);
        assign(inner, entry);
        return truthy(keep(inner));
      });
    }
    if (entries.length === 0) return otherwise(scope, out);
    for (let index = 0; index < entries.length; index += 1) {
      const inner: Scope = Object.create(scope);
      assign(inner, entries[index]);
      inner.loop = loopOf(entries, index);
      try {
        block(inner, out);
      } catch (error) {
        if (error instanceof Break) return;
        if (!(error instanceof Continue)) throw error;
      }
    }
  };
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
    previtem: index > 0 ? entries[index - 1] : new Undefined("previtem"),
    nextitem: index < length - 1 ? entries[index + 1] : new Undefined("nextitem"),
    cycle: ({ positional }: Arguments) => positional[index % positional.length],
  };
}

/** What stands left of `=` or between `for` and `in`: a name, several, or a member of a namespace. */
function compileTarget(node: Node): (scope: Scope, value: unknown) => void {
  if (node.type === "Identifier") {
    const name = node.value as string;
    return (scope, value) => {
      scope[name] = value;
    };
  }
  if (node.type === "TupleLiteral") {
    const targets = (node.value as Node[]).map(compileTarget);
    return (scope, value) => {
      const parts = iterate(value);
      if (parts.length !== targets.length)
        throw new TemplateError(
          "TEMPLATE_FAILED",
          `${parts.length} values can't be unpacked into ${targets.length} names.`,
        );
      for (const [index, assign] of targets.entries()) assign(scope, parts[index]);
    };
  }
  if (node.type === "MemberExpression") {
    const object = compileExpression(node.object as Node);
    const key = (node.property as Node).value as string;
    return (scope, value) => {
      const target = object(scope);
      if (!isMapping(target)) throw new TemplateError("TEMPLATE_FAILED", "Only members of a namespace can be set.");
      target[key] = value;
    };
  }
  throw new TemplateError("TEMPLATE_SYNTAX", `${node.type} can't be assigned to.`);
}

function compileSet({ assignee, value, body }: Node): Statement {
  const assign = compileTarget(assignee as Node);
  if (value) {
    const expression = compileExpression(value as Node);
    return (scope) => assign(scope, expression(scope));
  }
  const block = compileBlock(body as Node[]);
  return (scope) => assign(scope, capture(block, Object.create(scope)));
}

interface Parameter {
  name: string;
  fallback: Expression | undefined;
}

function compileParameters(nodes: readonly Node[]): Parameter[] {
  return nodes.map((node) =>
    node.type === "KeywordArgumentExpression"
      ? { name: (node.key as Node).value as string, fallback: compileExpression(node.value as Node) }
      : { name: node.value as string, fallback: undefined },
  );
}

/** A callable that renders a block with its parameters bound. */
function callable(parameters: readonly Parameter[], block: Statement, scope: Scope): (args: Arguments) => string {
  return ({ positional, named }) => {
    const inner: Scope = Object.create(scope);
    parameters.forEach(({ name, fallback }, index) => {
      inner[name] = positional[index] ?? named[name] ?? fallback?.(scope) ?? new Undefined(name);
    });
    if (named.caller !== undefined) inner.caller = named.caller;
    return capture(block, inner);
  };
}

function compileMacro({ name, args, body }: Node): Statement {
  const parameters = compileParameters(args as Node[]);
  const block = compileBlock(body as Node[]);
  return (scope) => {
    scope[(name as Node).value as string] = callable(parameters, block, scope);
  };
}

function compileCallStatement({ call, callerArgs, body }: Node): Statement {
  const { callee, args } = call as Node;
  const target = compileExpression(callee as Node);
  const values = compileArguments(args as Node[]);
  const parameters = compileParameters((callerArgs as Node[] | null) ?? []);
  const block = compileBlock(body as Node[]);
  return (scope, out) => {
    const macro = target(scope);
    if (typeof macro !== "function") throw new TemplateError("TEMPLATE_FAILED", "call needs a macro.");
    const { positional, named } = values(scope);
    out.push(str(macro({ positional, named: { ...named, caller: callable(parameters, block, scope) } })));
  };
}
