import type { ParityCase } from "./cases.ts";

const areas = { stem: "stem", humanities: "humanities", social_sciences: "social sciences", other: "other" };

/** Groups of lm-eval's whose data is complete here: means over tasks, which it weighs by their sizes. */
export const groupCases: readonly ParityCase[] = [
  {
    protocol: "mmlu@lm-eval-generative",
    task: "mmlu_generative",
    kind: "text",
    shots: 0,
    scoresOnly: true,
    groups: {
      mmlu_generative: "all",
      ...Object.fromEntries(Object.entries(areas).map(([name, area]) => [`mmlu_${name}_generative`, `area=${area}`])),
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
