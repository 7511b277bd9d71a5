import type { TableState } from "../../data/table-state.ts";

/** Asks for another state of the table. */
export type Change = (next: Partial<TableState>, keepHistory: boolean) => Promise<void>;

/** What a form chooses from. */
interface Choices {
  heads: readonly HTMLTableCellElement[];
  rows: () => readonly HTMLTableRowElement[];
  /** Ids of the rows that are shown alone; empty: all are shown. */
  chosen: () => readonly string[];
  /** Fetches the rows of further pages. */
  loadAll: () => Promise<void>;
}

/** Makes the fields of a form change the table. */
export function prepareForm(tools: HTMLFormElement, { heads, rows, chosen, loadAll }: Choices, change: Change): void {
  tools.addEventListener("submit", (event) => event.preventDefault());
  tools.addEventListener("input", (event) => {
    const field = event.target as HTMLInputElement;
    if (field.name === "" || field.name === "pick") return;
    const value = field.type === "checkbox" ? field.checked : field.value;
    void change({ [field.name]: value } as Partial<TableState>, field.type !== "search");
  });
  const columns = pickerOf(tools, "columns");
  const named = heads.filter((head) => !head.classList.contains("first"));
  fill(
    columns,
    named.map((head) => [head.dataset.col ?? "", head.dataset.name ?? ""]),
  );
  columns?.addEventListener("change", () => void change({ hide: boxesOf(columns, false) }, true));
  const picker = pickerOf(tools, "rows");
  const showRows = async () => {
    if (boxes(picker).length > 0) return;
    await loadAll();
    const first = (row: HTMLTableRowElement) => row.querySelector("th")?.textContent?.trim() ?? "";
    fill(
      picker,
      rows().map((row) => [row.dataset.id ?? "", first(row)]),
    );
    writeRows(picker, chosen());
  };
  // Where further pages can't be loaded, the table says so as soon as it needs them itself.
  picker?.closest("details")?.addEventListener("toggle", () => void showRows().catch(() => undefined));
  picker?.addEventListener("change", () => void change({ rows: boxesOf(picker, true) }, true));
}

/** Shows a state in the fields. */
export function writeForm(tools: HTMLFormElement, state: TableState): void {
  for (const name of ["q", "weights", "size", "licence", "from"] as const) {
    const field = tools.elements.namedItem(name);
    if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.value = state[name];
  }
  const common = tools.elements.namedItem("common");
  if (common instanceof HTMLInputElement) common.checked = state.common;
  for (const box of boxes(pickerOf(tools, "columns"))) box.checked = !state.hide.includes(box.value);
  writeRows(pickerOf(tools, "rows"), state.rows);
}

function pickerOf(tools: HTMLFormElement, what: "columns" | "rows"): HTMLFieldSetElement | null {
  return tools.querySelector<HTMLFieldSetElement>(`[data-pick="${what}"] fieldset`);
}

function boxes(picker: HTMLFieldSetElement | null): HTMLInputElement[] {
  return [...(picker?.querySelectorAll<HTMLInputElement>("input") ?? [])];
}

function boxesOf(picker: HTMLFieldSetElement, checked: boolean): string[] {
  return boxes(picker).flatMap((box) => (box.checked === checked ? [box.value] : []));
}

function writeRows(picker: HTMLFieldSetElement | null, chosen: readonly string[]): void {
  for (const box of boxes(picker)) box.checked = chosen.includes(box.value);
}

function fill(picker: HTMLFieldSetElement | null, choices: readonly (readonly [value: string, name: string])[]): void {
  for (const [value, name] of choices) {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.name = "pick";
    box.value = value;
    label.append(box, ` ${name}`);
    picker?.append(label);
  }
}
