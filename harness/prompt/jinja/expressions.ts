import { type Arguments, templateFilters, templateTests } from "./filters.ts";
import { templateGlobals } from "./globals.ts";
import { binaryOperators } from "./operators.ts";
import { listMethods, mappingMethods } from "./other-methods.ts";
import { TemplateError } from "./template-error.ts";
import { characterAt, textMethods } from "./text-methods.ts";
import {
  Float,
  float,
  isFloat,
  isMapping,
  iterate,
  numberOf,
  repr,
  slice,
  str,
  Tuple,
  truthy,
  Undefined,
} from "./values.ts";

/** A node of the parser's tree; `type` says which other members there are. */
export interface Node {
  type: string;
  [member: string]: unknown;
}

/** Names in force, the outer ones behind the prototype. */
export type Scope = Record<string, unknown>;

/** A compiled expression. */
export type Expression = (scope: Scope) => unknown;

type Compiler = (node: Node) => Expression;

const compilers: Record<string, Compiler> = {
  StringLiteral:
    ({ value }) =>
    () =>
      value,
  IntegerLiteral:
    ({ value }) =>
    () =>
      value,
  FloatLiteral: ({ value }) => {
    const literal = float(value as number);
    return () => literal;
  },
  ArrayLiteral: ({ value }) => {
    const entries = (value as Node[]).map(compileExpression);
    return (scope) => entries.map((entry) => entry(scope));
  },
  TupleLiteral: ({ value }) => {
    const entries = (value as Node[]).map(compileExpression);
    return (scope) => Tuple.from(entries, (entry) => entry(scope));
  },
  ObjectLiteral: ({ value }) => {
    const entries = [...(value as Map<Node, Node>)].map(
      ([key, entry]) => [compileExpression(key), compileExpression(entry)] as const,
    );
    return (scope) => Object.fromEntries(entries.map(([key, entry]) => [str(key(scope)), entry(scope)]));
  },
  Identifier: ({ value }) => compileName(value as string),
  Ternary: ({ condition, trueExpr, falseExpr }) => {
    const [test, yes, no] = [condition, trueExpr, falseExpr].map((node) => compileExpression(node as Node)) as [
      Expression,
      Expression,
      Expression,
    ];
    return (scope) => (truthy(test(scope)) ? yes(scope) : no(scope));
  },
  SelectExpression: ({ lhs, test }) => {
    const [value, condition] = [compileExpression(lhs as Node), compileExpression(test as Node)];
    return (scope) =>
      truthy(condition(scope)) ? value(scope) : new Undefined("the inline if-expression without else");
  },
  UnaryExpression: ({ operator, argument }) => {
    const value = compileExpression(argument as Node);
    const sign = (operator as { value: string }).value;
    if (sign === "not") return (scope) => !truthy(value(scope));
    return (scope) => signed(value(scope), sign === "-" ? -1 : 1);
  },
  BinaryExpression: (node) => compileBinary(node),
  TestExpression: ({ operand, negate, test }) => {
    const name = (test as Node).value as string;
    const check = templateTests[name];
    if (!check) throw new TemplateError("TEMPLATE_SYNTAX", `There is no test named "${name}".`);
    const value = compileExpression(operand as Node);
    return (scope) => check(value(scope), { positional: [], named: {} }) !== negate;
  },
  FilterExpression: ({ operand, filter }) => {
    const value = compileExpression(operand as Node);
    const apply = compileFilter(filter as Node);
    return (scope) => apply(value(scope), scope);
  },
  MemberExpression: (node) => compileMember(node),
  CallExpression: (node) => compileCall(node),
};

/** Compiles one expression into a function over a scope. @throws TemplateError for what we don't speak. */
export function compileExpression(node: Node): Expression {
  const compiler = compilers[node.type];
  if (!compiler) throw new TemplateError("TEMPLATE_SYNTAX", `${node.type} is not supported here.`);
  return compiler(node);
}

const constants: Record<string, unknown> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
};

function compileName(name: string): Expression {
  if (name in constants) return () => constants[name];
  return (scope) => {
    const value = scope[name];
    if (value !== undefined) return value;
    return templateGlobals[name] ?? new Undefined(name);
  };
}

function signed(value: unknown, sign: 1 | -1): unknown {
  const result = sign * numberOf(value);
  return isFloat(value) ? float(result) : result;
}

function compileBinary({ operator, left, right }: Node): Expression {
  const [a, b] = [compileExpression(left as Node), compileExpression(right as Node)];
  const name = (operator as { value: string }).value;
  if (name === "and" || name === "or") {
    const stopsAt = name === "or";
    return (scope) => {
      const value = a(scope);
      return truthy(value) === stopsAt ? value : b(scope);
    };
  }
  const apply = binaryOperators[name];
  if (!apply) throw new TemplateError("TEMPLATE_SYNTAX", `There is no operator "${name}".`);
  return (scope) => apply(a(scope), b(scope));
}

/** `name` or `name(arguments)` behind a pipe. */
export function compileFilter(filter: Node): (value: unknown, scope: Scope) => unknown {
  const isCall = filter.type === "CallExpression";
  const name = (isCall ? (filter.callee as Node) : filter).value as string;
  const apply = templateFilters[name];
  if (!apply) throw new TemplateError("TEMPLATE_SYNTAX", `There is no filter named "${name}".`);
  const args = compileArguments(isCall ? (filter.args as Node[]) : []);
  const acceptsUndefined = name === "default" || name === "d";
  return (value, scope) => {
    if (value instanceof Undefined && !acceptsUndefined) value.fail();
    return apply(value, args(scope));
  };
}

/** Arguments of a call: positional, keyword, `*list`, `**mapping`. */
export function compileArguments(nodes: readonly Node[]): (scope: Scope) => Arguments {
  const parts = nodes.map((node) => {
    const inner =
      node.type === "KeywordArgumentExpression"
        ? node.value
        : node.type.endsWith("SpreadExpression")
          ? node.argument
          : node;
    return {
      kind: node.type,
      key: (node.key as Node | undefined)?.value as string,
      value: compileExpression(inner as Node),
    };
  });
  return (scope) => {
    const args: Arguments = { positional: [], named: {} };
    for (const { kind, key, value } of parts) {
      if (kind === "KeywordArgumentExpression") args.named[key] = value(scope);
      else if (kind === "SpreadExpression") args.positional.push(...iterate(value(scope)));
      else if (kind === "KeywordSpreadExpression") Object.assign(args.named, value(scope));
      else args.positional.push(value(scope));
    }
    return args;
  };
}

function compileMember({ object, property, computed }: Node): Expression {
  const target = compileExpression(object as Node);
  const member = property as Node;
  if (member.type === "SliceExpression") {
    const bound = (node: unknown) => (node === undefined ? () => undefined : compileExpression(node as Node));
    const [start, stop, step] = [bound(member.start), bound(member.stop), bound(member.step)];
    const at = (value: unknown) => (value === undefined || value === null ? undefined : numberOf(value));
    return (scope) => slice(target(scope), { start: at(start(scope)), stop: at(stop(scope)), step: at(step(scope)) });
  }
  if (!computed && member.type === "Identifier") {
    const key = member.value as string;
    return (scope) => readMember(target(scope), key);
  }
  const key = compileExpression(member);
  return (scope) => readMember(target(scope), key(scope));
}

/** `object.key` and `object[key]`; jinja2 tries both ways for both. */
function readMember(object: unknown, key: unknown): unknown {
  if (object instanceof Undefined) return object.fail();
  if (key instanceof Undefined) return key.fail();
  if (typeof key === "number" || key instanceof Float) return entryAt(object, numberOf(key));
  const name = str(key);
  if (isMapping(object) || typeof object === "function" || object instanceof Tuple) {
    if (Object.hasOwn(object as object, name)) return (object as unknown as Record<string, unknown>)[name];
  }
  return methodOf(object, name) ?? new Undefined(`${name} of ${repr(object).slice(0, 80)}`);
}

function entryAt(object: unknown, index: number): unknown {
  const found =
    typeof object === "string"
      ? characterAt(object, index)
      : Array.isArray(object)
        ? object.at(index)
        : (object as Record<string, unknown> | null)?.[String(index)];
  return found === undefined || found === ""
    ? new Undefined(`position ${index} of ${repr(object).slice(0, 80)}`)
    : found;
}

function methodOf(object: unknown, name: string): ((args: Arguments) => unknown) | undefined {
  if (typeof object === "string" && textMethods[name])
    return ({ positional, named }) => textMethods[name]?.(object, [...positional, ...Object.values(named)]);
  if (Array.isArray(object) && listMethods[name]) return ({ positional }) => listMethods[name]?.(object, positional);
  if (isMapping(object) && mappingMethods[name]) return ({ positional }) => mappingMethods[name]?.(object, positional);
  return undefined;
}

function compileCall({ callee, args }: Node): Expression {
  const target = compileExpression(callee as Node);
  const values = compileArguments(args as Node[]);
  return (scope) => {
    const callable = target(scope);
    if (callable instanceof Undefined) callable.fail();
    if (typeof callable !== "function")
      throw new TemplateError("TEMPLATE_FAILED", `${repr(callable)} can't be called.`);
    return callable(values(scope));
  };
}
