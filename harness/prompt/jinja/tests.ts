import { type Arguments, bind } from "./arguments.ts";
import { binaryOperators } from "./operators.ts";
import { contains, equals } from "./sequences.ts";
import { isLower, isUpper } from "./text-case.ts";
import {
  Float,
  failed,
  Generator,
  isFloat,
  isMapping,
  isNumber,
  MappingView,
  numberOf,
  shown,
  str,
  Undefined,
} from "./values.ts";

type Test = (value: unknown, args: Arguments) => boolean;

const plain =
  (check: (value: unknown) => boolean) =>
  (name: string): Test =>
  (value, args) => {
    bind(args, { name: `is ${name}`, parameters: [] });
    return check(value);
  };

const against =
  (check: (value: unknown, other: unknown) => unknown) =>
  (name: string): Test =>
  (value, args) =>
    check(value, bind(args, { name: `is ${name}`, parameters: ["other"], needed: 1 })[0]) === true;

const isWhole = (value: unknown) => typeof value === "number" && Number.isInteger(value);

function remainderOf(value: unknown, by: unknown): number {
  return numberOf(binaryOperators["%"]?.(value, by));
}

/** Python's `is`, as far as its answer doesn't depend on how Python stores values. */
function same(value: unknown, other: unknown): boolean {
  const plainValue = (entry: unknown) => entry === null || typeof entry === "boolean";
  const smallWhole = (entry: unknown) => isWhole(entry) && numberOf(entry) >= -5 && numberOf(entry) <= 256;
  if (plainValue(value) || plainValue(other) || (smallWhole(value) && smallWhole(other))) return value === other;
  return failed(`Whether ${shown(value)} is the same object as another can't be said here; compare with ==.`);
}

const iterable = (value: unknown) => {
  if (value instanceof Undefined) value.tolerate();
  return (
    typeof value === "string" ||
    Array.isArray(value) ||
    value instanceof Generator ||
    isMapping(value) ||
    value instanceof Undefined
  );
};
const sequence = (value: unknown) =>
  typeof value === "string" ||
  (Array.isArray(value) && !(value instanceof MappingView)) ||
  isMapping(value) ||
  (value instanceof Undefined && value.lenient);

const compilers: Record<string, (name: string) => Test> = {
  defined: plain((value) => !(value instanceof Undefined)),
  undefined: plain((value) => value instanceof Undefined),
  none: plain((value) => value === null),
  true: plain((value) => value === true),
  false: plain((value) => value === false),
  boolean: plain((value) => typeof value === "boolean"),
  string: plain((value) => typeof value === "string"),
  number: plain(isNumber),
  integer: plain(isWhole),
  float: plain((value) => value instanceof Float || isFloat(value)),
  mapping: plain(isMapping),
  sequence: plain(sequence),
  iterable: plain(iterable),
  callable: plain((value) => typeof value === "function" || value instanceof Undefined),
  odd: plain((value) => remainderOf(value, 2) === 1),
  even: plain((value) => remainderOf(value, 2) === 0),
  divisibleby: against((value, by) => remainderOf(value, by) === 0),
  lower: plain((value) => isLower(str(value))),
  upper: plain((value) => isUpper(str(value))),
  in: against((value, container) => contains(container, value)),
  sameas: against(same),
  eq: against(equals),
  ne: against((value, other) => !equals(value, other)),
};
for (const [names, sign] of [
  [["==", "equalto"], "=="],
  [["!="], "!="],
  [["<", "lt", "lessthan"], "<"],
  [["<=", "le"], "<="],
  [[">", "gt", "greaterthan"], ">"],
  [[">=", "ge"], ">="],
] as const) {
  for (const name of names) compilers[name] = against(binaryOperators[sign] as (a: unknown, b: unknown) => unknown);
}

/** jinja2's tests, but `escaped`, `filter` and `test`. */
export const templateTests: Readonly<Record<string, Test>> = Object.fromEntries(
  Object.entries(compilers).map(([name, compile]) => [name, compile(name)]),
);
