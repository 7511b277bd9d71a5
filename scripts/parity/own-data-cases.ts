import type { ParityCase } from "./cases.ts";

const own = { ownRows: true, note: "rows of our own in the data set's columns" } as const;
const five = { ...own, shots: 5 } as const;

/** Tasks whose data no mirror has here. */
export const ownDataCases: readonly ParityCase[] = [
  { protocol: "gpqa@lm-eval-zeroshot", task: "gpqa_diamond_zeroshot", kind: "likelihood", ...own },
  { protocol: "gpqa@lm-eval-n-shot", task: "gpqa_diamond_n_shot", kind: "likelihood", ...five, cached: true },
  { protocol: "gpqa@lm-eval-generative", task: "gpqa_diamond_generative_n_shot", kind: "text", ...five },
  { protocol: "gpqa@lm-eval-cot-zeroshot", task: "gpqa_diamond_cot_zeroshot", kind: "text", ...own },
  { protocol: "gpqa@lm-eval-cot-n-shot", task: "gpqa_diamond_cot_n_shot", kind: "text", ...five },
  { protocol: "drop@lm-eval", task: "drop", kind: "text", ...own, shots: 3 },
  { protocol: "triviaqa@lm-eval", task: "triviaqa", kind: "text", ...five },
  { protocol: "piqa@lm-eval", task: "piqa", kind: "likelihood", ...own },
  { protocol: "siqa@lm-eval", task: "social_iqa", kind: "likelihood", ...own },
  { protocol: "openbookqa@lm-eval", task: "openbookqa", kind: "likelihood", ...five },
  { protocol: "commonsense_qa@lm-eval", task: "commonsense_qa", kind: "likelihood", ...own },
];
