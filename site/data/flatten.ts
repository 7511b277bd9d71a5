/** A field of a nested record with its path. */
export interface Field {
  path: string;
  value: string;
}

/** Every field of a record, by path, in the record's order. `null` is "not recorded", never a default. */
export function flatten(value: unknown, path = ""): Field[] {
  if (value === null || value === undefined) return [{ path, value: "not recorded" }];
  if (value === "") return [{ path, value: "empty" }];
  if (typeof value !== "object") return [{ path, value: typeof value === "string" ? value : JSON.stringify(value) }];
  const entries = Object.entries(value);
  if (entries.length === 0) return [{ path, value: "none" }];
  if (Array.isArray(value) && value.every((entry) => typeof entry !== "object")) {
    return [{ path, value: value.map((entry) => JSON.stringify(entry)).join(", ") }];
  }
  return entries.flatMap(([key, entry]) => flatten(entry, path ? `${path}.${key}` : key));
}
