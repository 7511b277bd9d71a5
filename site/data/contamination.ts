import { InputError, nearestName, type RunRecord } from "@assay/harness/contracts";
import { type Problem, warning } from "../rules/problem.ts";
import type { ContaminationFlag } from "./declared-schemas.ts";

/**
 * Remarks for the scores that a declared contamination flag is about. A flag never takes a score away or changes its rank:
 * whom it would favour is not for the site to choose.
 *
 * @throws InputError `CONTAMINATION_UNKNOWN` on a task or model that no record has: a flag with a typo would be silent
 */
export function contaminationRemarks(flags: readonly ContaminationFlag[], records: readonly RunRecord[]): Problem[] {
  const tasks = new Set(records.map((record) => record.task));
  const models = new Set(records.map((record) => record.model));
  for (const flag of flags) {
    mustKnow(flag.task, "task", tasks);
    for (const model of flag.models ?? []) mustKnow(model, "model", models);
  }
  return flags.flatMap((flag) =>
    records
      .filter((record) => record.task === flag.task && (flag.models?.includes(record.model) ?? true))
      .map(({ runId }) => warning("CONTAMINATION", runId, words(flag))),
  );
}

function words({ level, method, date, models }: ContaminationFlag): string {
  return `contamination: ${level} evidence that ${models ? "the model" : "training data"} holds items of the task (${method}, ${date})`;
}

function mustKnow(name: string, kind: "task" | "model", known: ReadonlySet<string>): void {
  if (known.has(name)) return;
  const nearest = nearestName(name, known);
  throw new InputError({
    code: "CONTAMINATION_UNKNOWN",
    what: `contamination.yaml names the ${kind} ${name}, of which there is no run.`,
    why: "A flag that stands beside no score would be read by nobody.",
    fix: nearest === undefined ? "Take the flag out, or bring the runs." : `Did you mean ${nearest}?`,
  });
}
