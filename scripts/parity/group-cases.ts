import type { ParityCase } from "./cases.ts";

const areas = ["stem", "humanities", "social sciences", "other"];

/** MMLU's areas by lm-eval's names for them. */
function mmluAreas(name: (area: string) => string): Record<string, string> {
  return Object.fromEntries(areas.map((area) => [name(area), `area=${area}`]));
}

const note = "means of a group of tasks, weighed by their sizes";

/** Groups of lm-eval's whose data is complete here: means over tasks, which it weighs by their sizes. */
export const groupCases: readonly ParityCase[] = [
  {
    protocol: "mmlu@lm-eval",
    task: "mmlu",
    kind: "likelihood",
    shots: 0,
    scoresOnly: true,
    note,
    groups: { mmlu: "all", ...mmluAreas((area) => `mmlu_${area.replace(" ", "_")}`) },
  },
  {
    protocol: "mmlu@lm-eval-generative",
    task: "mmlu_generative",
    kind: "text",
    shots: 0,
    scoresOnly: true,
    note,
    groups: {
      mmlu_generative: "all",
      ...mmluAreas((area) => `mmlu_generative::${area}`),
    },
  },
  {
    protocol: "mmlu_pro@lm-eval",
    task: "mmlu_pro",
    kind: "text",
    scoresOnly: true,
    note,
    groups: { mmlu_pro: "all" },
  },
];
