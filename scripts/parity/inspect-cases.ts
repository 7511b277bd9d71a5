import type { ParityCase } from "./cases.ts";

/** The one score of an inspect_evals task, and ours by which it is measured. */
const choice = { metrics: { accuracy: "exact_match" } };
const number = { metrics: { accuracy: "numeric_match" } };

/** Examples come from the training split, which the mirror lacks; what the same seed draws from validation stands for them. */
const winograndeShots = ["shots.split=validation", "shots.ids=[157, 847, 994, 593, 1182]"];

function mgsm(protocol: string, cot: boolean): ParityCase[] {
  return ["en", "es", "fr", "de", "zh", "ja"].map((language) => ({
    ...number,
    reference: "inspect",
    protocol: `mgsm@${protocol}`,
    task: "mgsm/mgsm",
    kind: "chat",
    arguments: { languages: [language], use_cot: cot },
    set: [`evaluate=${language}`],
    note: "Inspect's own file isn't on the Hub: both read the rows of juletxara/mgsm",
  }));
}

/**
 * Every protocol of inspect_evals' that has data here. Tasks that put their items in a drawn order are asked for the order of the
 * data, so that `--limit` means the same items.
 */
export const inspectCases: readonly ParityCase[] = [
  ...[
    { ...number, protocol: "gsm8k@inspect", task: "gsm8k/gsm8k" },
    { ...number, protocol: "gsm8k@inspect-zero-shot", task: "gsm8k/gsm8k", arguments: { fewshot: 0 } },
    { ...choice, protocol: "arc_easy@inspect", task: "arc/arc_easy" },
    { ...choice, protocol: "arc_challenge@inspect", task: "arc/arc_challenge" },
    { ...choice, protocol: "mmlu@inspect", task: "mmlu/mmlu_0_shot", arguments: { shuffle: false }, limit: 3000 },
    {
      ...choice,
      protocol: "mmlu@inspect-cot",
      task: "mmlu/mmlu_0_shot",
      arguments: { shuffle: false, cot: true },
      limit: 1000,
    },
    {
      ...choice,
      protocol: "mmlu@inspect-5-shot",
      task: "mmlu/mmlu_5_shot",
      arguments: { shuffle: false },
      limit: 1500,
    },
    { ...choice, protocol: "mmlu_pro@inspect", task: "mmlu_pro/mmlu_pro", arguments: { shuffle: false }, limit: 1500 },
    {
      ...choice,
      protocol: "mmlu_pro@inspect-5-shot",
      task: "mmlu_pro/mmlu_pro",
      arguments: { shuffle: false, fewshot: 5 },
      limit: 1500,
    },
    { ...choice, protocol: "hellaswag@inspect", task: "hellaswag/hellaswag", limit: 2000 },
    {
      ...choice,
      protocol: "winogrande@inspect",
      task: "winogrande/winogrande",
      set: winograndeShots,
      note: "the mirror has no training split: on both sides examples are drawn from validation",
    },
    {
      ...choice,
      protocol: "winogrande@inspect",
      task: "winogrande/winogrande",
      arguments: { fewshot: 0 },
      shots: 0,
      note: "also with no examples",
    },
    {
      protocol: "humaneval@inspect",
      task: "humaneval/humaneval",
      requestsOnly: true as const,
      note: "requests only: programs are never run outside of the sandbox",
    },
    {
      ...choice,
      protocol: "commonsense_qa@inspect",
      task: "commonsense_qa/commonsense_qa",
      arguments: { shuffle: false },
      ownRows: true as const,
      note: "rows of our own in the data set's columns",
    },
    { ...choice, protocol: "boolq@inspect", task: "boolq/boolq", arguments: { shuffle: false } },
  ].map((one) => ({ ...one, reference: "inspect" as const, kind: "chat" as const })),
  ...mgsm("inspect", true),
  ...mgsm("inspect-direct", false),
];
