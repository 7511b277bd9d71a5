import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  cardSchema,
  outcomeKinds,
  protocolSchema,
  type RunRecord,
  runRecordSchema,
  type Sample,
  type Score,
  type Setup,
  type TaskCard,
} from "@assay/harness/contracts";
import { hashOf, hashSetup, runIdOf, ShardWriter } from "@assay/harness/record";
import { randomStream, scoreInterval } from "@assay/harness/stats";

/** A made-up world of models and tasks: scores follow from skill and difficulty, everything is drawn from one seed. */
export interface MadeWorld {
  models: { name: string; skill: number; costPerSample: number | null; milliseconds: number }[];
  tasks: { id: string; items: number; difficulty: number }[];
  seed: number;
  /** Protocol overrides, one further setup each, asked of every model. */
  shots?: number[];
  /** Fields of every task's card. */
  card?: Partial<TaskCard>;
  /** Changes a sample before it is written (hostile texts, errors …). */
  change?: (sample: Sample, model: string) => Sample;
}

const sixModels: MadeWorld["models"] = [
  { name: "acme/atlas-70b", skill: 1.6, costPerSample: 0.0009, milliseconds: 900 },
  { name: "acme/atlas-8b", skill: 0.5, costPerSample: 0.00012, milliseconds: 240 },
  { name: "borealis/north-1", skill: 1.5, costPerSample: 0.004, milliseconds: 2100 },
  { name: "borealis/north-1-mini", skill: 0.7, costPerSample: 0.0004, milliseconds: 480 },
  { name: "quarry/granule-3b", skill: -0.3, costPerSample: null, milliseconds: 130 },
  { name: "quarry/granule-14b", skill: 0.9, costPerSample: null, milliseconds: 350 },
];

/** Six models on three tasks under two setups: what most tests look at. */
export const smallWorld: MadeWorld = {
  models: sixModels,
  tasks: [
    { id: "planets", items: 240, difficulty: 0.2 },
    { id: "recipes", items: 150, difficulty: 0.9 },
    { id: "timetables", items: 60, difficulty: -0.6 },
  ],
  seed: 11,
  shots: [0, 5],
};

/** Writes records and shards of every model × task × setup into `<results>/runs`. @returns the records */
export async function makeResults(results: string, world: MadeWorld): Promise<RunRecord[]> {
  const records: RunRecord[] = [];
  for (const task of world.tasks) {
    for (const shots of world.shots ?? [0]) {
      for (const model of world.models)
        records.push(await makeRun(results, world, { task, shots, model, card: world.card ?? {} }));
    }
  }
  return records;
}

interface Part {
  task: MadeWorld["tasks"][number];
  shots: number;
  model: MadeWorld["models"][number];
  card: Partial<TaskCard>;
}

async function makeRun(results: string, world: MadeWorld, part: Part): Promise<RunRecord> {
  const setup = setupOf(part);
  const runId = runIdOf(setup);
  const folder = join(results, "runs", runId);
  mkdirSync(folder, { recursive: true });
  const writer = new ShardWriter(folder);
  const samples: Sample[] = [];
  const random = randomStream(world.seed, `${part.model.name} ${part.task.id} ${part.shots}`);
  const draw = () => (random.next() >>> 0) / 2 ** 32;
  for (let row = 0; row < part.task.items; row++) {
    const made = makeSample(part, row, draw);
    const sample = world.change ? world.change(made, part.model.name) : made;
    samples.push(sample);
    await writer.add(JSON.stringify(sample));
  }
  const record = recordOf(part, setup, samples, await writer.close());
  writeFileSync(join(folder, "run.json"), `${JSON.stringify(record, null, 2)}\n`);
  return record;
}

function makeSample(part: Part, row: number, draw: () => number): Sample {
  const { task, shots, model } = part;
  const hard = difficultyOf(task.id, row) + task.difficulty;
  const chance = 1 / (1 + Math.exp(-1.4 * (model.skill + 0.06 * shots - hard)));
  const choices = ["amber", "basalt", "cobalt", "dolomite"].map((stone) => `${stone} ${(row % 7) + 2}`);
  const target = row % 4;
  const luck = draw();
  const refused = luck > 0.995;
  const unparsed = !refused && luck > 0.98;
  const right = draw() < chance;
  const letter = "ABCD"[right ? target : (target + 1 + Math.floor(draw() * 3)) % 4] ?? "A";
  const text = unparsed
    ? "It could be any of these."
    : `Let me think.\nThe ${choices[target]} is named first.\nAnswer: ${letter}`;
  const value = unparsed || refused ? 0 : Number(right);
  const question = `Item ${row} of ${task.id}: which stone is named?\n${choices.map((choice, index) => `${"ABCD"[index]}. ${choice}`).join("\n")}`;
  const shown = Array.from(
    { length: shots },
    (_, shot) => `Example ${shot + 1}: which stone is named?\nA. amber\nB. basalt\nAnswer: A\n\n`,
  );
  const request = {
    kind: "chat" as const,
    messages: [{ role: "user" as const, content: `${shown.join("")}${question}` }],
    stop: [],
    parameters: setupOf(part).protocol.generate,
  };
  const { stop, ...parameters } = request.parameters;
  return {
    item: `test/${row}`,
    epoch: 0,
    row,
    requestHash: hashOf([task.id, shots, row]),
    categories: { area: row % 3 === 0 ? "minerals" : row % 3 === 1 ? "gems" : "soils" },
    cluster: null,
    fields: { target, choices, answer: "ABCD"[target] ?? "A", extra: {} },
    shots: shown.map((_, shot) => `train/${shot}`),
    request: { ...request, parameters },
    response: {
      text: refused ? "" : text,
      reasoning: null,
      likelihoods: null,
      finishReason: "stop",
      refusal: refused ? "I can't help with that." : null,
      model: model.name,
      fingerprint: null,
      usage: {
        input: 60 + shots * 20 + (row % 9),
        output: 14 + Math.floor(draw() * 20),
        reasoning: null,
        cacheRead: null,
        cacheWrite: null,
      },
      latency: {
        firstByteMs: model.milliseconds / 4,
        totalMs: Math.round(model.milliseconds * (0.6 + draw() + (luck > 0.9 ? 2 : 0))),
      },
      attempts: 1,
      cached: false,
      exchanges: [],
    },
    answers: [
      {
        filter: "stated",
        answer: unparsed || refused ? null : letter,
        span: unparsed || refused ? null : [text.length - 1, text.length],
        by: 'regex "Answer: ([A-D])"',
      },
    ],
    values: [{ metric: "exact_match", filter: "stated", value }],
    outcome: refused
      ? { kind: "refused", reason: "provider" }
      : unparsed
        ? { kind: "unparsed" }
        : { kind: "scored", truncated: false },
    grading: null,
  };
}

const setups = new Map<string, Setup>();

function setupOf(part: Part): Setup {
  const key = JSON.stringify([part.task.id, part.task.items, part.shots, part.model.name, part.card]);
  const known = setups.get(key);
  if (known) return known;
  const { task, shots, model, card } = part;
  const made = hashSetup({
    task: {
      id: task.id,
      title: `Made-up ${task.id}`,
      definitionSha256: hashOf(task.id),
      card: cardSchema.parse({
        purpose: `Tests of the site: questions on ${task.id}.`,
        doesNotSay: "Anything about a real model.",
        licence: "CC0-1.0",
        size: task.items,
        chance: 0.25,
        human: { value: 0.93, source: "made up", who: "nobody" },
        labelErrors: { rate: 0.02, source: "made up" },
        published: "2026-01",
        ...card,
      }),
    },
    protocol: protocolSchema.parse({
      id: "chat",
      title: "zero-shot chat, letter at the end",
      source: { project: "Assay", version: "1" },
      method: "generate",
      layout: "chat",
      question: "{{ question }}\n{% for choice in choices %}{{ choice }}\n{% endfor %}",
      answer: "Answer: {{ answer }}",
      shots: { count: shots, split: "train", sampler: "first_n" },
      generate: { temperature: 0, maxTokens: 256 },
      extract: [{ id: "stated", steps: [{ use: "regex", pattern: "Answer: ([A-D])" }] }],
      metrics: [{ metric: "exact_match" }],
      primary: { metric: "exact_match", filter: "stated" },
    }),
    overrides: shots === 0 ? [] : [{ path: "shots.count", from: 0, to: shots, by: "--shots" }],
    dataset: {
      kind: "local",
      repo: null,
      revision: null,
      config: null,
      split: "test",
      rows: task.items,
      items: task.items,
      itemsSha256: hashOf([task.id, "rows"]),
      itemIdsSha256: hashOf([task.id, "ids"]),
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
      name: model.name,
      baseUrl: "https://models.example/v1",
      options: {},
      chatTemplateSha256: null,
    },
  });
  setups.set(key, made);
  return made;
}

function recordOf(part: Part, setup: Setup, samples: readonly Sample[], shards: RunRecord["samples"]): RunRecord {
  const counts = Object.fromEntries(outcomeKinds.map((kind) => [kind, 0])) as RunRecord["counts"];
  for (const sample of samples) counts[sample.outcome.kind] += 1;
  const times = Float64Array.from(samples, (sample) => sample.response?.latency.totalMs ?? 0).sort();
  const at = (share: number) => times[Math.max(0, Math.ceil(share * times.length) - 1)] ?? 0;
  const day = String(1 + (Number.parseInt(setup.identityHash.slice(0, 4), 16) % 27)).padStart(2, "0");
  const usage = { reasoning: null, cacheRead: null, cacheWrite: null, requests: samples.length, retries: 0, cached: 0 };
  const total = (pick: (sample: Sample) => number | null | undefined) =>
    samples.reduce((sum, sample) => sum + (pick(sample) ?? 0), 0);
  const cost = part.model.costPerSample;
  return runRecordSchema.parse({
    format: "assay-run-1",
    runId: runIdOf(setup),
    task: part.task.id,
    protocol: "chat",
    model: `openai/${part.model.name}`,
    setup,
    partial: counts.errored > 0,
    partialReasons: counts.errored > 0 ? [`${counts.errored} samples errored`] : [],
    command: ["assay", "run", `${part.task.id}@chat`, "--model", `openai/${part.model.name}`],
    startedAt: `2026-03-${day}T09:00:00.000Z`,
    finishedAt: `2026-03-${day}T09:05:00.000Z`,
    seconds: 300,
    environment: { assay: "0.1.0", lockSha256: null, git: null, node: "v24.0.0", platform: "linux-x64", cpus: 2 },
    modelsReturned: [{ model: part.model.name, fingerprint: null, samples: samples.length }],
    counts,
    failures: [],
    truncated: 0,
    straddled: 0,
    scores: scoresOf(samples),
    usage: {
      ...usage,
      input: total((sample) => sample.response?.usage.input),
      output: total((sample) => sample.response?.usage.output),
    },
    cost: {
      value: cost === null ? null : cost * samples.length,
      currency: "USD",
      basis: cost === null ? "unknown" : "list price on 2026-03-01, made up",
    },
    latency: { total: { p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99), max: at(1) }, firstByte: null },
    samples: shards,
    source: { kind: "assay", note: null, details: {} },
  });
}

function scoresOf(samples: readonly Sample[]): Score[] {
  const groups = ["all", ...new Set(samples.map((sample) => `area=${sample.categories.area}`))];
  return groups.map((group) => {
    const members = samples.filter((sample) => group === "all" || group === `area=${sample.categories.area}`);
    const values = members.flatMap((sample) => sample.values.map((entry) => entry.value).filter((v) => v !== null));
    const summary = scoreInterval(values);
    return {
      metric: "exact_match",
      filter: "stated",
      group,
      value: summary?.value ?? null,
      unit: "proportion",
      lowerIsBetter: false,
      n: values.length,
      items: values.length,
      unparsed: members.filter((sample) => sample.answers[0]?.answer === null).length,
      stderr: summary?.stderr ?? null,
      ci: summary?.ci ?? null,
    };
  });
}

/** Difficulty of an item, the same for every model: what makes paired tests sharper than unpaired ones. */
function difficultyOf(task: string, row: number): number {
  return (Number.parseInt(hashOf([task, row, "difficulty"]).slice(0, 8), 16) / 2 ** 32 - 0.5) * 4;
}
