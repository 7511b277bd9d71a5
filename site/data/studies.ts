import { InputError, type Json, type RunRecord, type Study } from "@assay/harness/contracts";
import { scoreInterval, spreadTest } from "@assay/harness/stats";
import type { ItemScores } from "../samples/item-scores.ts";
import { fieldAt } from "./field-at.ts";
import { middle } from "./middle.ts";
import { primaryScore } from "./primary-score.ts";
import { readingsOf } from "./readings.ts";
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
    const cells = runs.map((record) => ({
      ...cellOf(study, record),
      adjusted: adjustedInterval(record, scores.get(record.runId) ?? null, runs.length),
    }));
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
      readings: complete ? readingsOf(runs) : null,
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

/**
 * Bonferroni's interval: with each of k intervals at level 1 − α/k, all hold together with probability 1 − α at least.
 *
 * @returns `null` where the recorded interval isn't the one that the items' scores give: then it was made in another way
 */
function adjustedInterval(
  record: RunRecord,
  scores: ItemScores | null,
  runs: number,
): StudyEntry["cells"][number]["adjusted"] {
  const recorded = primaryScore(record)?.ci;
  if (!recorded || scores === null || scores.values.some(Number.isNaN)) return null;
  const clusters = scores.clusters === null ? {} : { clusters: scores.clusters };
  const at = (level: number) => scoreInterval(scores.values, { ...clusters, level })?.ci;
  const again = at(recorded.level);
  if (!again || Math.max(Math.abs(again.low - recorded.low), Math.abs(again.high - recorded.high)) > 1e-9) return null;
  const level = 1 - (1 - recorded.level) / runs;
  const wider = at(level);
  return wider ? { level, low: wider.low, high: wider.high } : null;
}

function cellOf(study: Study, record: RunRecord): Omit<StudyEntry["cells"][number], "adjusted"> {
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
