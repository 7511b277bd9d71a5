import type { ParityCase } from "./cases.ts";

const areas = ["stem", "humanities", "social sciences", "other"];

/** Groups of lm-eval's whose data is complete here: means over tasks, which it weighs by their sizes. */
export const groupCases: readonly ParityCase[] = [
  {
    protocol: "mmlu@lm-eval",
    task: "mmlu",
    kind: "likelihood",
    shots: 0,
    scoresOnly: true,
    groups: { mmlu: "all", ...Object.fromEntries(areas.map((area) => [`mmlu::${area}`, `area=${area}`])) },
  },
  {
    protocol: "mmlu@lm-eval-generative",
    task: "mmlu_generative",
    kind: "text",
    shots: 0,
    scoresOnly: true,
    groups: {
      mmlu_generative: "all",
      ...Object.fromEntries(areas.map((area) => [`mmlu_generative::${area}`, `area=${area}`])),
    },
  },
  {
    protocol: "mmlu_pro@lm-eval",
    task: "mmlu_pro",
    kind: "text",
    scoresOnly: true,
    groups: { mmlu_pro: "all" },
  },
];
