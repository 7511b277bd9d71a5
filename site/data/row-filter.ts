import type { TableState } from "./table-state.ts";

/** What a filter looks at in a row. A fact that isn't known is `undefined`, and fails every filter on it. */
export interface RowFacts {
  id: string;
  text: string;
  weights: string | undefined;
  /** In billions. */
  parameters: number | undefined;
  licence: string | undefined;
  released: string | undefined;
  complete: boolean;
}

/** Whether a row stays under a state's filters. */
export function isShown(facts: RowFacts, state: TableState): boolean {
  const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
  const text = facts.text.toLowerCase();
  return (
    (state.rows.length === 0 || state.rows.includes(facts.id)) &&
    words.every((word) => text.includes(word)) &&
    (state.weights === "" || facts.weights === state.weights) &&
    (state.size === "" || isOfSize(facts.parameters, state.size)) &&
    (state.licence === "" || facts.licence === state.licence) &&
    (state.from === "" || (facts.released ?? "") >= state.from) &&
    (!state.common || facts.complete)
  );
}

function isOfSize(billions: number | undefined, size: TableState["size"]): boolean {
  if (billions === undefined) return false;
  if (size === "lt10") return billions < 10;
  return size === "gt40" ? billions > 40 : billions >= 10 && billions <= 40;
}

/** Orders numbers or texts; what isn't there comes last in either direction. */
export function compareValues(a: string | null, b: string | null, type: "number" | "text"): number {
  if (a === null || a === "" || b === null || b === "")
    return Number(a === null || a === "") - Number(b === null || b === "");
  return type === "number" ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0;
}
