import { InputError, type Json, type RunRecord, type Study } from "@assay/harness/contracts";
import { spreadTest } from "@assay/harness/stats";
import type { ItemScores } from "../samples/item-scores.ts";
import { fieldAt } from "./field-at.ts";
import { middle } from "./middle.ts";
import { primaryScore } from "./primary-score.ts";
import { type StudyEntry, studyEntrySchema } from "./schemas.ts";

/** Runs of a study above this are shown, but not tested together: shuffling them all would take long and tell little more. */
const mostTested = 60;
const seed = 20_240_531;

/**
 * Sets the runs of each study beside each other: what was varied, what came of it, and whether the spread is more than noise.
 *
 * @throws InputError `STUDY_RUN_MISSING`: leaving a declared run out would make the study say something else
 */
export function studiesOf(
  studies: readonly Study[],
  records: ReadonlyMap<string, RunRecord>,
  scores: ReadonlyMap<string, ItemScores | null>,
): StudyEntry[] {
  return studies.map((study) => {
    const runs = study.runs.map((run) => records.get(run) ?? missing(study, run));
    const cells = runs.map((record) => cellOf(study, record));
    const values = cells.flatMap((cell) => (cell.value === null ? [] : [cell.value])).sort((a, b) => a - b);
    const complete = runs.every((record) => !record.partial) && sameMeasure(runs);
    const test = complete ? testSpread(runs, scores) : null;
    return studyEntrySchema.parse({
      study,
      cells,
      unit: primaryScore(runs[0]!)?.unit ?? "proportion",
      least: values[0] ?? null,
      median: values.length === 0 ? null : middle(values),
      greatest: values.at(-1) ?? null,
      test,
    });
  });
}

function missing(study: Study, run: string): never {
  throw new InputError({
    code: "STUDY_RUN_MISSING",
    what: `Study ${study.id} names a run that isn't in the results: ${run}.`,
    why: "Leaving it out would change what the study says.",
    fix: "Bring the run's folder, or declare another study.",
  });
}

function cellOf(study: Study, record: RunRecord): StudyEntry["cells"][number] {
  const score = primaryScore(record);
  return {
    run: record.runId,
    model: record.model,
    task: record.task,
    protocol: record.protocol,
    partial: record.partial,
    varied: study.varies.map((path) => fieldAt(record.setup as unknown as Json, path)),
    value: score?.value ?? null,
    low: score?.ci?.low ?? null,
    high: score?.ci?.high ?? null,
    stderr: score?.stderr ?? null,
    n: score?.n ?? 0,
    unparsed: score?.unparsed ?? 0,
  };
}

/** Scores of different metrics or units have no common spread. */
function sameMeasure(runs: readonly RunRecord[]): boolean {
  const measures = new Set(runs.map((record) => `${primaryScore(record)?.metric} ${primaryScore(record)?.unit}`));
  return measures.size === 1;
}

/** Shuffles the setups' scores within each item; needs every run to have answered the same items. */
function testSpread(runs: readonly RunRecord[], scores: ReadonlyMap<string, ItemScores | null>): StudyEntry["test"] {
  const columns = runs.map((record) => scores.get(record.runId) ?? null);
  const [first] = columns;
  if (!first || columns.length > mostTested) return null;
  const places = columns.map(
    (column) => new Map(column?.items.map((item, at) => [item, column.values[at] ?? Number.NaN])),
  );
  const table = first.items.map((item) => places.map((place) => place.get(item) ?? Number.NaN));
  if (places.some((place) => place.size !== first.items.length) || table.flat().some(Number.isNaN)) return null;
  const result = spreadTest(table, { seed });
  return result && { spread: result.spread, expected: result.nullSpread, p: result.p, setups: columns.length };
}
