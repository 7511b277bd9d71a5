import {
  generationSchema,
  type JsonObject,
  protocolSchema,
  type RunRecord,
  runRecordSchema,
  type Sample,
  sampleSchema,
} from "../../contracts/index.ts";
import { hashSetup, runIdOf } from "../setup-hash.ts";

const protocols = {
  generate: {
    method: "generate",
    question: "Q: {{ q }}",
    answer: "{{ a }}",
    target: "{{ a }}",
    shots: { count: 2, split: "train", sampler: "first_n" },
    generate: { temperature: 0, maxTokens: 16, stop: ["\n"] },
    extract: [
      { id: "strict", steps: [{ use: "regex", pattern: "(\\d+)" }] },
      { id: "loose", steps: [{ use: "strip" }] },
    ],
    metrics: [{ metric: "exact_match" }],
    primary: { metric: "exact_match", filter: "strict" },
  },
  choice: {
    method: "choice",
    question: "{{ q }}",
    answer: "{{ a }}",
    choices: ["yes", "no"],
    metrics: [{ metric: "acc" }],
    primary: { metric: "acc" },
  },
} as const;

type Kind = keyof typeof protocols;

/** A finished run of four items, as a run would have recorded it. */
export function smallRun(kind: Kind, change: Partial<RunRecord> = {}): { record: RunRecord; samples: Sample[] } {
  const protocol = protocolSchema.parse({
    id: "plain",
    title: "Plain",
    source: { project: "tests", version: "1" },
    layout: "text",
    ...protocols[kind],
  });
  const setup = hashSetup({
    task: {
      id: `toy_${kind}`,
      title: "Toy",
      definitionSha256: "d",
      card: { purpose: "tests", licence: "CC0", publishSamples: "full" },
    },
    protocol,
    overrides: [],
    dataset: {
      kind: "hub",
      repo: "owner/toy",
      revision: "a".repeat(40),
      config: null,
      split: "test",
      rows: 4,
      items: 4,
      itemsSha256: "i",
      itemIdsSha256: "j",
      files: [],
      differs: [],
    },
    shotPool: null,
    limit: null,
    versions: { prompt: 1, extract: 1, score: 1 },
    judge: null,
    sandbox: null,
    model: {
      provider: "openai",
      name: "maker/small",
      baseUrl: "http://localhost/v1",
      options: {},
      chatTemplateSha256: null,
    },
  });
  const samples = kind === "generate" ? generated() : chosen();
  return { record: recordOf(setup, samples, change), samples };
}

function recordOf(setup: RunRecord["setup"], samples: readonly Sample[], change: Partial<RunRecord>): RunRecord {
  const keys = [...new Set(samples.flatMap(({ values }) => values.map(({ metric, filter }) => `${metric},${filter}`)))];
  return runRecordSchema.parse({
    format: "assay-run-1",
    runId: runIdOf(setup),
    task: setup.task.id,
    protocol: setup.protocol.id,
    model: "openai/maker/small",
    setup,
    partial: false,
    partialReasons: [],
    command: ["assay", "run", setup.task.id],
    startedAt: "2026-11-01T10:00:00.000Z",
    finishedAt: "2026-11-01T10:00:30.000Z",
    seconds: 30,
    environment: { assay: "0.1.0", lockSha256: null, git: null, node: "v24", platform: "linux", cpus: 2 },
    modelsReturned: [{ model: "small-1", fingerprint: null, samples: 4 }],
    counts: { scored: 3, errored: 1, limited: 0, unparsed: 0, refused: 0, skipped: 0 },
    failures: [{ code: "MODEL_SERVER", message: "500", samples: 1 }],
    truncated: 0,
    straddled: 0,
    scores: keys.map((key) => scoreOf(key, samples)),
    usage: {
      input: 40,
      output: 8,
      reasoning: null,
      cacheRead: null,
      cacheWrite: null,
      requests: 4,
      retries: 1,
      cached: 0,
    },
    cost: { value: null, currency: "USD", basis: "unknown" },
    latency: { total: null, firstByte: null },
    samples: [],
    source: { kind: "assay", note: null, details: {} },
    ...change,
  });
}

function scoreOf(key: string, samples: readonly Sample[]): JsonObject {
  const [metric = "", filter = ""] = key.split(",");
  const values = samples.flatMap((sample) =>
    sample.values.flatMap((entry) => (entry.metric === metric && entry.filter === filter ? (entry.value ?? []) : [])),
  );
  const value = values.reduce((sum, entry) => sum + entry, 0) / values.length;
  const stderr = Math.sqrt((value * (1 - value)) / (values.length - 1));
  const ci = { low: 0.2, high: 0.9, level: 0.95, method: "wilson" };
  return {
    metric,
    filter,
    group: "all",
    value,
    unit: "proportion",
    lowerIsBetter: false,
    n: values.length,
    items: values.length,
    unparsed: 0,
    stderr,
    ci,
  };
}

const response = {
  text: null as string | null,
  reasoning: null,
  likelihoods: null as object[] | null,
  finishReason: "stop",
  refusal: null,
  model: "small-1",
  fingerprint: null,
  usage: { input: 10, output: 2, reasoning: null, cacheRead: null, cacheWrite: null },
  latency: { firstByteMs: 5, totalMs: 20 },
  attempts: 1,
  cached: false,
  exchanges: [],
};

const common = (row: number) => ({
  item: `test/${row}`,
  epoch: 0,
  row,
  requestHash: `h${row}`,
  categories: {},
  cluster: null,
  shots: [],
  grading: null,
});

function parameters(): JsonObject {
  const { stop: _, ...rest } = generationSchema.parse({ temperature: 0, maxTokens: 16 });
  return rest;
}

/** Right, wrong (a formula for spreadsheets), right with odd characters, and an error. */
function generated(): Sample[] {
  const texts = ["4", "=SUM(A1)", '7, "seven"\n', null];
  return texts.map((text, row) => {
    const target = ["4", "5", "7", "8"][row] ?? "";
    const digits = /\d+/.exec(text ?? "")?.[0] ?? null;
    const errored = { kind: "errored", code: "MODEL_SERVER", message: "500", status: 500, attempts: 3 };
    return sampleSchema.parse({
      ...common(row),
      fields: { target, choices: null, answer: target },
      request: {
        kind: "text",
        prompt: `Q: ${row}`,
        stop: ["\n"],
        parameters: parameters(),
      },
      response: text === null ? null : { ...response, text },
      answers:
        text === null
          ? []
          : [
              { filter: "strict", answer: digits, span: null, by: "regex" },
              { filter: "loose", answer: text.trim(), span: null, by: "strip" },
            ],
      values:
        text === null
          ? []
          : [
              { metric: "exact_match", filter: "strict", value: Number(digits === target) },
              { metric: "exact_match", filter: "loose", value: Number(text.trim() === target) },
            ],
      outcome: text === null ? errored : { kind: "scored", truncated: false },
    });
  });
}

function chosen(): Sample[] {
  return [0, 1, 0, 1].map((target, row) =>
    sampleSchema.parse({
      ...common(row),
      fields: { target, choices: ["yes", "no"], answer: ["yes", "no"][target] },
      request: { kind: "likelihood", prompt: `Is ${row} even?`, continuations: [" yes", " no"] },
      response: {
        ...response,
        likelihoods: [
          { logprob: -1.5, tokens: 1, greedy: row % 2 === 0, straddled: false },
          { logprob: -2.25, tokens: 1, greedy: null, straddled: false },
        ],
      },
      answers: [],
      values: [{ metric: "acc", filter: "none", value: Number(target === 0) }],
      outcome: { kind: "scored", truncated: false },
    }),
  );
}
