import { currentSite } from "../data/current.ts";

/** Sections that have something to show, in the order of the menu. */
export function menu(): { path: string; label: string }[] {
  const { boards, runs, studies, claims } = currentSite();
  const [first] = boards;
  return [
    ...(first ? [{ path: `boards/${first.id}/`, label: boards.length > 1 ? "Boards" : "Board" }] : []),
    { path: "tasks/", label: "Tasks" },
    { path: "models/", label: "Models" },
    { path: "runs/", label: "Runs" },
    ...(runs.size > 1 ? [{ path: "compare/", label: "Compare" }] : []),
    ...(studies.length > 0 ? [{ path: "studies/", label: "Studies" }] : []),
    ...(claims.length > 0 ? [{ path: "claims/", label: "Claims" }] : []),
    { path: "methodology/", label: "Methodology" },
    { path: "data/", label: "Data" },
  ];
}
