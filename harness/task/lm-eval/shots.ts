import type { JsonObject, ShotsSpec } from "../../contracts/index.ts";
import { compileTemplate } from "../../prompt/index.ts";
import { PythonReference, scalarText } from "./config-file.ts";
import { choicesExpression, questionText, type Translation, targetExpression } from "./expressions.ts";

interface FewshotConfig {
  sampler?: unknown;
  split?: string;
  samples?: unknown;
  doc_to_text?: unknown;
  doc_to_target?: unknown;
  doc_to_choice?: unknown;
  [key: string]: unknown;
}

const understood = new Set(["sampler", "split", "samples", "doc_to_text", "doc_to_target", "doc_to_choice"]);
/** Read by lm-eval and then not used. */
const ineffective = new Set(["fewshot_indices"]);

/** Templates of a shot, where a helper gives them. */
export type ShotTemplates = { question?: string; answer?: string };

/**
 * How example items are chosen: `fewshot_config`, `fewshot_split`, `num_fewshot`, and lm-eval's rule of when the item itself
 * is kept out: where the shots' declared split equals `test_split`, also when both are missing.
 *
 * @param main - the item's own templates
 * @param helpers - templates of shots that a known Python helper makes
 */
export function shotsOf(
  translation: Translation,
  main: { question: string; answer: string; choices: string | undefined; pool: string },
  helpers: ShotTemplates,
): ShotsSpec {
  const { config, refusals } = translation;
  const own = (config.fewshot_config ?? {}) as FewshotConfig;
  for (const [key, value] of Object.entries(own)) {
    if (!understood.has(key) && !ineffective.has(key) && value !== null)
      refusals.add("few-shot examples chosen in a way that Assay doesn't have", `fewshot_config.${key}`);
  }
  const declared = own.split ?? config.fewshot_split ?? null;
  const common = { seed: 1234, matching: [], count: Number(config.num_fewshot ?? 0) };
  const templates = shotTemplates(translation, own, helpers);
  if (own.samples !== undefined && own.samples !== null && declared === null)
    return {
      ...common,
      sampler: "fixed",
      exclude: "none",
      items: written(translation, own, { ...main, ...templates }),
    };
  if (own.sampler !== undefined && own.sampler !== "default" && own.sampler !== "first_n")
    refusals.add("few-shot examples chosen in a way that Assay doesn't have", `sampler ${scalarText(own.sampler)}`);
  return {
    ...common,
    split: main.pool,
    sampler: own.sampler === "first_n" ? "first_n" : "random",
    exclude: declared === (config.test_split ?? null) ? "lm-eval" : "none",
    ...templates,
  };
}

function shotTemplates(
  translation: Translation,
  own: FewshotConfig,
  helpers: ShotTemplates,
): ShotTemplates & { choices?: string } {
  const result: ShotTemplates & { choices?: string } = {};
  if (own.doc_to_text instanceof PythonReference) {
    if (helpers.question !== undefined) result.question = helpers.question;
  } else if (own.doc_to_text !== undefined)
    result.question = questionText(own.doc_to_text, translation, "shot_question_text");
  else if (helpers.question !== undefined) result.question = helpers.question;
  if (own.doc_to_target instanceof PythonReference) {
    if (helpers.answer !== undefined) result.answer = helpers.answer;
  } else if (own.doc_to_target !== undefined)
    result.answer = targetExpression(own.doc_to_target, translation, "shot_target_text");
  const choices = choicesExpression(own.doc_to_choice, translation, "shot_choices_text");
  if (choices !== undefined) result.choices = choices;
  return result;
}

/** Examples that stand in the configuration, rendered here once: they are the same for every item. */
function written(
  { refusals, fields }: Translation,
  own: FewshotConfig,
  templates: { question: string; answer: string; choices: string | undefined },
): { question: string; answer: string }[] {
  if (own.samples instanceof PythonReference) return [];
  if (own.sampler !== "first_n")
    refusals.add("few-shot examples chosen in a way that Assay doesn't have", "random draws from a written list");
  if (!Array.isArray(own.samples)) {
    refusals.add("a configuration that lm-eval itself can't run", "fewshot_config.samples isn't a list");
    return [];
  }
  try {
    return (own.samples as JsonObject[]).map((sample) => {
      const document: JsonObject = { ...sample };
      for (const [name, template] of Object.entries(fields))
        if (templates.question.includes(name) || templates.answer.includes(name))
          document[name] = compileTemplate(template).evaluate(document) as string;
      return {
        question: compileTemplate(templates.question).render(document),
        answer: answerOf(compileTemplate(templates.answer).evaluate(document), templates.choices, document),
      };
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    refusals.add("a configuration that lm-eval itself can't run", `fewshot_config.samples: ${why.slice(0, 120)}`);
    return [];
  }
}

function answerOf(value: unknown, choices: string | undefined, document: JsonObject): string {
  const first = Array.isArray(value) ? value[0] : value;
  if (typeof first !== "number" || choices === undefined) return String(first);
  const list = compileTemplate(choices).evaluate(document) as unknown[];
  return String(list[first]);
}
