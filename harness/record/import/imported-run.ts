import {
  type Interval,
  type JsonObject,
  type MetricSpec,
  type OutcomeCounts,
  outcomeKinds,
  type Protocol,
  protocolSchema,
  type RunRecord,
  type Sample,
  type Score,
  type Setup,
} from "../../contracts/index.ts";
import { scoreInterval } from "../../stats/index.ts";
import { hashOf } from "../hash.ts";
import { makeRunFolder, writeRun } from "../run-folder.ts";
import { hashSetup, runIdOf } from "../setup-hash.ts";
import { ShardWriter } from "../shards.ts";

/** What stands where a text is asked for and nobody wrote one down. */
export const notRecorded = "not recorded";

/** A run of another program, as far as its files tell. */
export interface ForeignRun {
  task: string;
  title: string;
  /** Project and version of the program, and the file. */
  library: string;
  version: string;
  file: string;
  fileSha256: string;
  model: { provider: string; name: string; baseUrl: string | null; options: JsonObject };
  protocol: Partial<Protocol> & Pick<Protocol, "method" | "layout" | "question">;
  metrics: MetricSpec[];
  dataset: {
    repo: string | null;
    revision: string | null;
    config: string | null;
    split: string;
    rows: number;
    items: number;
  };
  /** The model that judged the answers; left out or `null` where none did. */
  judge?: JsonObject | null;
  limit: number | null;
  /** Comparable fields that the program doesn't record. */
  unknown: string[];
  /** As reported; intervals are added from the samples where there are any. */
  scores: Omit<Score, "ci">[];
  samples: readonly Sample[];
  startedAt: string;
  seconds: number;
  details: JsonObject;
}

/** Fields that no program but ours records. */
const alwaysUnknown = [
  "definition",
  "dataset.itemsSha256",
  "dataset.itemIdsSha256",
  "shotPool",
  "versions",
  "protocol.denominator",
  "sandbox",
];

/**
 * Writes a foreign run as a record of ours. It keeps the scores as reported; what its program didn't record is marked so, and
 * equals nothing.
 */
export async function writeForeignRun(
  results: string,
  foreign: ForeignRun,
): Promise<{ record: RunRecord; folder: string }> {
  const setup = setupOf(foreign);
  const runId = runIdOf(setup);
  const folder = await makeRunFolder(results, runId);
  const shards = new ShardWriter(folder);
  for (const sample of foreign.samples) await shards.add(JSON.stringify(sample));
  const record: RunRecord = {
    format: "assay-run-1",
    runId,
    task: setup.task.id,
    protocol: setup.protocol.id,
    model: `${setup.model.provider}/${setup.model.name}`,
    setup,
    ...partiality(foreign),
    command: [],
    startedAt: foreign.startedAt,
    finishedAt: new Date(Date.parse(foreign.startedAt) + foreign.seconds * 1000).toISOString(),
    seconds: foreign.seconds,
    environment: {
      assay: notRecorded,
      lockSha256: null,
      git: null,
      node: notRecorded,
      platform: notRecorded,
      cpus: 0,
    },
    modelsReturned: [],
    counts: countsOf(foreign),
    failures: failuresOf(foreign.samples),
    truncated: foreign.samples.filter(({ outcome }) => outcome.kind === "scored" && outcome.truncated).length,
    straddled: 0,
    // Our n counts samples; Inspect's counts items after their epochs were reduced.
    scores: foreign.scores.map((score) => ({
      ...score,
      n: valuesOf(foreign, score).length || score.n,
      ci: intervalOf(foreign, score),
    })),
    usage: usageOf(foreign.samples),
    cost: { value: null, currency: "USD", basis: notRecorded },
    latency: { total: null, firstByte: null },
    samples: await shards.close(),
    source: {
      kind: "import",
      note: `${foreign.library} ${foreign.version}`,
      details: {
        library: foreign.library,
        version: foreign.version,
        file: foreign.file,
        sha256: foreign.fileSha256,
        differs: differencesOf(foreign),
        ...foreign.details,
      },
    },
  };
  await writeRun(folder, record);
  return { record, folder };
}

function setupOf(foreign: ForeignRun): Setup {
  const { protocol, metrics, dataset, library, version, file } = foreign;
  const [first] = foreign.scores;
  const complete = protocolSchema.parse({
    id: "imported",
    title: `As ${library} ${version} asked it`,
    source: { project: library, version, file },
    answer: notRecorded,
    ...protocol,
    metrics,
    primary: { metric: first?.metric ?? "none", ...(first ? { filter: first.filter } : {}) },
  });
  return hashSetup({
    task: {
      id: foreign.task,
      title: foreign.title,
      definitionSha256: notRecorded,
      card: { purpose: notRecorded, licence: notRecorded, publishSamples: "hashed" },
    },
    protocol: complete,
    overrides: [],
    dataset: {
      kind: dataset.repo === null ? "local" : "hub",
      ...dataset,
      itemsSha256: notRecorded,
      itemIdsSha256: hashOf(foreign.samples.filter((sample) => sample.epoch === 0).map((sample) => sample.item)),
      files: [],
      differs: [],
    },
    shotPool: null,
    limit: foreign.limit,
    notRecorded: [...new Set([...alwaysUnknown, ...foreign.unknown])],
    versions: { prompt: 0, extract: 0, score: 0 },
    judge: foreign.judge ?? null,
    sandbox: null,
    model: { ...foreign.model, chatTemplateSha256: null },
  });
}

function partiality({ limit, dataset, samples }: ForeignRun): Pick<RunRecord, "partial" | "partialReasons"> {
  const errored = samples.filter((sample) => sample.outcome.kind === "errored").length;
  const reasons = [
    ...(limit === null && dataset.items >= dataset.rows ? [] : [`${dataset.items} of ${dataset.rows} rows were asked`]),
    ...(errored > 0 ? [`${errored} of ${samples.length} samples errored and were not scored`] : []),
  ];
  return { partial: reasons.length > 0, partialReasons: reasons };
}

function countsOf({ samples, scores }: ForeignRun): OutcomeCounts {
  const counts = Object.fromEntries(outcomeKinds.map((kind) => [kind, 0])) as OutcomeCounts;
  for (const { outcome } of samples) counts[outcome.kind] += 1;
  if (samples.length === 0) counts.scored = scores[0]?.n ?? 0;
  return counts;
}

function failuresOf(samples: readonly Sample[]): RunRecord["failures"] {
  const failures = new Map<string, RunRecord["failures"][number]>();
  for (const { outcome } of samples) {
    if (outcome.kind !== "errored") continue;
    const failure = failures.get(outcome.message) ?? { code: outcome.code, message: outcome.message, samples: 0 };
    failure.samples += 1;
    failures.set(outcome.message, failure);
  }
  return [...failures.values()];
}

function usageOf(samples: readonly Sample[]): RunRecord["usage"] {
  const total = (key: "input" | "output" | "reasoning" | "cacheRead" | "cacheWrite") => {
    const known = samples.flatMap(({ response }) => response?.usage[key] ?? []);
    return known.length === 0 ? null : known.reduce((sum, amount) => sum + amount, 0);
  };
  return {
    input: total("input"),
    output: total("output"),
    reasoning: total("reasoning"),
    cacheRead: total("cacheRead"),
    cacheWrite: total("cacheWrite"),
    requests: samples.filter(({ response }) => response !== null).length,
    retries: 0,
    cached: 0,
  };
}

function valuesOf({ samples }: ForeignRun, of: Pick<Score, "metric" | "filter">): number[] {
  return samples.flatMap((sample) => valuesIn(sample, of));
}

function valuesIn({ values }: Sample, { metric, filter }: Pick<Score, "metric" | "filter">): number[] {
  return values.flatMap((entry) => (entry.metric === metric && entry.filter === filter ? (entry.value ?? []) : []));
}

/** From the samples' values, where their mean is the score that was reported. */
function intervalOf(foreign: ForeignRun, score: Omit<Score, "ci">): Interval | null {
  const rows = foreign.samples.flatMap((sample) => valuesIn(sample, score).map(() => sample.row));
  const summary = scoreInterval(valuesOf(foreign, score), {
    bounds: score.unit === "proportion" ? [0, 1] : null,
    // Several epochs of an item are no independent samples.
    ...(new Set(rows).size < rows.length ? { clusters: rows } : {}),
  });
  return summary && score.value !== null && Math.abs(summary.value - score.value) < tolerance ? summary.ci : null;
}

const tolerance = 1e-9;

/** Scores that the samples don't add up to: told, not mended. */
function differencesOf(foreign: ForeignRun): string[] {
  return foreign.scores.flatMap((score) => {
    const values = valuesOf(foreign, score);
    if (values.length === 0 || score.value === null || score.unit !== "proportion") return [];
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    if (Math.abs(mean - score.value) < tolerance) return [];
    return [`${score.metric},${score.filter}: reported ${score.value}, the samples' mean is ${mean}`];
  });
}
