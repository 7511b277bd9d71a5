/**
 * JSON with one spelling a value: keys sorted by UTF-16 code units, no white space (RFC 8785 for everything but exotic
 * numbers, which JavaScript already writes the way the RFC asks). Lone surrogates are escaped.
 *
 * @throws TypeError on NaN, Infinity, functions, symbols and BigInt: none of them has a place in a record.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError(`${value} can't be written as JSON`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return arrayJson(value);
  if (typeof value === "object") return objectJson(value as Record<string, unknown>);
  throw new TypeError(`${typeof value} can't be written as JSON`);
}

// Text is put together piece by piece: every setup, request and data file goes through here.
function arrayJson(value: readonly unknown[]): string {
  let text = "";
  for (const entry of value) text += `${text === "" ? "" : ","}${canonicalJson(entry ?? null)}`;
  return `[${text}]`;
}

function objectJson(value: Record<string, unknown>): string {
  let text = "";
  for (const key of Object.keys(value).sort()) {
    if (value[key] !== undefined)
      text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${canonicalJson(value[key])}`;
  }
  return `{${text}}`;
}
