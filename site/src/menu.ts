import { currentSite } from "../data/current.ts";

/** Sections that have something to show, in the order of the menu. */
export function menu(): { path: string; label: string }[] {
  const { boards, runs } = currentSite();
  const [first] = boards;
  return [
    ...(first ? [{ path: `boards/${first.id}/`, label: boards.length > 1 ? "Boards" : "Board" }] : []),
    { path: "tasks/", label: "Tasks" },
    { path: "models/", label: "Models" },
    { path: "runs/", label: "Runs" },
    ...(runs.size > 1 ? [{ path: "compare/", label: "Compare" }] : []),
    { path: "methodology/", label: "Methodology" },
    { path: "data/", label: "Data" },
  ];
}
