import type { Protocol, TaskFile } from "../../contracts/index.ts";
import { PythonReference, scalarText } from "./config-file.ts";
import { datasetOf, splitsOf } from "./dataset.ts";
import { choicesExpression, questionText, renderedText, type Translation, targetExpression } from "./expressions.ts";
import { pipelinesOf } from "./extraction.ts";
import type { LmEvalEntry } from "./folder.ts";
import { generationOf } from "./generation.ts";
import type { Knowledge } from "./known-helper.ts";
import { knowledgeOf } from "./known-helpers.ts";
import { metricsOf } from "./metrics.ts";
import type { PythonModules } from "./python-modules.ts";
import { type Refusal, Refusals } from "./refusal.ts";
import { shotsOf } from "./shots.ts";

/** A task of lm-evaluation-harness in our terms, or all reasons why it can't be run as lm-eval runs it. */
export type Translated = { task: TaskFile; protocol: Protocol } | { refusals: Refusal[] };

const outputs = {
  multiple_choice: "choice",
  generate_until: "generate",
  loglikelihood: "likelihood",
  loglikelihood_rolling: "perplexity",
} as const;
type OutputType = keyof typeof outputs;

/**
 * Translates one task. What it says is taken over exactly; where we can't, the task is refused, never approximated.
 *
 * @see https://github.com/EleutherAI/lm-evaluation-harness/blob/v0.4.13/lm_eval/api/task.py
 */
export function translate(entry: LmEvalEntry, modules: PythonModules): Translated {
  const refusals = new Refusals();
  const translation: Translation = { config: entry.config, fields: {}, keep: [], refusals, modules };
  if (entry.kind === "python") refusals.add("defined by a Python class", entry.name);
  refuseSpecial(translation);
  const helpers = knownHelpers(translation);
  const output = (entry.config.output_type ?? "generate_until") as OutputType;
  if (!(output in outputs))
    refusals.add("a configuration that lm-eval itself can't run", `output_type ${scalarText(output)}`);
  if (refusals.list.length > 0 && !(output in outputs)) return { refusals: refusals.list };
  const task = taskOf(entry, translation);
  const protocol = protocolOf(entry, translation, { helpers, output });
  return refusals.list.length > 0
    ? { refusals: refusals.list }
    : { task: { ...task, ...rowsOf(translation) }, protocol };
}

function refuseSpecial({ config, refusals }: Translation): void {
  if (config.unsafe_code) refusals.add("runs generated code under a harness of its own", "unsafe_code");
  if (config.doc_to_image !== undefined) refusals.add("images or sound", "doc_to_image");
  if (config.doc_to_audio !== undefined) refusals.add("images or sound", "doc_to_audio");
  if (config.use_prompt) refusals.add("a configuration that lm-eval itself can't run", "use_prompt");
  if (Number(config.repeats ?? 1) > 1)
    refusals.add("only the first of several samples counts", `repeats: ${scalarText(config.repeats)}`);
}

/** A function that scores gives values of samples: lm-eval takes their mean unless `metric_list` says otherwise. */
function refuseOtherMeans({ config, refusals }: Translation): void {
  for (const { metric, aggregation } of (config.metric_list ?? []) as { metric?: unknown; aggregation?: unknown }[]) {
    if (aggregation !== undefined && aggregation !== "mean")
      refusals.add("an aggregation that Assay doesn't have", `${scalarText(aggregation)} of ${scalarText(metric)}`);
  }
}

const roles = [
  "process_docs",
  "doc_to_text",
  "doc_to_target",
  "doc_to_choice",
  "process_results",
  "description",
  "gen_prefix",
];
const shotRoles = ["doc_to_text", "doc_to_target", "samples", "process_docs", "doc_to_choice"];
type Helpers = Record<string, Knowledge | undefined>;

/** What is known of each helper that the task names, by role; every unknown one is a reason to refuse. */
function knownHelpers({ config, refusals, fields, keep, modules }: Translation): Helpers {
  const found: Helpers = {};
  const shots = (config.fewshot_config ?? {}) as Record<string, unknown>;
  const places = [
    ...roles.map((role) => [role, config[role]]),
    ...shotRoles.map((role) => [`shots.${role}`, shots[role]]),
  ];
  for (const [role, reference] of places as [string, unknown][]) {
    if (!(reference instanceof PythonReference)) continue;
    const helper = modules.find(reference);
    const known = helper && knowledgeOf(helper, modules);
    if (known && (role === "process_results") === (known.scoring !== undefined)) found[role] = known;
    else refusals.add("a Python function that Assay doesn't know", `${role} ${reference.name}`);
  }
  const rows = found.process_docs;
  if (rows?.keep !== undefined) keep.push(rows.keep);
  Object.assign(fields, rows?.fields, found.process_results?.fields);
  return found;
}

function rowsOf({ fields, keep }: Translation): Pick<TaskFile, "fields" | "keep"> {
  return keep.length > 0 ? { fields, keep: `{{ ${keep.join(" and ")} }}` } : { fields };
}

/** Task names may hold capitals and signs that file names and ids can't. */
export function taskId(name: string): string {
  return `lm-eval.${name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/-+$/, "")}`;
}

function taskOf(entry: LmEvalEntry, translation: Translation): TaskFile {
  const { evaluate } = splitsOf(translation);
  const version = (entry.config.metadata as { version?: unknown } | undefined)?.version;
  return {
    id: taskId(entry.name),
    title: scalarText(entry.config.task_alias ?? entry.name),
    summary: `The task ${entry.name} of lm-evaluation-harness, read from ${entry.path}.`,
    dataset: datasetOf(translation),
    evaluate,
    fields: {},
    categories: {},
    needs: [],
    defaultProtocol: "lm-eval",
    card: {
      purpose: `As lm-evaluation-harness defines it in ${entry.path}${version === undefined ? "" : `, version ${scalarText(version)}`}.`,
      licence: "not recorded",
      publishSamples: "hashed",
    },
  };
}

function protocolOf(
  entry: LmEvalEntry,
  translation: Translation,
  given: { helpers: Helpers; output: OutputType },
): Protocol {
  const { config } = translation;
  const { helpers, output } = given;
  const method = outputs[output];
  const prompt = promptOf(translation, helpers);
  const scoring = helpers.process_results?.scoring;
  const metrics = scoring?.metrics ?? metricsOf(translation, output);
  if (scoring) refuseOtherMeans(translation);
  const extract = method === "generate" ? pipelinesOf(translation) : [];
  const { pool } = splitsOf(translation);
  const { choices, question, answer } = prompt;
  const text = (key: string, fallback: string) =>
    typeof config[key] === "string" ? (config[key] as string) : fallback;
  const version = (config.metadata as { version?: unknown } | undefined)?.version;
  return {
    id: "lm-eval",
    title: "As lm-evaluation-harness asks it",
    source: {
      project: "EleutherAI/lm-evaluation-harness task file",
      version: version === undefined ? "not recorded" : `task version ${scalarText(version)}`,
      file: entry.path,
    },
    defects: [],
    method,
    layout: "text",
    multiturn: true,
    system: "",
    description: renderedText(config.description),
    ...prompt,
    ...(scoring ? { target: scoring.target } : {}),
    answerPrefix: renderedText(config.gen_prefix),
    targetDelimiter: text("target_delimiter", " "),
    shotDelimiter: text("fewshot_delimiter", "\n\n"),
    shots: shotsOf(translation, { question, answer, choices, pool }, shotTemplates(helpers, prompt)),
    generate: generationOf(method === "generate" ? translation : { ...translation, config: {} }),
    unconditional: metrics.some((metric) => metric.metric === "acc_mutual_info"),
    epochs: 1,
    extract,
    metrics,
    primary: {
      metric: metrics[0]?.id ?? metrics[0]?.metric ?? "none",
      ...(extract[0] ? { filter: extract[0].id } : {}),
    },
    average: "micro",
    denominator: { unparsed: "wrong", limited: "wrong", refused: "wrong" },
  };
}

type Prompt = Pick<Protocol, "question" | "answer" | "target"> & { choices?: string; contexts?: string };

function promptOf(translation: Translation, helpers: Helpers): Prompt {
  const { config } = translation;
  const of = (role: string, other: () => string) =>
    config[role] instanceof PythonReference ? (helpers[role]?.value ?? "") : other();
  const answer = of("doc_to_target", () => targetExpression(config.doc_to_target, translation, "target_text"));
  const choices =
    config.doc_to_choice instanceof PythonReference
      ? helpers.doc_to_choice?.value
      : choicesExpression(config.doc_to_choice, translation, "choices_text");
  const position = helpers.doc_to_text?.position;
  if (position !== undefined && choices !== undefined)
    return { question: "", answer, choices, contexts: choices, target: position };
  const question = of("doc_to_text", () => questionText(config.doc_to_text, translation, "question_text"));
  return { question, answer, ...(choices === undefined ? {} : { choices: choices as string }) };
}

/** Shots of a task with several contexts show the right one in full. */
function shotTemplates(helpers: Helpers, { contexts, target }: Prompt): { question?: string; answer?: string } {
  if (contexts !== undefined) return { question: `{{ (${inner(contexts)})[${inner(target ?? "")}] }}` };
  const [question, answer] = [helpers["shots.doc_to_text"]?.value, helpers["shots.doc_to_target"]?.value];
  return { ...(question === undefined ? {} : { question }), ...(answer === undefined ? {} : { answer }) };
}

function inner(expression: string): string {
  return expression.replace(/^\{\{\s*|\s*\}\}$/g, "");
}
