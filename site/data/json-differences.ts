import type { Json } from "@assay/harness/contracts";

/** A place in which two values differ. */
export interface JsonDifference {
  path: string;
  here: Json;
  there: Json;
}

/** Every place in which two JSON values differ, by path; lists are compared as wholes. */
export function jsonDifferences(here: Json, there: Json, path = ""): JsonDifference[] {
  if (isObject(here) && isObject(there)) {
    return [...new Set([...Object.keys(here), ...Object.keys(there)])].flatMap((key) =>
      jsonDifferences(here[key] ?? null, there[key] ?? null, path ? `${path}.${key}` : key),
    );
  }
  return JSON.stringify(here) === JSON.stringify(there) ? [] : [{ path, here, there }];
}

function isObject(value: Json): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
