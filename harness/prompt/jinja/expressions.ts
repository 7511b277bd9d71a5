import type { Arguments } from "./arguments.ts";
import { templateFilters } from "./filters.ts";
import { templateGlobals } from "./globals.ts";
import { memberOf, subscriptOf } from "./members.ts";
import { binaryOperators } from "./operators.ts";
import type { Node } from "./parse-expression.ts";
import { iterate, slice } from "./sequences.ts";
import { TemplateError } from "./template-error.ts";
import { templateTests } from "./tests.ts";
import {
  Float,
  failed,
  float,
  integerOf,
  isFloat,
  isMapping,
  isNumber,
  mappingOf,
  numberOf,
  shown,
  str,
  Tuple,
  truthy,
  Undefined,
  whole,
} from "./values.ts";

/** Names in force, the outer ones behind the prototype. */
export type Scope = Record<string, unknown>;

/** A compiled expression. */
export type Expression = (scope: Scope) => unknown;

const compilers: Record<string, (node: Node) => Expression> = {
  Constant:
    ({ value }) =>
    () =>
      value,
  Float: ({ value }) => {
    const literal = Object.is(value, -0) ? new Float(0) : float(value as number);
    return () => literal;
  },
  List: ({ value }) => {
    const entries = (value as Node[]).map(compileExpression);
    return (scope) => entries.map((entry) => entry(scope));
  },
  Tuple: ({ value }) => {
    const entries = (value as Node[]).map(compileExpression);
    return (scope) => Tuple.from(entries, (entry) => entry(scope));
  },
  Mapping: (node) => compileMapping(node),
  Name: ({ value, lax }) => compileName(value as string, lax === true),
  Ternary: (node) => compileTernary(node),
  Not: ({ argument }) => {
    const value = compileExpression(argument as Node);
    return (scope) => !truthy(value(scope));
  },
  And: (node) => compileChoice(node, false),
  Or: (node) => compileChoice(node, true),
  Sign: ({ sign, argument }) => {
    const value = compileExpression(argument as Node);
    return (scope) => signed(value(scope), sign as number);
  },
  Comparison: (node) => compileComparison(node),
  Binary: ({ operator, left, right }) => {
    const [a, b] = [compileExpression(left as Node), compileExpression(right as Node)];
    const apply = binaryOperators[operator as string] as (left: unknown, right: unknown) => unknown;
    return (scope) => apply(a(scope), b(scope));
  },
  Test: ({ operand, name, negate, args }) => {
    const check = Object.hasOwn(templateTests, name as string) ? templateTests[name as string] : undefined;
    if (!check) throw new TemplateError("TEMPLATE_SYNTAX", `There is no test named "${str(name)}".`);
    const value = compileExpression(operand as Node);
    const given = compileArguments(args as Node[]);
    return (scope) => check(value(scope), given(scope)) !== negate;
  },
  Filter: (node) => {
    const value = compileExpression(node.operand as Node);
    const apply = compileFilter(node);
    return (scope) => apply(value(scope), scope);
  },
  Attribute: ({ object, name, lax }) => {
    const target = compileExpression(object as Node);
    return (scope) => memberOf(target(scope), name as string, lax === true);
  },
  Subscript: ({ object, key, lax }) => {
    const [target, at] = [compileExpression(object as Node), compileExpression(key as Node)];
    return (scope) => subscriptOf(target(scope), at(scope), lax === true);
  },
  Slice: (node) => compileSlice(node),
  Call: ({ callee, args }) => {
    const target = compileExpression(callee as Node);
    const values = compileArguments(args as Node[]);
    return (scope) => {
      const callable = target(scope);
      if (callable instanceof Undefined) callable.fail();
      return typeof callable === "function" ? callable(values(scope)) : failed(`${shown(callable)} can't be called.`);
    };
  },
};

/** Compiles one expression into a function over a scope. @throws TemplateError for what we don't speak. */
export function compileExpression(node: Node): Expression {
  const compiler = compilers[node.type];
  if (!compiler) throw new TemplateError("TEMPLATE_SYNTAX", `${node.type} is not supported here.`);
  return compiler(node);
}

function compileName(name: string, lax: boolean): Expression {
  return (scope) => {
    const value = scope[name];
    if (value !== undefined) return value;
    return (Object.hasOwn(templateGlobals, name) ? templateGlobals[name] : undefined) ?? new Undefined(name, lax);
  };
}

function compileMapping({ value }: Node): Expression {
  const entries = (value as [Node, Node][]).map(
    ([key, entry]) => [compileExpression(key), compileExpression(entry)] as const,
  );
  return (scope) =>
    mappingOf(
      entries.map(([key, entry]) => {
        const name = key(scope);
        if (typeof name !== "string") failed(`A mapping can't have the key ${shown(name)} here: only texts.`);
        return [name, entry(scope)];
      }),
    );
}

function compileTernary({ condition, yes, no }: Node): Expression {
  const [test, value] = [compileExpression(condition as Node), compileExpression(yes as Node)];
  // Without `else`, jinja2 gives a lenient undefined value even in strict environments.
  const otherwise = no
    ? compileExpression(no as Node)
    : () => new Undefined("the inline if-expression without else", true);
  return (scope) => (truthy(test(scope)) ? value(scope) : otherwise(scope));
}

function compileChoice({ left, right }: Node, stopsAt: boolean): Expression {
  const [a, b] = [compileExpression(left as Node), compileExpression(right as Node)];
  return (scope) => {
    const value = a(scope);
    return truthy(value) === stopsAt ? value : b(scope);
  };
}

function compileComparison({ first, rest }: Node): Expression {
  const start = compileExpression(first as Node);
  const steps = (rest as { operator: string; value: Node }[]).map(({ operator, value }) => ({
    apply: binaryOperators[operator] as (left: unknown, right: unknown) => unknown,
    value: compileExpression(value),
  }));
  return (scope) => {
    let left = start(scope);
    for (const { apply, value } of steps) {
      const right = value(scope);
      if (!apply(left, right)) return false;
      left = right;
    }
    return true;
  };
}

function signed(value: unknown, sign: number): unknown {
  if (value instanceof Undefined) value.fail();
  if (!isNumber(value)) failed(`${shown(value)} is not a number.`);
  const result = sign * numberOf(value);
  return isFloat(value) ? float(result) : whole(result);
}

function compileSlice({ object, start, stop, step }: Node): Expression {
  const target = compileExpression(object as Node);
  const bound = (node: unknown): ((scope: Scope) => number | undefined) => {
    if (node === undefined) return () => undefined;
    const expression = compileExpression(node as Node);
    return (scope) => {
      const value = expression(scope);
      return value === null ? undefined : integerOf(value);
    };
  };
  const [first, end, width] = [bound(start), bound(stop), bound(step)];
  return (scope) => slice(target(scope), { start: first(scope), stop: end(scope), step: width(scope) });
}

/** Chat templates have a `tojson` of their own and none of lm-eval's and our filters. */
function nameInChats(name: string): string {
  return name === "tojson" ? "tojson of chats" : name.startsWith("regex_") ? "" : name;
}

/** A filter behind a pipe, and those before it in the chain of a block. */
export function compileFilter(node: Node): (value: unknown, scope: Scope) => unknown {
  const { args, lax } = node;
  const name = lax === true ? nameInChats(node.name as string) : (node.name as string);
  const apply = Object.hasOwn(templateFilters, name) ? templateFilters[name] : undefined;
  if (!apply) throw new TemplateError("TEMPLATE_SYNTAX", `There is no filter named "${str(node.name)}".`);
  const given = compileArguments(args as Node[]);
  return (value, scope) => {
    const result = apply(value, given(scope));
    return lax === true && result instanceof Undefined ? new Undefined(result.name, true) : result;
  };
}

/** Arguments of a call: positional, keyword, `*list`, `**mapping`. */
export function compileArguments(nodes: readonly Node[]): (scope: Scope) => Arguments {
  const parts = nodes.map((node) => ({
    kind: node.type,
    key: node.key as string,
    value: compileExpression(node.value as Node),
  }));
  return (scope) => {
    const args: Arguments = { positional: [], named: {} };
    for (const { kind, key, value } of parts) {
      const given = value(scope);
      if (kind === "Keyword") args.named[key] = given;
      else if (kind === "Spread") args.positional.push(...iterate(given));
      else if (kind === "KeywordSpread")
        Object.assign(args.named, isMapping(given) ? given : failed("** takes a mapping."));
      else args.positional.push(given);
    }
    return args;
  };
}
