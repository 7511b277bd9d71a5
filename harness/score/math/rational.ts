/** A number known exactly; the denominator is positive. */
export interface Rational {
  over: bigint;
  under: bigint;
}

const digits = String.raw`\d+(?:\.\d*)?|\.\d+`;
const plain = new RegExp(`^(${digits})$`);
const slash = new RegExp(String.raw`^(${digits})\s*\/\s*(${digits})$`);
const fraction = /^\\frac\{\s*(-?[\d.]+)\s*\}\{\s*(-?[\d.]+)\s*\}$/;
const mixed = /^(\d+)\s*(?:\\frac\{\s*(\d+)\s*\}\{\s*(\d+)\s*\}|\s(\d+)\s*\/\s*(\d+))$/;
const scientific = new RegExp(String.raw`^(${digits})\s*(?:\\times|\*)\s*10\s*\^\s*\{?\s*(-?\d{1,3})\s*\}?$`);
const powerOfTen = /^10\s*\^\s*(?:(\d)|\{\s*(-?\d{1,3})\s*\})$/;
const exponent = new RegExp(String.raw`^(${digits})[eE]([+-]?\d{1,3})$`);

/** Reads an integer, decimal, fraction, mixed number or power of ten; `undefined` where the text is none of these. */
export function readRational(text: string): Rational | undefined {
  const trimmed = text.trim();
  const negative = /^[-+]/.test(trimmed);
  const value = readUnsigned(negative ? trimmed.slice(1).trim() : trimmed.replace(/^\{(.*)\}$/, "$1"));
  return value && trimmed.startsWith("-") ? { over: -value.over, under: value.under } : value;
}

function readUnsigned(text: string): Rational | undefined {
  const grouped = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(text) ? text.replaceAll(",", "") : text;
  let match = plain.exec(grouped);
  if (match) return decimal(match[1]);
  match = slash.exec(text) ?? fraction.exec(text);
  if (match) return divide(decimal(match[1]), decimal(match[2]));
  match = mixed.exec(text);
  if (match) {
    const part = divide(decimal(match[2] ?? match[4]), decimal(match[3] ?? match[5]));
    return part && { over: BigInt(match[1] ?? 0) * part.under + part.over, under: part.under };
  }
  match = powerOfTen.exec(text);
  if (match) return shift({ over: 1n, under: 1n }, Number(match[1] ?? match[2]));
  match = scientific.exec(text) ?? exponent.exec(text);
  const base = match && decimal(match[1]);
  return base ? shift(base, Number(match?.[2])) : undefined;
}

function decimal(text: string | undefined): Rational | undefined {
  const match = /^(-?)(\d*)\.?(\d*)$/.exec(text ?? "");
  if (!match || `${match[2]}${match[3]}` === "") return undefined;
  const over = BigInt(`${match[2]}${match[3]}`);
  return { over: match[1] ? -over : over, under: 10n ** BigInt(match[3]?.length ?? 0) };
}

function divide(a: Rational | undefined, b: Rational | undefined): Rational | undefined {
  if (!a || !b || b.over === 0n) return undefined;
  const sign = b.over < 0n ? -1n : 1n;
  return { over: sign * a.over * b.under, under: sign * a.under * b.over };
}

function shift({ over, under }: Rational, power: number): Rational {
  return power < 0 ? { over, under: under * 10n ** BigInt(-power) } : { over: over * 10n ** BigInt(power), under };
}

/** Whether two exact numbers are the same. */
export function sameRational(a: Rational, b: Rational): boolean {
  return a.over * b.under === b.over * a.under;
}
