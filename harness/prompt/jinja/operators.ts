import { compare, contains, equals } from "./sequences.ts";
import { percentFormat } from "./text-format.ts";
import {
  failed,
  float,
  integerOf,
  isFloat,
  isNumber,
  MappingView,
  NumberRange,
  numberOf,
  shown,
  str,
  Tuple,
  Undefined,
  whole,
} from "./values.ts";

type Operator = (left: unknown, right: unknown) => unknown;

function arithmetic(sign: string, compute: (a: number, b: number) => number): Operator {
  return (left, right) => {
    for (const value of [left, right]) if (value instanceof Undefined) value.fail();
    if (!isNumber(left) || !isNumber(right)) failed(`${shown(left)} ${sign} ${shown(right)} has no meaning.`);
    const result = compute(numberOf(left), numberOf(right));
    return isFloat(left) || isFloat(right) ? float(result) : whole(result);
  };
}

const add = arithmetic("+", (a, b) => a + b);
const multiply = arithmetic("*", (a, b) => a * b);
const remainder = arithmetic("%", (a, b) => ((a % nonZero(b)) + b) % b);
const power = arithmetic("**", (a, b) => a ** b);

/** Python's `+`: of numbers, texts, lists, tuples. */
export function plus(left: unknown, right: unknown): unknown {
  if (typeof left === "string" && typeof right === "string") return left + right;
  if (isJoinable(left) && isJoinable(right)) {
    if (left instanceof Tuple !== right instanceof Tuple) failed("A list and a tuple can't be added.");
    return left instanceof Tuple ? Tuple.from([...left, ...right]) : [...left, ...right];
  }
  return add(left, right);
}

/** Ranges and views are no lists to be joined or repeated. */
function isJoinable(value: unknown): value is unknown[] {
  return Array.isArray(value) && !(value instanceof NumberRange) && !(value instanceof MappingView);
}

function times(left: unknown, right: unknown): unknown {
  if (typeof left === "string" || isJoinable(left)) return repeated(left, right);
  if (typeof right === "string" || isJoinable(right)) return repeated(right, left);
  return multiply(left, right);
}

/** No prompt needs a longer list; a template that asks for one would take all memory. */
const longestList = 1_000_000;

function repeated(value: string | unknown[], count: unknown): unknown {
  const times = Math.max(0, integerOf(count));
  if (typeof value === "string") return value.repeat(times);
  if (times * value.length > longestList) throw new RangeError(`a list of ${times * value.length} entries`);
  const entries = Array.from({ length: times }, () => Array.from(value)).flat(1);
  return value instanceof Tuple ? Tuple.from(entries) : entries;
}

function raised(left: unknown, right: unknown): unknown {
  const exponent = numberOf(right);
  if (isFloat(left) || isFloat(right) || exponent >= 0) {
    const result = power(left, right);
    if (Number.isFinite(numberOf(left)) && Number.isFinite(exponent) && !Number.isFinite(numberOf(result)))
      failed(`${shown(left)} ** ${shown(right)} has no real value.`);
    return result;
  }
  return float(nonZero(numberOf(left)) ** exponent);
}

function nonZero(value: number): number {
  return value === 0 ? failed("Division by zero.") : value;
}

/** Operators with two sides, by their spelling. `and` and `or` are not here: they don't always look at both. */
export const binaryOperators: Readonly<Record<string, Operator>> = {
  "+": plus,
  "-": arithmetic("-", (a, b) => a - b),
  "*": times,
  "/": (left, right) => {
    arithmetic("/", () => 0)(left, right);
    return float(numberOf(left) / nonZero(numberOf(right)));
  },
  "//": arithmetic("//", (a, b) => Math.floor(a / nonZero(b))),
  "%": (left, right) => (typeof left === "string" ? percentFormat(left, right) : remainder(left, right)),
  "**": raised,
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
