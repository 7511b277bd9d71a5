import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareValues, isShown } from "./row-filter.ts";
import { parseState, plainState, stateQuery, type TableState } from "./table-state.ts";

const columns = ["rank", "model", "mean", "planets.chat.b7ee01665c.exact_match-stated", "cost"];

const states: fc.Arbitrary<TableState> = fc.record({
  q: fc.string({ unit: "grapheme" }),
  sort: fc.option(fc.record({ column: fc.constantFrom(...columns), descending: fc.boolean() })),
  hide: fc.subarray(columns),
  rows: fc.subarray(["acme--atlas-8b", "borealis--north-1", "quarry--granule"]),
  weights: fc.constantFrom("", "open", "closed"),
  size: fc.constantFrom("", "lt10", "10to40", "gt40"),
  licence: fc.string(),
  from: fc.constantFrom("", "2025-01", "2026-12"),
  common: fc.boolean(),
});

describe("the state of a table in the address", () => {
  test("comes back as it went", () => {
    fc.assert(
      fc.property(states, (state) => {
        expect(parseState(stateQuery(state), columns)).toEqual({ state, ignored: [] });
      }),
    );
  });

  test("keeps keys that are not its own, whatever they are", () => {
    fc.assert(
      fc.property(states, fc.string(), (state, value) => {
        const query = stateQuery(state, new URLSearchParams({ utm: value, q: "old" }).toString());
        expect(new URLSearchParams(query).get("utm")).toBe(value);
        expect(parseState(query, columns).state).toEqual(state);
      }),
    );
  });

  test("survives any query at all", () => {
    fc.assert(
      fc.property(fc.string(), (query) => {
        const { state } = parseState(query, columns);
        expect(parseState(stateQuery(state), columns).state).toEqual(state);
      }),
    );
  });

  test("is empty for a table as built, and keeps a fixed order", () => {
    expect(stateQuery(plainState)).toBe("");
    const state: TableState = { ...plainState, q: "a b", sort: { column: "mean", descending: true }, hide: ["cost"] };
    expect(stateQuery(state, "hide=rank&q=old&z=1")).toBe("q=a+b&sort=-mean&hide=cost&z=1");
  });

  test("is read under other names too, and written under one", () => {
    const query = "lic=MIT&models=acme--atlas-8b,quarry--granule&open=1&utm=x";
    const { state, ignored } = parseState(query, columns);
    expect(state).toEqual({
      ...plainState,
      licence: "MIT",
      rows: ["acme--atlas-8b", "quarry--granule"],
      weights: "open",
    });
    expect(ignored).toEqual([]);
    expect(stateQuery(state, query)).toBe("rows=acme--atlas-8b%2Cquarry--granule&weights=open&licence=MIT&utm=x");
    expect(parseState("open=0&weights=open", columns).state.weights).toBe("open");
    expect(parseState("open=perhaps", columns).ignored).toEqual(["weights=perhaps"]);
  });

  test("says what it didn't understand", () => {
    const { state, ignored } = parseState("sort=-beauty&hide=cost,charm&weights=ajar&from=2025-13", columns);
    expect(state).toEqual({ ...plainState, hide: ["cost"] });
    expect(ignored).toEqual(["hide=charm", "from=2025-13", "sort=beauty", "weights=ajar"]);
  });
});

describe("filters", () => {
  const facts = {
    id: "acme--atlas-8b",
    text: "Acme Atlas",
    weights: "open",
    parameters: 8,
    licence: undefined,
    released: "2026-02",
    complete: true,
  };
  test("want all words, in any order and case", () => {
    expect(isShown(facts, { ...plainState, q: "atlas ACME" })).toBe(true);
    expect(isShown(facts, { ...plainState, q: "atlas borealis" })).toBe(false);
  });
  test("show chosen rows only", () => {
    expect(isShown(facts, { ...plainState, rows: ["acme--atlas-8b"] })).toBe(true);
    expect(isShown(facts, { ...plainState, rows: ["borealis--north-1"] })).toBe(false);
  });
  test("leave out rows that lack the fact", () => {
    expect(isShown(facts, { ...plainState, licence: "MIT" })).toBe(false);
    expect(isShown({ ...facts, parameters: undefined }, { ...plainState, size: "lt10" })).toBe(false);
    expect(isShown({ ...facts, released: undefined }, { ...plainState, from: "2020-01" })).toBe(false);
  });
  test("put a missing value last", () => {
    expect(["3", null, "20"].sort((a, b) => compareValues(a, b, "number"))).toEqual(["3", "20", null]);
    expect(["b", null, "a"].sort((a, b) => compareValues(a, b, "text"))).toEqual(["a", "b", null]);
  });
});
