import type { Row } from "../types.ts";
import { type ContentPlace, malformed } from "./malformed.ts";

/** A parsed JSON value as a row. @throws ContentError `DATA_MALFORMED` if it is anything but an object */
export function toRow(value: unknown, place: ContentPlace): Row {
  if (value !== null && typeof value === "object" && !Array.isArray(value)) return value as Row;
  const kind = value === null ? "null" : Array.isArray(value) ? "a list" : `a ${typeof value}`;
  throw malformed(place, `A row must be a JSON object with named columns, and this is ${kind}.`);
}
