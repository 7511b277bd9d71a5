import type { RunRecord, Setup } from "@assay/harness/contracts";
import { hashSetup, runIdOf } from "@assay/harness/record";
import { primaryScore } from "../data/primary-score.ts";
import { runEvidence } from "../data/provenance.ts";
import type { FoundRun } from "../data/read-results.ts";
import { secretsIn } from "../samples/secrets.ts";
import { fault, type Problem, warning } from "./problem.ts";

/** Rules that a run record alone can break. */
export function checkRecord(
  { record, bytes }: Pick<FoundRun, "record" | "bytes">,
  allowedSecrets: ReadonlySet<string>,
): Problem[] {
  const text = Buffer.from(bytes).toString("utf8");
  const found = secretsIn(text).filter((secret) => !allowedSecrets.has(secret));
  const secrets = found.map((secret) =>
    fault("SECRET", record.runId, `its record holds what looks like a credential (sha256:${secret}…)`),
  );
  const { baseUrl } = record.setup.model;
  const address = baseUrl !== null && URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  if (address?.password) secrets.push(fault("SECRET", record.runId, "its base URL holds a password"));
  return [
    ...secrets,
    ...checkIdentity(record, text),
    ...checkCompleteness(record),
    ...checkScores(record),
    ...checkEvidence(record),
    ...remarks(record),
  ];
}

/**
 * A setup that doesn't have the hash it claims would let two setups share a column. Looks at the file as written: reading
 * fills in fields that a later version added.
 */
function checkIdentity(record: RunRecord, text: string): Problem[] {
  const { comparabilityHash, identityHash, ...setup } = JSON.parse(text).setup as Setup;
  const hashed = hashSetup(setup);
  if (hashed.comparabilityHash !== comparabilityHash || hashed.identityHash !== identityHash) {
    return [fault("SETUP_HASH", record.runId, "its setup doesn't have the hash that it claims: it was edited")];
  }
  if (runIdOf(record.setup) !== record.runId) {
    return [fault("RUN_ID", record.runId, "its name doesn't follow from its setup")];
  }
  const { task, protocol, model } = record.setup;
  const said = `${record.task}@${record.protocol} of ${record.model}`;
  const meant = `${task.id}@${protocol.id} of ${model.provider}/${model.name}`;
  return said === meant ? [] : [fault("NAMES", record.runId, `it says ${said}, its setup ${meant}`)];
}

function checkCompleteness(record: RunRecord): Problem[] {
  const { counts, setup, partial, runId } = record;
  const reasons: string[] = [];
  const wanted = setup.dataset.items * setup.protocol.epochs;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const shards = record.samples.reduce((sum, shard) => sum + shard.samples, 0);
  if (setup.limit !== null && setup.limit < setup.dataset.rows) reasons.push(`it was limited to ${setup.limit} items`);
  if (total < wanted) reasons.push(`${total} of ${wanted} samples were asked`);
  if (counts.errored > 0) reasons.push(`${counts.errored} samples errored`);
  if (counts.skipped > 0) reasons.push(`${counts.skipped} samples were skipped`);
  if (record.finishedAt === null) reasons.push("it isn't finished");
  const problems: Problem[] = [];
  if (!partial && reasons.length > 0) {
    problems.push(fault("PARTIAL_RANKED", runId, `it claims to be complete, but ${reasons.join(", ")}`));
  }
  if (shards > 0 && shards !== total) {
    problems.push(fault("COUNTS", runId, `its outcomes add up to ${total}, its samples to ${shards}`));
  }
  return problems;
}

function checkScores(record: RunRecord): Problem[] {
  const { runId } = record;
  const problems: Problem[] = [];
  // A partial run may have come to nothing: it isn't ranked anyway.
  if (!record.partial && !primaryScore(record))
    problems.push(fault("PRIMARY_MISSING", runId, "it has no value of its primary metric"));
  for (const score of record.scores) {
    const name = `${score.metric} (${score.filter}, ${score.group})`;
    const { value, ci, unit } = score;
    if (value === null) continue;
    if (unit === "proportion" && (value < 0 || value > 1)) {
      problems.push(fault("UNIT", runId, `${name} is ${value}, which is no proportion`));
    }
    // A bootstrap's percentiles need not hold the value itself.
    if (ci && !/bootstrap|percentile/.test(ci.method) && (ci.low > value + 1e-9 || ci.high < value - 1e-9)) {
      problems.push(fault("INTERVAL", runId, `${name} is ${value}, outside its own interval`));
    }
    if (unit === "elo") {
      problems.push(fault("OPPONENTS", runId, `${name} is an Elo rating, and nothing says against which opponents`));
    }
    if (score.n === 0) problems.push(fault("DENOMINATOR", runId, `${name} has a value but nothing in its denominator`));
  }
  const { value, basis } = record.cost;
  if (value !== null && value < 0) problems.push(fault("COST", runId, "its cost is below 0"));
  if (value === 0 && /unknown/i.test(basis)) problems.push(fault("COST", runId, "an unknown cost is written as 0"));
  return problems;
}

/** A run's page says who measured it: that needs something to show it by. */
function checkEvidence(record: RunRecord): Problem[] {
  if (record.partial || runEvidence(record).length > 0) return [];
  const why =
    record.source.kind === "import"
      ? "it is imported, but names no file with a SHA-256 that it was read from"
      : "it has a score, but no samples to show it by";
  return [fault("EVIDENCE", record.runId, why)];
}

/** A model's verdict on a model: who judged, what of it isn't known, and whether it may favour its own kind. */
function judgeRemarks({ setup: { judge, model }, runId }: RunRecord): Problem[] {
  if (judge === null) return [];
  const unknown = Object.keys(judge).filter((field) => judge[field] === null);
  const name = typeof judge.model === "string" ? judge.model : null;
  const notes = [warning("JUDGE", runId, `a model judged the answers: ${name ?? "which one isn't recorded"}`)];
  if (unknown.length > 0) notes.push(warning("JUDGE", runId, `not recorded of the judge: ${unknown.join(", ")}`));
  if (name !== null && makerOf(name) === makerOf(`${model.provider}/${model.name}`)) {
    notes.push(warning("JUDGE", runId, `judge and model are both of ${makerOf(name)}: it may favour its own`));
  }
  return notes;
}

/** `acme` of `acme/atlas` and of `openai/acme/atlas`. */
function makerOf(model: string): string | undefined {
  return model.toLowerCase().split("/").slice(0, -1).at(-1);
}

function remarks(record: RunRecord): Problem[] {
  const { setup, runId } = record;
  const score = primaryScore(record);
  const { card } = setup.task;
  const notes: Problem[] = setup.dataset.differs.map((words) => warning("DATA_DIFFERS", runId, words));
  if (score && typeof card.chance === "number" && score.ci && score.ci.low <= card.chance) {
    notes.push(warning("CHANCE", runId, "not above chance: its interval includes the score of random guessing"));
  }
  if (score && score.n < 100) notes.push(warning("PRELIMINARY", runId, "preliminary: fewer than 100 samples"));
  if (record.environment.git?.dirty) notes.push(warning("DIRTY", runId, "run from a working copy with local changes"));
  notes.push(...judgeRemarks(record));
  const asked = record.modelsReturned.map((entry) => entry.model).filter((model) => model !== null);
  if (asked.length > 1) notes.push(warning("MODELS", runId, `the server answered as ${asked.join(", ")}`));
  if (record.source.kind === "import") {
    notes.push(warning("PROVENANCE", runId, "imported: measured by another program, not by this one"));
  }
  if (record.source.kind === "replay") {
    notes.push(warning("PROVENANCE", runId, "replayed: the answers were produced elsewhere"));
  }
  const unknown = setup.notRecorded ?? [];
  if (unknown.length > 0) {
    const some = unknown.slice(0, 3).join(", ") + (unknown.length > 3 ? " …" : "");
    notes.push(warning("NOT_RECORDED", runId, `fields of its setup that nobody recorded: ${unknown.length} (${some})`));
  }
  if (setup.sandbox?.mode === "in_process") notes.push(warning("GRADING", runId, "graded in process: can be forged"));
  return notes;
}
