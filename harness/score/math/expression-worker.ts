// Runs in a worker that is ended when an expression takes too long: some never finish (9^{9^{9^{9}}}).
import { parentPort } from "node:worker_threads";
import { ComputeEngine } from "@cortex-js/compute-engine";
import type { ExpressionPair } from "./equal-answers.ts";

type Expression = NonNullable<ReturnType<ComputeEngine["parse"]>>;
type Point = Record<string, number>;
type Value = { re: number; im: number };

const engine = new ComputeEngine();
engine.precision = "machine";

/** Where expressions must have one value: fixed, unremarkable, positive, so that roots and logarithms are defined. */
const samples = [0.7310585786, 1.3132616875, 2.0604827164, 0.3743110391, 3.4401896986];
const tolerance = 1e-9;

function parse(latex: string): Expression | undefined {
  const expression = engine.parse(latex.replace(/\\degree/g, "\\cdot\\frac{\\pi}{180}"));
  return expression?.isValid && !JSON.stringify(expression.json).includes('"Error"') ? expression : undefined;
}

function valueAt(expression: Expression, point: Point): Value | undefined {
  const value = expression.subs(point).N();
  const [re, im] = [value.re, value.im];
  return Number.isFinite(re) && Number.isFinite(im) ? { re, im } : undefined;
}

function points(expressions: readonly Expression[]): Point[] {
  const names = [...new Set(expressions.flatMap((expression) => expression.unknowns))].sort();
  if (names.length === 0) return [{}];
  return samples.map((_, turn) =>
    Object.fromEntries(names.map((name, at) => [name, (samples[(turn + 2 * at) % samples.length] ?? 1) + at * 0.173])),
  );
}

/** The same points with one unknown below zero, where |x| and x part. */
function beyondZero(point: Point): Point[] {
  return Object.entries(point).map(([name, value]) => ({ ...point, [name]: -value }));
}

function isClose(a: Value, b: Value): boolean {
  // Doubles hold whole numbers exactly: two of them are the same or not, however large.
  if ([a.re, b.re].every((part) => Number.isInteger(part) && Math.abs(part) < 2 ** 40) && a.re !== b.re) return false;
  const size = Math.max(Math.hypot(a.re, a.im), Math.hypot(b.re, b.im));
  return Math.hypot(a.re - b.re, a.im - b.im) <= tolerance * Math.max(size, 1e-12);
}

function equalExpressions(a: string, b: string): boolean {
  const [left, right] = [parse(a), parse(b)];
  if (!left || !right) return false;
  if (left.unknowns.join() !== right.unknowns.join() && (left.unknowns.length === 0 || right.unknowns.length === 0))
    return false;
  const tried = points([left, right]);
  let seen = 0;
  for (const point of tried) {
    const [one, other] = [valueAt(left, point), valueAt(right, point)];
    if (!one !== !other) return false;
    if (!one || !other) continue;
    if (!isClose(one, other)) return false;
    seen += 1;
  }
  return (
    seen > 0 &&
    tried
      .slice(0, 2)
      .flatMap(beyondZero)
      .every((point) => agreeWhereReal(left, right, point))
  );
}

/** Below zero, many an expression is complex or has no value: where either is, nothing is said. */
function agreeWhereReal(left: Expression, right: Expression, point: Point): boolean {
  const [one, other] = [valueAt(left, point), valueAt(right, point)];
  const isReal = (value: Value | undefined): value is Value => value !== undefined && Math.abs(value.im) < tolerance;
  return !isReal(one) || !isReal(other) || isClose(one, other);
}

/** The same solutions: the difference of the sides differs by a constant factor only. */
function equalEquations(a: [string, string], b: [string, string]): boolean {
  const sides = [...a, ...b].map(parse);
  if (sides.some((side) => side === undefined)) return false;
  const [la, ra, lb, rb] = sides as [Expression, Expression, Expression, Expression];
  let factor: number | undefined;
  for (const point of points([la, ra, lb, rb])) {
    const [one, other] = [difference(la, ra, point), difference(lb, rb, point)];
    if (one === undefined || other === undefined || Math.abs(other) < 1e-12) return false;
    const ratio = one / other;
    if (Math.abs(ratio) < 1e-12 || (factor !== undefined && Math.abs(ratio - factor) > 1e-9 * Math.abs(factor)))
      return false;
    factor = ratio;
  }
  return factor !== undefined;
}

function difference(left: Expression, right: Expression, point: Point): number | undefined {
  const [a, b] = [valueAt(left, point), valueAt(right, point)];
  return a && b && a.im === 0 && b.im === 0 ? a.re - b.re : undefined;
}

function judge(pair: ExpressionPair): boolean {
  try {
    return pair.kind === "expressions" ? equalExpressions(pair.a, pair.b) : equalEquations(pair.a, pair.b);
  } catch {
    return false;
  }
}

parentPort?.on("message", (pair: ExpressionPair) => parentPort?.postMessage(judge(pair)));
parentPort?.postMessage("ready");
