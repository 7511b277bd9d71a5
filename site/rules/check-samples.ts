import type { RunRecord } from "@assay/harness/contracts";
import type { IngestedRun } from "../samples/ingest-run.ts";
import { sampleMetric } from "../samples/item-scores.ts";
import { fault, type Problem, warning } from "./problem.ts";

/** Rules that need a run's samples. */
export function checkSamples(record: RunRecord, ingested: IngestedRun, allowedSecrets: ReadonlySet<string>): Problem[] {
  const { runId } = record;
  const problems: Problem[] = [];
  const { duplicates, countedErrors } = ingested;
  if (duplicates.length > 0) {
    problems.push(fault("DUPLICATE", runId, `${duplicates.length} samples are there twice, e.g. ${duplicates[0]}`));
  }
  if (countedErrors.length > 0) {
    const example = `${countedErrors.length} errored samples have a value, e.g. ${countedErrors[0]}`;
    problems.push(fault("ERROR_COUNTED", runId, example));
  }
  const secrets = [...ingested.secrets].filter((secret) => !allowedSecrets.has(secret));
  if (secrets.length > 0) {
    const names = secrets.map((secret) => `sha256:${secret}…`).join(", ");
    problems.push(fault("SECRET", runId, `its samples hold what looks like a credential (${names})`));
  }
  return [...problems, ...checkScore(record, ingested)];
}

/** The score must be the mean of the samples that it claims to sum up. */
function checkScore(record: RunRecord, { columns }: IngestedRun): Problem[] {
  const { metric, filter, k } = sampleMetric(record);
  const score = record.scores.find(
    (entry) => entry.metric === metric && entry.filter === filter && entry.group === "all",
  );
  if (!score || k !== null || columns.combined || score.unit === "perplexity") return [];
  const counted = columns.values.filter((value) => value !== null);
  if (counted.length === 0 || score.value === null) return [];
  const mean = counted.reduce((sum, value) => sum + value, 0) / counted.length;
  // Another program's score is kept as it reported it: what its samples give is told beside it.
  const judge = record.source.kind === "import" ? warning : fault;
  if (counted.length !== score.n) {
    const message = `${metric} claims n = ${score.n}, but ${counted.length} samples have a value`;
    return [judge("DENOMINATOR", record.runId, message)];
  }
  if (Math.abs(mean - score.value) <= 1e-9) return [];
  return [judge("SCORE", record.runId, `${metric} is recorded as ${score.value}, its samples give ${mean}`)];
}
