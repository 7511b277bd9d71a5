/** One protocol of ours beside one task of lm-evaluation-harness or inspect_evals. */
export interface ParityCase {
  /** `<task>@<protocol>`. */
  protocol: string;
  /** Whose task it is; without it, lm-evaluation-harness'. */
  reference?: "inspect";
  /** The name that lm-eval knows it by; for Inspect, `<module>/<function>`. */
  task: string;
  /** What Inspect's task is called with (-T). */
  arguments?: Readonly<Record<string, boolean | number | readonly string[]>>;
  /** lm-eval's groups whose means are compared, by the group of our scores. */
  groups?: Readonly<Record<string, string>>;
  kind: "likelihood" | "text" | "chat";
  /** Overrides of ours, e.g. one subject only. */
  set?: readonly string[];
  /** Number of examples where the protocol leaves it open. */
  shots?: number;
  /** First items that are compared unless --limit says otherwise; without it, all. */
  limit?: number;
  /** Our metric by their name where they differ; null: we have none like it. */
  metrics?: Readonly<Record<string, string | null>>;
  /** What was read isn't kept item by item on one of the sides: only requests and scores are compared. */
  scoresOnly?: true;
  /** Answers are programs, and lm-eval would run them on this machine: only what is asked is compared. */
  requestsOnly?: true;
  /** Rows that lm-eval is not given: those whose list in this column holds one of the values. */
  without?: { column: string; values: readonly string[] };
  /** The data are rows of our own: no mirror has those of the task. See own-data.ts. */
  ownRows?: true;
  /** lm-eval finds the processed rows in the cache of an earlier run, which changes what it asks. */
  cached?: true;
  /** Why something is set or left out here, for the table. */
  note?: string;
}

interface Family {
  protocol: string;
  kind: ParityCase["kind"];
  /** lm-eval's task for a part. */
  task: (part: string) => string;
  parts: readonly string[];
  /** Picks the part. */
  set: (part: string) => string;
  shots?: number;
  limit?: number;
}

function family({ parts, task, set, ...rest }: Family): ParityCase[] {
  return parts.map((part) => ({ ...rest, task: task(part), set: [set(part)] }));
}

const subject = (name: string) => `keep="{{ subject == '${name}' }}"`;
const category = (name: string) => `keep="{{ category == '${name}' }}"`;
const evaluate = (name: string) => `evaluate=${name}`;

const mmluSubjects = ["abstract_algebra", "high_school_us_history", "professional_law"];
const mmluProCategories = ["biology", "math", "other"];

const boolqNote = "lm-eval reads the same rows from aps/super_glue, where the answer is a number";

/** Where the mirror has no training split, validation rows stand for it on both sides. */
const validationPool = {
  set: ["shots.split=validation"],
  note: "the mirror has no training split: on both sides examples are drawn from validation",
};

/** A code task: the programs of lm-eval's tasks would be run on this machine. */
function code(names: string): ParityCase {
  const [protocol = "", task = ""] = names.split(" ");
  const kind = protocol.endsWith("instruct") ? "chat" : "text";
  const note = "requests only: programs are never run outside of the sandbox";
  return { protocol, task, kind, requestsOnly: true, note };
}

/** Instructions that lm-eval checks with data of NLTK's. */
const needPunkt = ["length_constraints:number_sentences", "change_case:capital_word_frequency"];

/** Languages of MGSM that the mirror has. */
const languages = ["en", "es", "fr", "de", "zh", "ja"];

function mgsm(protocol: string, task: (language: string) => string): ParityCase[] {
  return languages.map((language) => ({
    protocol: `mgsm@${protocol}`,
    task: task(language),
    kind: "text",
    set: [`evaluate=${language}`, `shots.split=${language}-train`],
    shots: 2,
  }));
}

/** BBH's subtasks whose data the mirror has; the rest needs the Hub. */
const bbhSubtasks =
  "boolean_expressions causal_judgement dyck_languages formal_fallacies logical_deduction_five_objects logical_deduction_three_objects movie_recommendation multistep_arithmetic_two navigate object_counting penguins_in_a_table reasoning_about_colored_objects salient_translation_error_detection snarks sports_understanding temporal_sequences tracking_shuffled_objects_five_objects tracking_shuffled_objects_three_objects".split(
    " ",
  );

/** Every protocol of lm-eval's that has data here. */
export const cases: readonly ParityCase[] = [
  { protocol: "gsm8k@lm-eval", task: "gsm8k", kind: "text" },
  { protocol: "gsm8k@lm-eval-cot", task: "gsm8k_cot", kind: "text" },
  { protocol: "gsm8k@lm-eval-cot-zeroshot", task: "gsm8k_cot_zeroshot", kind: "text" },
  {
    protocol: "gsm8k@lm-eval-cot-self-consistency",
    task: "gsm8k_cot_self_consistency",
    kind: "text",
    limit: 6,
    scoresOnly: true,
    note: "64 answers an item, which the server gives all alike",
  },
  { protocol: "gsm8k@llama-3", task: "gsm8k_llama", kind: "chat" },
  { protocol: "arc_easy@lm-eval", task: "arc_easy", kind: "likelihood", limit: 200 },
  { protocol: "arc_challenge@lm-eval", task: "arc_challenge", kind: "likelihood", shots: 25, limit: 10 },
  { protocol: "arc_challenge@lm-eval-chat", task: "arc_challenge_chat", kind: "chat" },
  { protocol: "arc_challenge@llama-3", task: "arc_challenge_llama", kind: "chat" },
  {
    protocol: "mmlu@lm-eval",
    task: "mmlu_machine_learning",
    kind: "likelihood",
    shots: 5,
    set: [subject("machine_learning")],
  },
  ...family({
    protocol: "mmlu@lm-eval",
    kind: "likelihood",
    limit: 20,
    shots: 5,
    parts: mmluSubjects,
    task: (part) => `mmlu_${part}`,
    set: subject,
  }),
  ...family({
    protocol: "mmlu@lm-eval-continuation",
    kind: "likelihood",
    limit: 20,
    shots: 5,
    parts: mmluSubjects,
    task: (part) => `mmlu_${part}_continuation`,
    set: subject,
  }),
  ...family({
    protocol: "mmlu@lm-eval-generative",
    kind: "text",
    shots: 5,
    parts: mmluSubjects,
    task: (part) => `mmlu_${part}_generative`,
    set: subject,
  }),
  ...family({
    protocol: "mmlu@lm-eval-flan-cot-zeroshot",
    kind: "text",
    parts: mmluSubjects,
    task: (part) => `mmlu_flan_cot_zeroshot_${part}`,
    set: subject,
  }),
  ...family({
    protocol: "mmlu@llama-3",
    kind: "chat",
    shots: 5,
    parts: mmluSubjects,
    task: (part) => `mmlu_llama_${part}`,
    set: subject,
  }),
  ...family({
    protocol: "mmlu@llama-3-cot",
    kind: "chat",
    parts: mmluSubjects,
    task: (part) => `mmlu_cot_llama_${part}`,
    set: subject,
  }),
  ...family({
    protocol: "mmlu_pro@lm-eval",
    kind: "text",
    parts: mmluProCategories,
    task: (part) => `mmlu_pro_${part}`,
    set: category,
  }),
  ...family({
    protocol: "mmlu_pro@llama-3",
    kind: "chat",
    parts: mmluProCategories,
    task: (part) => `mmlu_pro_llama_${part}`,
    set: category,
  }),
  ...family({
    protocol: "bbh@lm-eval-cot-fewshot",
    kind: "text",
    parts: bbhSubtasks,
    task: (part) => `bbh_cot_fewshot_${part}`,
    set: evaluate,
  }),
  ...family({
    protocol: "bbh@lm-eval-fewshot",
    kind: "text",
    parts: bbhSubtasks,
    task: (part) => `bbh_fewshot_${part}`,
    set: evaluate,
  }),
  ...family({
    protocol: "bbh@lm-eval-zeroshot",
    kind: "text",
    parts: bbhSubtasks,
    task: (part) => `bbh_zeroshot_${part}`,
    set: evaluate,
  }),
  ...family({
    protocol: "bbh@lm-eval-cot-zeroshot",
    kind: "text",
    parts: bbhSubtasks,
    task: (part) => `bbh_cot_zeroshot_${part}`,
    set: evaluate,
  }),
  ...mgsm("lm-eval-direct", (language) => `mgsm_direct_${language}`),
  ...mgsm("lm-eval-en-cot", (language) => `mgsm_en_cot_${language}`),
  ...mgsm("lm-eval-native-cot", (language) => `mgsm_native_cot_${language}`),
  { protocol: "hellaswag@lm-eval", task: "hellaswag", kind: "likelihood", limit: 200 },
  {
    protocol: "hellaswag@leaderboard-v1",
    task: "hellaswag",
    kind: "likelihood",
    shots: 10,
    limit: 20,
    ...validationPool,
  },
  { protocol: "winogrande@lm-eval", task: "winogrande", kind: "likelihood" },
  {
    protocol: "winogrande@leaderboard-v1",
    task: "winogrande",
    kind: "likelihood",
    shots: 5,
    limit: 200,
    ...validationPool,
  },
  { protocol: "boolq@lm-eval", task: "boolq", kind: "likelihood", limit: 200, note: boolqNote },
  { protocol: "boolq@lm-eval-seq2seq", task: "boolq-seq2seq", kind: "text", note: boolqNote },
  { protocol: "lambada@lm-eval", task: "lambada_openai", kind: "likelihood", limit: 500 },
  { protocol: "lambada@lm-eval-cloze", task: "lambada_openai_cloze_yaml", kind: "likelihood", limit: 500 },
  { protocol: "truthfulqa@lm-eval-mc1", task: "truthfulqa_mc1", kind: "likelihood", limit: 200 },
  {
    protocol: "truthfulqa@lm-eval-mc2",
    task: "truthfulqa_mc2",
    kind: "likelihood",
    limit: 200,
    metrics: { acc: "mc2" },
  },
  { protocol: "truthfulqa@lm-eval-gen", task: "truthfulqa_gen", kind: "text" },
  {
    protocol: "ifeval@lm-eval",
    task: "ifeval",
    kind: "text",
    without: { column: "instruction_id_list", values: needPunkt },
    set: [`keep="{{ ${needPunkt.map((name) => `'${name}' not in instruction_id_list`).join(" and ")} }}"`],
    note: "but the items whose sentences or capital words are counted: for these lm-eval downloads NLTK's punkt_tab",
  },
  ...[
    "humaneval@lm-eval humaneval",
    "humaneval@lm-eval-instruct humaneval_instruct",
    "humaneval_plus@lm-eval humaneval_plus",
    "mbpp@lm-eval mbpp",
    "mbpp@lm-eval-instruct mbpp_instruct",
  ].map(code),
  {
    protocol: "math_500@lm-eval-minerva",
    task: "minerva_math500",
    kind: "text",
    scoresOnly: true,
    metrics: { math_verify: null },
    note: "lm-eval reads the answer inside its metric; its second metric, the math-verify package, is not ours",
  },
  {
    protocol: "math_500@lm-eval-hendrycks",
    task: "hendrycks_math500",
    kind: "text",
    scoresOnly: true,
    note: "lm-eval reads the answer inside its metric",
  },
];
