/** Why a task can't be run as lm-eval would run it. */
export interface Refusal {
  /** What stands in the way, the same words for all tasks it concerns: reasons are counted by it. */
  reason:
    | "defined by a Python class"
    | "a Python function that Assay doesn't know"
    | "a metric that Assay doesn't have"
    | "a filter that Assay doesn't have"
    | "an aggregation that Assay doesn't have"
    | "runs generated code under a harness of its own"
    | "images or sound"
    | "data that a script makes or loads in its own way"
    | "data that isn't on the Hugging Face Hub"
    | "few-shot examples chosen in a way that Assay doesn't have"
    | "only the first of several samples counts"
    | "a prompt whose kind depends on the data"
    | "a configuration that lm-eval itself can't run";
  /** The particular: which function, which metric, which key. */
  detail: string;
}

/** Collects every reason, so that a task is refused with all of them at once. */
export class Refusals {
  readonly list: Refusal[] = [];

  add(reason: Refusal["reason"], detail: string): void {
    if (!this.list.some((known) => known.reason === reason && known.detail === detail))
      this.list.push({ reason, detail });
  }
}
