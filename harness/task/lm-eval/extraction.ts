import type { ExtractStep, Pipeline } from "../../contracts/index.ts";
import { PythonReference } from "./config-file.ts";
import type { Translation } from "./expressions.ts";
import type { Refusals } from "./refusal.ts";

type Filter = Record<string, unknown>;

/** Text that no right answer can be: what lm-eval puts where a filter found nothing. */
const nothingFound = "[invalid]";

/**
 * `filter_list` of a task that generates. Without one, the first response counts as it is.
 *
 * @see https://github.com/EleutherAI/lm-evaluation-harness/tree/v0.4.13/lm_eval/filters
 */
export function pipelinesOf({ config, refusals }: Translation): Pipeline[] {
  const list = config.filter_list;
  if (list === undefined || list === null) return [{ id: "none", steps: [{ use: "take-first" }] }];
  if (!Array.isArray(list)) {
    refusals.add("a configuration that lm-eval itself can't run", "filter_list isn't a list");
    return [];
  }
  return (list as { name: string; filter: Filter[] }[]).map(({ name, filter }) => {
    const steps = (filter ?? []).flatMap((one) => stepsOf(one, refusals));
    if (!steps.some((step) => step.use === "take-first" || step.use === "majority"))
      refusals.add("a filter that Assay doesn't have", `pipeline ${name} passes a list of responses on`);
    return { id: String(name), steps };
  });
}

function stepsOf({ function: name, ...options }: Filter, refusals: Refusals): ExtractStep[] {
  if (name instanceof PythonReference) {
    refusals.add("a Python function that Assay doesn't know", `filter ${name.name}`);
    return [];
  }
  const step = typeof name === "string" ? translators[name]?.(options) : undefined;
  if (step === undefined) refusals.add("a filter that Assay doesn't have", String(name));
  return step ? [step] : [];
}

const translators: Record<string, (options: Filter) => ExtractStep | undefined> = {
  take_first: () => ({ use: "take-first" }),
  take_first_k: ({ k }) => ({ use: "take-first-k", k: Number(k) }),
  majority_vote: () => ({ use: "majority" }),
  remove_whitespace: () => ({ use: "strip" }),
  lowercase: () => ({ use: "lowercase" }),
  uppercase: () => ({ use: "uppercase" }),
  regex: (options) => {
    if (options.fallback !== undefined && options.fallback !== nothingFound) return undefined;
    const pattern = (options.regex_pattern as string | undefined) ?? "#### (\\-?[0-9\\.\\,]+)";
    return { use: "regex", pattern, take: takeOf(options.group_select) };
  },
  multi_choice_regex: (options) => {
    if (options.fallback !== undefined && options.fallback !== nothingFound) return undefined;
    const ignore = options.regexes_to_ignore;
    return {
      use: "choice",
      pattern: (options.regex_pattern as string | undefined) ?? "#### (\\-?[0-9\\.\\,]+)",
      take: takeOf(options.group_select),
      ignoreCase: options.ignore_case === true,
      ignorePunctuation: options.ignore_punctuation === true,
      ignore: ignore === undefined || ignore === null ? [] : ([ignore].flat() as string[]),
    };
  },
};

/** `group_select` is a position among the matches, in spite of its name. */
function takeOf(position: unknown): "first" | "last" | number {
  if (position === undefined || position === 0) return "first";
  return position === -1 ? "last" : Number(position);
}
