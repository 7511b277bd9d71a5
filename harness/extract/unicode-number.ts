const minus = new Set("-−﹣－负負");
const plus = new Set("+＋﹢正");
const separators = new Set(",，﹐、٬ \u00a0\u202f\u2009\u2007\u2008'’ʼ＇");
const exponentDigits = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** Chinese and Japanese numerals, their forms for documents among them. */
const hanDigits = new Map(
  ["零〇○", "一壹幺", "二贰貳两兩", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖"].flatMap(
    (signs, value) => [...signs].map((sign) => [sign, value] as const),
  ),
);
const hanTens = new Map([
  ["廿", 20],
  ["卅", 30],
  ["卌", 40],
]);
const hanUnits = new Map(
  ["十拾", "百佰", "千仟", "万萬"].flatMap((signs, index) =>
    [...signs].map((sign) => [sign, 10 ** (index + 1)] as const),
  ),
);
hanUnits.set("亿", 1e8).set("億", 1e8).set("兆", 1e12);
const hanPoint = /[点點．.]/u;

/**
 * The value of a text that is a number as a whole: Python's `float`, then what Inspect adds to it, which is other minus signs, digits
 * of any script, "2½", "10³", and Chinese numerals. Signs that are whole numbers by themselves are read where Unicode can take them
 * apart ("⑫", "Ⅻ").
 *
 * @see https://github.com/UKGovernmentBEIS/inspect_ai/blob/main/src/inspect_ai/scorer/_unicode.py
 */
export function unicodeNumber(written: string): number | undefined {
  const value = pythonFloat(asciiDigits(written)) ?? signedNumber(written);
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

function pythonFloat(text: string): number | undefined {
  const isNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text);
  const value = isNumber ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

function signedNumber(written: string): number | undefined {
  let [sign, rest] = [1, [...written]];
  while (rest[0] !== undefined && (minus.has(rest[0]) || plus.has(rest[0]))) {
    if (minus.has(rest[0])) sign = -sign;
    rest = rest.slice(1);
  }
  const own = rest.length === 1 ? signValue(rest[0] ?? "") : undefined;
  if (own !== undefined) return sign * own;
  const { base, exponent } = splitExponent(rest);
  const value = withFraction(base);
  if (value === undefined) return undefined;
  return exponent === undefined ? sign * value : (sign * value) ** exponent;
}

/** Parts "10³" into 10 and 3. An exponent alone is none. */
function splitExponent(signs: readonly string[]): { base: readonly string[]; exponent?: number } {
  const end = signs.findLastIndex((sign) => !separators.has(sign)) + 1;
  const lastOther = signs.findLastIndex((sign, at) => at < end && !exponentDigits.includes(sign));
  if (lastOther + 1 === end) return { base: signs };
  const hasSign = signs[lastOther] === "⁻" || signs[lastOther] === "⁺";
  const start = hasSign ? lastOther : lastOther + 1;
  if (start === 0) return { base: signs };
  const size = Number(
    signs
      .slice(lastOther + 1, end)
      .map((sign) => exponentDigits.indexOf(sign))
      .join(""),
  );
  return { base: signs.slice(0, start), exponent: hasSign && signs[lastOther] === "⁻" ? -size : size };
}

/** A number with at most one sign for a fraction, at its end. */
function withFraction(signs: readonly string[]): number | undefined {
  const isFraction = (sign: string) =>
    sign.charCodeAt(0) > 127 && (signValue(sign) ?? 0) > 0 && (signValue(sign) ?? 1) < 1;
  const at = signs.findIndex(isFraction);
  if (at < 0) return plainNumber(signs);
  if (signs.slice(at + 1).some((sign) => !separators.has(sign))) return undefined;
  const whole = at === 0 ? 0 : plainNumber(signs.slice(0, at));
  return whole === undefined ? undefined : whole + (signValue(signs[at] ?? "") ?? 0);
}

function plainNumber(signs: readonly string[]): number | undefined {
  if (signs.length === 0) return undefined;
  const isHan = signs.some(
    (sign) => hanDigits.has(sign) || hanTens.has(sign) || hanUnits.has(sign) || /[点點负負正]/u.test(sign),
  );
  const han = isHan ? hanNumber(signs.join("")) : undefined;
  return han ?? digitsOf(signs) ?? (signs.length === 1 ? signValue(signs[0] ?? "") : undefined);
}

/** Digits of any scripts with one decimal point, separators between groups, and an exponent behind "e". */
function digitsOf(signs: readonly string[]): number | undefined {
  let text = "";
  for (const sign of signs) {
    const digit = digitOf(sign);
    if (digit !== undefined) text += digit;
    else if (".．٫".includes(sign)) text += ".";
    else if (/e$/i.test(text) && (minus.has(sign) || plus.has(sign))) text += minus.has(sign) ? "-" : "+";
    else if (sign === "e" || sign === "E") text += sign;
    else if (!separators.has(sign)) return undefined;
  }
  return pythonFloat(text);
}

function hanNumber(text: string): number | undefined {
  const [front = "", ...behind] = text.split(hanPoint);
  const whole = /[十拾百佰千仟万萬亿億兆廿卅卌]/u.test(front) ? hanWithUnits([...front]) : Number(digitString(front));
  if (whole === undefined || behind.length > 1 || Number.isNaN(whole)) return undefined;
  const decimals = digitString(behind[0] ?? "");
  return decimals === undefined ? undefined : Number(`${whole}.${decimals || "0"}`);
}

function digitString(text: string): string | undefined {
  const digits = [...text].map(digitOf);
  return digits.includes(undefined) ? undefined : digits.join("");
}

/** "三千五百万": units up to a thousand within a section, larger ones behind it. */
function hanWithUnits(signs: readonly string[]): number | undefined {
  let [total, section, digit] = [0, 0, 0];
  for (const sign of signs) {
    const unit = hanUnits.get(sign);
    const value = digitOf(sign);
    if (hanTens.has(sign)) section += hanTens.get(sign) ?? 0;
    else if (value !== undefined) digit = "零〇○".includes(sign) ? digit : Number(value);
    else if (unit === undefined) return undefined;
    else if (unit < 10_000) [section, digit] = [section + (digit || 1) * unit, 0];
    else [total, section, digit] = [total + (section + digit) * unit, 0, 0];
  }
  return total + section + digit;
}

function asciiDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (sign) => digitOf(sign) ?? sign);
}

/** The digit that a sign stands for, in ASCII. Decimal digits come in runs of ten, whose first is a zero. */
function digitOf(sign: string): string | undefined {
  if (/^\d$/.test(sign)) return sign;
  const compatible = /^\(?(\d)[.)]?$/.exec(sign.normalize("NFKC"));
  if (compatible) return compatible[1];
  if (/^\p{Nd}$/u.test(sign)) {
    const code = sign.codePointAt(0) ?? 0;
    let start = code;
    while (/^\p{Nd}$/u.test(String.fromCodePoint(start - 1))) start -= 1;
    return String((code - start) % 10);
  }
  const han = hanDigits.get(sign);
  return han === undefined ? undefined : String(han);
}

const roman = new Map(Object.entries({ i: 1, v: 5, x: 10, l: 50, c: 100, d: 500, m: 1000 }));

/** The value of one sign that is a number by itself: ½, ⑫, Ⅻ, 十. */
function signValue(sign: string): number | undefined {
  const digit = digitOf(sign);
  if (digit !== undefined) return Number(digit);
  const known = hanTens.get(sign) ?? hanUnits.get(sign);
  if (known !== undefined) return known;
  const compatible = sign.normalize("NFKC").toLowerCase();
  const [, top, bottom] = /^(\d+)\u2044(\d+)$/.exec(compatible) ?? [];
  if (top !== undefined) return Number(top) / Number(bottom);
  const whole = /^\(?(\d+)[.)]?$/.exec(compatible)?.[1];
  if (whole !== undefined) return Number(whole);
  return /\p{Nl}/u.test(sign) && /^[ivxlcdm]+$/.test(compatible) ? romanValue(compatible) : undefined;
}

function romanValue(letters: string): number {
  const values = [...letters].map((letter) => roman.get(letter) ?? 0);
  return values.reduce((sum, value, at) => sum + (value < (values[at + 1] ?? 0) ? -value : value), 0);
}
