import type { Arguments } from "./arguments.ts";
import { fixed, formatValue } from "./python-number.ts";
import { failed, isFloat, isMapping, numberOf, repr, str, Tuple } from "./values.ts";

/** Python's `str.format`: `{}`, `{0}`, `{name}`, `{:spec}`, `!r` and `!s`. @throws TemplateError for fields of fields */
export function formatFields(text: string, { positional, named }: Arguments): string {
  let next = 0;
  return text.replace(
    /\{\{|\}\}|\{([^{}!:]*)(?:!([rsa]))?(?::((?:[^{}]|\{[^{}]*\})*))?\}|[{}]/g,
    (whole, field, conversion, spec) => {
      if (whole === "{{" || whole === "}}") return whole[0] ?? "";
      if (field === undefined) return failed(`A single "${whole}" stands in a text to be formatted.`);
      if (/[.[]/.test(field) || /\{/.test(spec ?? "") || conversion === "a")
        failed(`The field ${whole} is not supported.`);
      const key = field === "" ? String(next++) : field;
      const value = /^\d+$/.test(key) ? positional[Number(key)] : named[key];
      if (value === undefined) failed(`Nothing is given for the field ${whole}.`);
      return formatValue(conversion === "r" ? repr(value) : conversion === "s" ? str(value) : value, spec ?? "");
    },
  );
}

const directive = /%(?:\((\w+)\))?([-+ 0#]*)(\d*)(?:\.(\d+))?([%a-zA-Z])/g;

/** Python's `%` on text. @throws TemplateError where values and places don't match, and for `%e`, `%g`, `%c` */
export function percentFormat(text: string, right: unknown): string {
  const values: unknown[] = right instanceof Tuple ? Array.from(right) : [right];
  let next = 0;
  const result = text.replace(directive, (whole, name, flags: string, width, precision, type: string) => {
    if (type === "%") return "%";
    let value: unknown;
    if (name === undefined) value = values[next++];
    else if (isMapping(right) && Object.hasOwn(right, name)) value = right[name];
    if (value === undefined) failed(`Nothing is given for ${whole}.`);
    const digits = precision === undefined ? undefined : Number(precision);
    return padded(directiveText(value, { type, flags, digits, whole }), flags, Number(width || 0));
  });
  const isWhole = !(right instanceof Tuple) && (isMapping(right) || Array.isArray(right));
  if (next < values.length && !isWhole) failed("More values are given than the text has places for.");
  return result;
}

interface Directive {
  type: string;
  flags: string;
  digits: number | undefined;
  whole: string;
}

function directiveText(value: unknown, { type, flags, digits, whole }: Directive): string {
  if (type === "s" || type === "r") {
    const text = type === "s" ? str(value) : repr(value);
    return digits === undefined ? text : [...text].slice(0, digits).join("");
  }
  const sign = flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  if (digits === undefined && (type === "d" || type === "i"))
    return formatValue(Math.trunc(numberOf(value)), `${sign}d`);
  if (type === "f" || type === "F") {
    const number = numberOf(value);
    return (number < 0 ? "-" : sign) + fixed(Math.abs(number), digits ?? 6);
  }
  if (digits === undefined && /^[xXo]$/.test(type) && !isFloat(value))
    return formatValue(numberOf(value), `${sign}${flags.includes("#") ? "#" : ""}${type}`);
  return failed(`${whole} is not supported.`);
}

function padded(text: string, flags: string, width: number): string {
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  if (flags.includes("-")) return text + " ".repeat(missing);
  if (!flags.includes("0") || !/^[-+ ]?\d/.test(text)) return " ".repeat(missing) + text;
  const sign = /^[-+ ]/.exec(text)?.[0] ?? "";
  return sign + "0".repeat(missing) + text.slice(sign.length);
}
