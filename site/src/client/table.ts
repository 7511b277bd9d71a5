import { compareValues, isShown, type RowFacts } from "../../data/row-filter.ts";
import { parseState, stateQuery, type TableState } from "../../data/table-state.ts";
import { addCopying } from "./table-copy.ts";
import { prepareForm, writeForm } from "./table-form.ts";

/** Makes a built table sortable and searchable. Rows are moved and hidden, never changed: no number is computed here. */
export async function enhanceTable(tools: HTMLFormElement, table: HTMLTableElement): Promise<void> {
  const heads = [...table.querySelectorAll<HTMLTableCellElement>("thead th[data-col]")];
  const columns = heads.map((head) => head.dataset.col ?? "");
  const body = table.tBodies[0];
  const output = tools.querySelector("output");
  if (!body || !output) return;
  const asBuilt = [...body.rows];
  let state = parseState(location.search, columns).state;
  const pages = Number(tools.dataset.pages);
  let loading = pages <= 1 ? Promise.resolve() : null;
  let notice = "";

  const apply = () => {
    sortRows(body, asBuilt, state, heads);
    for (const row of asBuilt) row.hidden = !isShown(factsOf(row), state);
    showColumns(table, heads, state.hide);
    markSorted(heads, state);
    const shown = asBuilt.filter((row) => !row.hidden).length;
    const all = loading === null ? `the first ${asBuilt.length}` : asBuilt.length;
    output.textContent = `${shown} of ${all} rows. ${tools.dataset.note ?? ""}${notice}`;
  };
  const change = async (next: Partial<TableState>, keepHistory: boolean) => {
    state = { ...state, ...next };
    // What was ignored is not in the address any more.
    notice = "";
    const query = stateQuery(state, location.search);
    const address = `${location.pathname}${query ? `?${query}` : ""}${location.hash}`;
    if (keepHistory) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    await loadAll().then(apply, (error: unknown) => sayTrouble(output, error));
  };
  const loadRest = async () => {
    const rest: HTMLTableRowElement[] = [];
    for (let page = 2; page <= pages; page++) {
      rest.push(...(await rowsOfPage(`${tools.dataset.path}page/${page}/`, table.id)));
    }
    asBuilt.push(...rest);
    body.append(...rest);
  };
  const loadAll = () => {
    loading ??= loadRest().catch((error: unknown) => {
      loading = null;
      throw error;
    });
    return loading;
  };
  const restore = async () => {
    const parsed = parseState(location.search, columns);
    state = parsed.state;
    writeForm(tools, state);
    notice = parsed.ignored.length > 0 ? ` Ignored in the address: ${parsed.ignored.join(", ")}.` : "";
    if (stateQuery(state) === "") apply();
    else await loadAll().then(apply, (error: unknown) => sayTrouble(output, error));
  };

  addSortButtons(heads, (column) => change({ sort: nextSort(state, column) }, true));
  prepareForm(tools, { heads, rows: () => asBuilt, chosen: () => state.rows, loadAll }, change);
  addCopying(tools, table, output);
  addEventListener("popstate", () => void restore());
  await restore();
}

function factsOf(row: HTMLTableRowElement): RowFacts {
  const { id = "", weights, parameters, licence, released, complete } = row.dataset;
  return {
    id,
    text: row.textContent ?? "",
    weights,
    parameters: parameters === undefined ? undefined : Number(parameters),
    licence,
    released,
    complete: complete !== "no",
  };
}

async function rowsOfPage(address: string, table: string): Promise<HTMLTableRowElement[]> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return [...page.querySelectorAll<HTMLTableRowElement>(`#${table} tbody tr`)].map((row) => document.adoptNode(row));
}

function sortRows(
  body: HTMLTableSectionElement,
  asBuilt: readonly HTMLTableRowElement[],
  { sort }: TableState,
  heads: readonly HTMLTableCellElement[],
): void {
  const at = heads.findIndex((head) => head.dataset.col === sort?.column);
  const type = heads[at]?.dataset.type === "text" ? "text" : "number";
  const value = (row: HTMLTableRowElement) => {
    const cell = row.cells[at];
    return cell?.dataset.v ?? cell?.querySelector("data")?.value ?? null;
  };
  const ordered = [...asBuilt];
  if (sort && at >= 0) {
    ordered.sort((a, b) => {
      const [left, right] = [value(a), value(b)];
      const missing = left === null || right === null;
      return compareValues(left, right, type) * (sort.descending && !missing ? -1 : 1);
    });
  }
  body.append(...ordered);
}

function nextSort({ sort }: TableState, head: HTMLTableCellElement): TableState["sort"] {
  const column = head.dataset.col ?? "";
  const descendingFirst = head.dataset.type === "number" && head.dataset.first !== "up";
  if (sort?.column !== column) return { column, descending: descendingFirst };
  return sort.descending === descendingFirst ? { column, descending: !descendingFirst } : null;
}

function addSortButtons(heads: readonly HTMLTableCellElement[], sort: (head: HTMLTableCellElement) => void): void {
  for (const head of heads) head.querySelector("button.sort")?.addEventListener("click", () => sort(head));
}

function sayTrouble(output: HTMLOutputElement, error: unknown): void {
  output.textContent = `The other pages of this table couldn't be loaded: ${String(error)}`;
}

function markSorted(heads: readonly HTMLTableCellElement[], { sort }: TableState): void {
  for (const head of heads) {
    if (sort?.column !== head.dataset.col) head.removeAttribute("aria-sort");
    else head.setAttribute("aria-sort", sort?.descending ? "descending" : "ascending");
  }
}

function showColumns(table: HTMLTableElement, heads: readonly HTMLTableCellElement[], hide: readonly string[]): void {
  heads.forEach((head, at) => {
    const hidden = hide.includes(head.dataset.col ?? "");
    head.hidden = hidden;
    for (const row of table.tBodies[0]?.rows ?? []) {
      const cell = row.cells[at];
      if (cell) cell.hidden = hidden;
    }
  });
}
