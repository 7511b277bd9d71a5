import { isUtf8 } from "node:buffer";
import type { ParquetParsers } from "hyparquet";
import type { RowValue } from "../types.ts";

/** Text stays as it is, dates become ISO 8601 without losing what lies below the millisecond. */
export const parsers: Partial<ParquetParsers> = {
  stringFromBytes: (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : textOf(bytes)),
  dateFromDays: (days: number | undefined) =>
    days == null ? undefined : isoFrom(BigInt(days) * 86_400_000n, 0n, 0).slice(0, 10),
  timestampFromMilliseconds: (value: bigint | undefined) => (value == null ? undefined : isoFrom(value, 0n, 0)),
  timestampFromMicroseconds: (value: bigint | undefined) =>
    value == null ? undefined : isoFrom(floorDivide(value, 1_000n), floorRemainder(value, 1_000n), 3),
  timestampFromNanoseconds: (value: bigint | undefined) =>
    value == null ? undefined : isoFrom(floorDivide(value, 1_000_000n), floorRemainder(value, 1_000_000n), 6),
};

/**
 * What the decoder gives, as strict JSON: a missing value is `null`, an integer beyond 2^53 its decimal text, bytes are text
 * where they are UTF-8 (older writers don't mark strings) and base64 where not, NaN is `null`, infinities are named.
 */
export function toJson(value: unknown): RowValue {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return numberToJson(value);
    case "bigint":
      return bigintToJson(value);
    case "object":
      return value === null ? null : objectToJson(value);
    default:
      return null;
  }
}

/** Lists and structs are the decoder's own, made for one row, so they are converted where they are. */
function objectToJson(value: object): RowValue {
  if (Array.isArray(value)) return listToJson(value);
  if (value instanceof Uint8Array) return bytesToJson(value);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>, toJson);
  if (value instanceof Date) return value.toISOString();
  const struct = value as Record<string, unknown>;
  for (const name of Object.keys(struct)) struct[name] = toJson(struct[name]);
  return struct as RowValue;
}

function listToJson(list: unknown[]): RowValue {
  for (let at = 0; at < list.length; at += 1) list[at] = toJson(list[at]);
  return list as RowValue;
}

function numberToJson(value: number): RowValue {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? null : String(value);
}

const bigintToJson = (value: bigint): RowValue => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
};

function bytesToJson(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return buffer.toString(isUtf8(buffer) ? "utf8" : "base64");
}

function textOf(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (!isUtf8(buffer)) throw new Error("a text column holds bytes that are not UTF-8");
  return buffer.toString("utf8");
}

function isoFrom(milliseconds: bigint, below: bigint, digits: number): string {
  const iso = new Date(Number(milliseconds)).toISOString();
  return below === 0n ? iso : `${iso.slice(0, -1)}${below.toString().padStart(digits, "0")}Z`;
}

const floorRemainder = (value: bigint, by: bigint): bigint => ((value % by) + by) % by;
const floorDivide = (value: bigint, by: bigint): bigint => (value - floorRemainder(value, by)) / by;
