import { TemplateError } from "./template-error.ts";
import {
  compare,
  contains,
  equals,
  float,
  isFloat,
  isNumber,
  numberOf,
  repr,
  str,
  Tuple,
  Undefined,
} from "./values.ts";

type Operator = (left: unknown, right: unknown) => unknown;

function arithmetic(compute: (a: number, b: number) => number): Operator {
  return (left, right) => {
    const result = compute(numberOf(left), numberOf(right));
    return isFloat(left) || isFloat(right) ? float(result) : result;
  };
}

const add = arithmetic((a, b) => a + b);
const multiply = arithmetic((a, b) => a * b);

function plus(left: unknown, right: unknown): unknown {
  for (const value of [left, right]) if (value instanceof Undefined) value.fail();
  if (typeof left === "string" && typeof right === "string") return left + right;
  if (left instanceof Tuple && right instanceof Tuple) return Tuple.from([...left, ...right]);
  if (Array.isArray(left) && Array.isArray(right)) return [...left, ...right];
  if (isNumber(left) && isNumber(right)) return add(left, right);
  throw new TemplateError("TEMPLATE_FAILED", `${repr(left)} and ${repr(right)} can't be added.`);
}

function times(left: unknown, right: unknown): unknown {
  if (typeof left === "string") return left.repeat(Math.max(0, numberOf(right)));
  if (typeof right === "string") return right.repeat(Math.max(0, numberOf(left)));
  if (Array.isArray(left)) return Array.from({ length: Math.max(0, numberOf(right)) }, () => left).flat();
  return multiply(left, right);
}

/** Python's `%`: the sign of the right side; on text, its old formatting. */
function modulo(left: unknown, right: unknown): unknown {
  if (typeof left === "string") return percentFormat(left, right instanceof Tuple ? [...right] : [right]);
  return arithmetic((a, b) => nonZero(b) && ((a % b) + b) % b)(left, right);
}

function percentFormat(text: string, values: unknown[]): string {
  let next = 0;
  return text.replace(/%(?:%|(\.\d+)?([sdrf]))/g, (whole, digits: string | undefined, kind: string | undefined) => {
    if (whole === "%%") return "%";
    const value = values[next++];
    if (kind === "s") return str(value);
    if (kind === "r") return repr(value);
    return kind === "d"
      ? String(Math.trunc(numberOf(value)))
      : numberOf(value).toFixed(digits ? Number(digits.slice(1)) : 6);
  });
}

function nonZero(value: number): number {
  if (value === 0) throw new TemplateError("TEMPLATE_FAILED", "Division by zero.");
  return value;
}

/** Operators with two sides, by their spelling. `and` and `or` are not here: they don't always look at both. */
export const binaryOperators: Readonly<Record<string, Operator>> = {
  "+": plus,
  "-": arithmetic((a, b) => a - b),
  "*": times,
  "/": (left, right) => float(numberOf(left) / nonZero(numberOf(right))),
  "//": arithmetic((a, b) => Math.floor(a / nonZero(b))),
  "%": modulo,
  "**": arithmetic((a, b) => a ** b),
  "~": (left, right) => str(left) + str(right),
  "==": equals,
  "!=": (left, right) => !equals(left, right),
  "<": (left, right) => compare(left, right) < 0,
  "<=": (left, right) => compare(left, right) <= 0,
  ">": (left, right) => compare(left, right) > 0,
  ">=": (left, right) => compare(left, right) >= 0,
  in: (left, right) => contains(right, left),
  "not in": (left, right) => !contains(right, left),
};
