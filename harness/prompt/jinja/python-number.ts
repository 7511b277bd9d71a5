import { Float, failed, numberOf, repr, shown, str } from "./values.ts";

/** A number with a fixed number of decimals, halves to the even side, as Python rounds; JavaScript rounds halves up. */
export function fixed(value: number, digits: number): string {
  const rounded = value.toFixed(digits);
  const exact = value.toFixed(Math.min(100, digits + 60));
  const point = exact.indexOf(".");
  const behind = exact.slice(point + 1 + digits);
  if (Math.abs(value) >= 1e21 || !/^50*$/.test(behind)) return rounded;
  const cut = digits === 0 ? exact.slice(0, point) : exact.slice(0, point + 1 + digits);
  return /[02468]$/.test(cut) ? cut : rounded;
}

/** Python's `round(value, digits)` of a float. */
export function roundHalfEven(value: number, digits: number): number {
  if (!Number.isFinite(value)) return value;
  if (digits >= 0) return Number(fixed(value, Math.min(digits, 100)));
  const unit = 10 ** -digits;
  return Number(fixed(value / unit, 0)) * unit;
}

interface Spec {
  fill: string;
  align: string;
  sign: string;
  alternate: boolean;
  width: number;
  group: string;
  precision: number | undefined;
  type: string;
}

const specPattern = /^(?:([\s\S])?([<>=^]))?([-+ ]?)(#?)(0?)(\d*)([,_]?)(?:\.(\d+))?([a-zA-Z%]?)$/u;

/** Python's `format(value, spec)`. @throws TemplateError for what we don't speak (`e`, `g`, `c`, `n`) */
export function formatValue(value: unknown, written: string): string {
  if (written === "") return str(value);
  const parts = specPattern.exec(written);
  if (!parts) return failed(`The format ${JSON.stringify(written)} is not supported.`);
  const [, fill, align, sign = "", hash, zero, width, group = "", precision, type = ""] = parts;
  const spec: Spec = {
    fill: fill ?? (zero ? "0" : " "),
    align: align ?? (zero ? "=" : ""),
    sign,
    alternate: hash === "#",
    width: Number(width || 0),
    group,
    precision: precision === undefined ? undefined : Number(precision),
    type,
  };
  if (typeof value === "string") return formatText(value, spec);
  if (typeof value !== "number" && typeof value !== "boolean" && !(value instanceof Float))
    return failed(`${shown(value)} takes no format.`);
  return formatNumber(value, spec);
}

function formatText(value: string, spec: Spec): string {
  if (!["", "s"].includes(spec.type) || spec.sign || spec.group || spec.alternate || spec.align === "=")
    failed(`Text can't be formatted as "${spec.type}".`);
  const text = spec.precision === undefined ? value : [...value].slice(0, spec.precision).join("");
  return pad(text, { ...spec, align: spec.align || "<" });
}

function formatNumber(value: unknown, spec: Spec): string {
  const number = numberOf(value);
  const isWhole = (typeof value === "number" && Number.isInteger(value)) || typeof value === "boolean";
  const digits = digitsOf(Math.abs(number), { ...spec, isWhole });
  const negative = number < 0 || Object.is(number, -0);
  const sign = negative ? "-" : spec.sign === "-" ? "" : spec.sign;
  if (spec.align === "=") return sign + pad(digits, { ...spec, align: ">", width: spec.width - sign.length });
  return pad(sign + digits, { ...spec, align: spec.align || ">" });
}

const bases: Record<string, number> = { b: 2, o: 8, x: 16, X: 16 };

function digitsOf(size: number, spec: Spec & { isWhole: boolean }): string {
  const { type, isWhole, precision } = spec;
  const base = bases[type];
  if (base !== undefined) {
    if (!isWhole || precision !== undefined) failed(`"${type}" takes a whole number.`);
    const text = (spec.alternate ? `0${type}` : "") + size.toString(base);
    return type === "X" ? text.toUpperCase() : text;
  }
  if (type === "f" || type === "F") return grouped(fixed(size, precision ?? 6), spec.group);
  if (type === "%") return `${grouped(fixed(size * 100, precision ?? 6), spec.group)}%`;
  if (precision !== undefined || !["", "d"].includes(type) || (type === "d" && !isWhole))
    failed(`The format "${precision === undefined ? "" : `.${precision}`}${type}" of ${size} is not supported.`);
  return grouped(isWhole ? String(size) : repr(size), spec.group);
}

function grouped(digits: string, mark: string): string {
  if (mark === "") return digits;
  const [front = "", ...rest] = digits.split(".");
  return [front.replace(/\B(?=(\d{3})+$)/g, mark), ...rest].join(".");
}

function pad(text: string, { fill, align, width }: Pick<Spec, "fill" | "align" | "width">): string {
  const missing = Math.max(0, width - [...text].length);
  const before = align === ">" ? missing : align === "^" ? Math.floor(missing / 2) : 0;
  return fill.repeat(before) + text + fill.repeat(missing - before);
}
