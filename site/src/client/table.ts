import { compareValues, isShown, type RowFacts } from "../../data/row-filter.ts";
import { parseState, stateQuery, type TableState } from "../../data/table-state.ts";
import { toCsv, toMarkdown } from "../../data/text-table.ts";

/** Makes a built table sortable and searchable. Rows are moved and hidden, never changed: no number is computed here. */
export async function enhanceTable(tools: HTMLFormElement, table: HTMLTableElement): Promise<void> {
  const heads = [...table.querySelectorAll<HTMLTableCellElement>("thead th[data-col]")];
  const columns = heads.map((head) => head.dataset.col ?? "");
  const body = table.tBodies[0];
  const output = tools.querySelector("output");
  if (!body || !output) return;
  const asBuilt = [...body.rows];
  let state = parseState(location.search, columns).state;
  let allLoaded = Number(tools.dataset.pages) <= 1;
  let notice = "";

  const apply = () => {
    sortRows(body, asBuilt, state, heads);
    for (const row of asBuilt) row.hidden = !isShown(factsOf(row), state);
    showColumns(table, heads, state.hide);
    markSorted(heads, state);
    const shown = asBuilt.filter((row) => !row.hidden).length;
    output.textContent = `${shown} of ${asBuilt.length} rows. Ranks are over all rows, whatever is hidden.${notice}`;
  };
  const change = async (next: Partial<TableState>, keepHistory: boolean) => {
    state = { ...state, ...next };
    const query = stateQuery(state, location.search);
    const address = `${location.pathname}${query ? `?${query}` : ""}${location.hash}`;
    if (keepHistory) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    await loadAll().then(apply, (error: unknown) => sayTrouble(output, error));
  };
  const loadAll = async () => {
    if (allLoaded) return;
    allLoaded = true;
    for (let page = 2; page <= Number(tools.dataset.pages); page++) {
      asBuilt.push(...(await rowsOfPage(`${tools.dataset.path}page/${page}/`)));
    }
    for (const row of asBuilt) body.append(row);
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
  prepareForm(tools, heads, change);
  addCopying(tools, table, output);
  addEventListener("popstate", () => void restore());
  await restore();
}

function factsOf(row: HTMLTableRowElement): RowFacts {
  const { weights, parameters, licence, released, complete } = row.dataset;
  return {
    text: row.textContent ?? "",
    weights,
    parameters: parameters === undefined ? undefined : Number(parameters),
    licence,
    released,
    complete: complete !== "no",
  };
}

async function rowsOfPage(address: string): Promise<HTMLTableRowElement[]> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return [...page.querySelectorAll<HTMLTableRowElement>("#board-table tbody tr")].map((row) => document.adoptNode(row));
}

function sortRows(
  body: HTMLTableSectionElement,
  asBuilt: readonly HTMLTableRowElement[],
  { sort }: TableState,
  heads: readonly HTMLTableCellElement[],
): void {
  const at = heads.findIndex((head) => head.dataset.col === sort?.column);
  const type = heads[at]?.dataset.type === "text" ? "text" : "number";
  const value = (row: HTMLTableRowElement) => row.cells[at]?.dataset.v ?? null;
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

type Change = (next: Partial<TableState>, keepHistory: boolean) => void;

function prepareForm(tools: HTMLFormElement, heads: readonly HTMLTableCellElement[], change: Change): void {
  tools.addEventListener("submit", (event) => event.preventDefault());
  addPicker(tools, heads, change);
  tools.addEventListener("input", (event) => {
    const field = event.target as HTMLInputElement;
    if (field.name === "" || field.name === "column") return;
    const value = field.type === "checkbox" ? field.checked : field.value;
    change({ [field.name]: value } as Partial<TableState>, field.type !== "search");
  });
}

function addPicker(tools: HTMLFormElement, heads: readonly HTMLTableCellElement[], change: Change): void {
  const fieldset = tools.querySelector("fieldset");
  for (const head of heads) {
    if (head.dataset.col === "model") continue;
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.name = "column";
    box.value = head.dataset.col ?? "";
    label.append(box, ` ${head.dataset.name}`);
    fieldset?.append(label);
  }
  fieldset?.addEventListener("change", () => {
    const boxes = [...fieldset.querySelectorAll<HTMLInputElement>("input")];
    change({ hide: boxes.filter((box) => !box.checked).map((box) => box.value) }, true);
  });
}

function writeForm(tools: HTMLFormElement, state: TableState): void {
  for (const name of ["q", "weights", "size", "licence", "from"] as const) {
    const field = tools.elements.namedItem(name);
    if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.value = state[name];
  }
  const common = tools.elements.namedItem("common");
  if (common instanceof HTMLInputElement) common.checked = state.common;
  for (const box of tools.querySelectorAll<HTMLInputElement>('input[name="column"]')) {
    box.checked = !state.hide.includes(box.value);
  }
}

function addCopying(tools: HTMLFormElement, table: HTMLTableElement, output: HTMLOutputElement): void {
  for (const button of tools.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    button.addEventListener("click", async () => {
      const lines = [...table.rows].filter((row) => !row.hidden).map(visibleCells);
      const [head = [], ...rows] = lines;
      const text = button.dataset.copy === "csv" ? toCsv({ head, rows }) : toMarkdown({ head, rows });
      await navigator.clipboard.writeText(text);
      output.textContent = `${rows.length} rows copied.`;
    });
  }
}

function visibleCells(row: HTMLTableRowElement): string[] {
  return [...row.cells]
    .filter((cell) => !cell.hidden)
    .map((cell) => {
      const copy = cell.cloneNode(true) as HTMLElement;
      for (const part of copy.querySelectorAll("button.sort[aria-label]")) part.remove();
      for (const part of copy.querySelectorAll("br")) part.replaceWith(" ");
      return (copy.textContent ?? "").trim().replace(/\s+/g, " ");
    });
}
