import type { Arguments } from "./arguments.ts";
import { compileArguments, compileExpression, type Expression, type Scope } from "./expressions.ts";
import type { Node } from "./parse-expression.ts";
import { capture, type Statement } from "./statements.ts";
import { failed, str, Undefined } from "./values.ts";

interface Parameter {
  name: string;
  fallback: Expression | undefined;
}

interface Macro {
  name: string;
  parameters: readonly Parameter[];
  block: Statement;
  lax: boolean;
}

function parametersOf(nodes: readonly Node[]): Parameter[] {
  return nodes.map(({ name, fallback }) => ({
    name: name as string,
    fallback: fallback ? compileExpression(fallback as Node) : undefined,
  }));
}

/** A callable that renders a block with its parameters bound. `varargs` and `kwargs` are not there. */
function callable({ name, parameters, block, lax }: Macro, scope: Scope): (args: Arguments) => string {
  return ({ positional, named: { caller, ...named } }) => {
    if (positional.length > parameters.length) failed(`${name} takes ${parameters.length} arguments.`);
    const unknown = Object.keys(named).find((key) => !parameters.some((parameter) => parameter.name === key));
    if (unknown !== undefined) failed(`${name} takes no argument "${unknown}".`);
    const inner: Scope = Object.create(scope);
    for (const [index, parameter] of parameters.entries()) {
      const given = index < positional.length ? positional[index] : named[parameter.name];
      const fallback = () => (parameter.fallback ? parameter.fallback(inner) : new Undefined(parameter.name, lax));
      inner[parameter.name] = given === undefined ? fallback() : given;
    }
    inner.caller = caller ?? new Undefined("caller", lax);
    return capture(block, inner);
  };
}

/** `{% macro name(parameters) %}`. */
export function compileMacro(node: Node, block: Statement): Statement {
  const name = node.name as string;
  const parameters = parametersOf(node.parameters as Node[]);
  return (scope) => {
    scope[name] = callable({ name, parameters, block, lax: node.lax === true }, scope);
  };
}

/** `{% call macro() %}`: the body is what the macro calls as `caller()`. */
export function compileCallBlock(node: Node, block: Statement): Statement {
  const { callee, args } = node.call as Node;
  const target = compileExpression(callee as Node);
  const values = compileArguments(args as Node[]);
  const parameters = parametersOf(node.parameters as Node[]);
  return (scope, out) => {
    const macro = target(scope);
    if (typeof macro !== "function") failed("call needs a macro.");
    const { positional, named } = values(scope);
    const caller = callable({ name: "caller", parameters, block, lax: node.lax === true }, scope);
    out.push(str(macro({ positional, named: { ...named, caller } })));
  };
}
