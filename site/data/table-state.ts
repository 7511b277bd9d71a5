/** What a reader asked of a table. Lives in the address, so that a link shows what its sender saw. */
export interface TableState {
  /** Words that a row has to hold. */
  q: string;
  /** Column id and direction; `null`: as built. */
  sort: { column: string; descending: boolean } | null;
  /** Ids of columns that are hidden, in the table's order. */
  hide: string[];
  /** Ids of the rows to show; empty: all. */
  rows: string[];
  weights: "" | "open" | "closed";
  size: "" | "lt10" | "10to40" | "gt40";
  licence: string;
  /** `YYYY-MM`: released then or later. */
  from: string;
  /** Only rows that have every task. */
  common: boolean;
}

/** A table as built. */
export const plainState: TableState = {
  q: "",
  sort: null,
  hide: [],
  rows: [],
  weights: "",
  size: "",
  licence: "",
  from: "",
  common: false,
};

/** Other names that links may use, such as other leaderboards' links do; written back under the first. */
const aliases: Record<string, [key: string, value?: Record<string, string>]> = {
  lic: ["licence"],
  models: ["rows"],
  open: ["weights", { "1": "open", "0": "closed" }],
};
const keys = ["q", "sort", "hide", "rows", "weights", "size", "licence", "from", "common"] as const;

/** A state with what in the address made no sense and was left aside. */
export interface ParsedState {
  state: TableState;
  ignored: string[];
}

/**
 * Reads a query string.
 *
 * @param columns ids of the table's columns: others are ignored, and said so
 */
export function parseState(query: string, columns: readonly string[]): ParsedState {
  const found = underFirstNames(new URLSearchParams(query));
  const ignored: string[] = [];
  const oneOf = <T extends string>(key: string, values: readonly T[]): T | "" => {
    const value = found.get(key) ?? "";
    if (value === "" || values.includes(value as T)) return value as T | "";
    ignored.push(`${key}=${value}`);
    return "";
  };
  const known = (id: string, key: string) => {
    if (!columns.includes(id)) ignored.push(`${key}=${id}`);
    return columns.includes(id);
  };
  const sort = found.get("sort") ?? "";
  const column = sort.replace(/^-/, "");
  const hide = (found.get("hide") ?? "").split(",").filter((id) => id !== "" && known(id, "hide"));
  const from = found.get("from") ?? "";
  if (from !== "" && !isMonth(from)) ignored.push(`from=${from}`);
  return {
    state: {
      q: found.get("q") ?? "",
      sort: sort !== "" && known(column, "sort") ? { column, descending: sort.startsWith("-") } : null,
      hide: columns.filter((id) => hide.includes(id)),
      rows: [...new Set((found.get("rows") ?? "").split(",").filter((id) => id !== ""))],
      weights: oneOf("weights", ["open", "closed"]),
      size: oneOf("size", ["lt10", "10to40", "gt40"]),
      licence: found.get("licence") ?? "",
      from: isMonth(from) ? from : "",
      common: oneOf("common", ["1"]) === "1",
    },
    ignored,
  };
}

/** Writes a state as a query string: keys in a fixed order, defaults left out, keys that aren't ours kept behind. */
export function stateQuery(state: TableState, before = ""): string {
  const query = new URLSearchParams();
  const set = (key: string, value: string) => {
    if (value !== "") query.set(key, value);
  };
  set("q", state.q);
  set("sort", state.sort === null ? "" : `${state.sort.descending ? "-" : ""}${state.sort.column}`);
  set("hide", state.hide.join(","));
  set("rows", state.rows.join(","));
  set("weights", state.weights);
  set("size", state.size);
  set("licence", state.licence);
  set("from", state.from);
  set("common", state.common ? "1" : "");
  for (const [key, value] of new URLSearchParams(before)) {
    if (!(keys as readonly string[]).includes(key) && !Object.hasOwn(aliases, key)) query.append(key, value);
  }
  return query.toString();
}

function underFirstNames(query: URLSearchParams): URLSearchParams {
  for (const [alias, [key, values]] of Object.entries(aliases)) {
    const value = query.get(alias);
    if (value !== null && !query.has(key)) query.set(key, values?.[value] ?? value);
  }
  return query;
}

function isMonth(text: string): boolean {
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(text);
}
