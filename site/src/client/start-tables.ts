import { enhanceTable } from "./table.ts";

for (const tools of document.querySelectorAll<HTMLFormElement>("form.tools")) {
  const table = document.getElementById(tools.dataset.table ?? "");
  if (table instanceof HTMLTableElement) await enhanceTable(tools, table);
}
document.documentElement.classList.remove("waiting");
