import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { runRecordSchema, type Sample, sampleSchema } from "../../contracts/index.ts";
import { exportRun } from "../export/export-run.ts";
import { readRun, readSamples } from "../run-folder.ts";
import { comparabilityDifferences } from "../setup-hash.ts";
import { makeZip } from "../testing/make-zip.ts";
import { smallRun } from "../testing/small-run.ts";
import { importResults } from "./import-results.ts";

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "assay-import-"));
  made.push(folder);
  return folder;
}

function write(folder: string, path: string, content: string | Uint8Array): string {
  const location = join(folder, path);
  mkdirSync(dirname(location), { recursive: true });
  writeFileSync(location, content);
  return location;
}

async function imported(path: string, results = scratch()) {
  const runs = [];
  for await (const { record, folder } of importResults(path, { results })) {
    const samples: Sample[] = [];
    for await (const sample of readSamples(folder, record)) samples.push(sampleSchema.parse(sample));
    expect(runRecordSchema.parse(await readRun(folder))).toEqual(record);
    runs.push({ record, samples, folder });
  }
  return runs;
}

async function exportedAsLmEval(
  kind: "generate" | "choice",
): Promise<{ folder: string; original: ReturnType<typeof smallRun> }> {
  const original = smallRun(kind);
  const source = {
    record: original.record,
    async *samples() {
      yield* original.samples;
    },
  };
  const { files } = await exportRun("lm-eval", source, { at: new Date(), publisher: {} });
  const folder = scratch();
  for (const { path, content } of files) {
    let text = "";
    if (typeof content === "string") text = content;
    else for await (const piece of content as AsyncIterable<string>) text += piece;
    write(folder, path, text);
  }
  return { folder, original };
}

describe.each(["generate", "choice"] as const)("a run exported to lm-eval's form and imported again (%s)", (kind) => {
  test("has the same scores, errors and intervals that its samples give", async () => {
    const { folder, original } = await exportedAsLmEval(kind);
    const [run] = await imported(folder);
    const essential = (scores: typeof original.record.scores) =>
      scores.map(({ metric, filter, group, value, stderr }) => ({ metric, filter, group, value, stderr }));
    expect(essential(run!.record.scores)).toEqual(essential(original.record.scores));
    expect(run!.record.scores[0]?.ci?.method).toBe("wilson");
    expect(run!.record.source.details.differs).toEqual([]);
  });

  test("has the same prompts, responses, answers and values", async () => {
    const { folder, original } = await exportedAsLmEval(kind);
    const [run] = await imported(folder);
    const kept = original.samples.filter((sample) => sample.outcome.kind !== "errored");
    const essential = (samples: readonly Sample[]) =>
      samples.map(({ item, request, response, answers, values }) => ({
        item,
        request: request.kind === "text" ? [request.prompt, request.stop, request.parameters.maxTokens] : request,
        text: response?.text,
        logprobs: response?.likelihoods?.map(({ logprob, greedy }) => [logprob, greedy]),
        answers: answers.map(({ filter, answer }) => [filter, answer]),
        values,
      }));
    expect(essential(run!.samples)).toEqual(essential(kept));
  });
});

describe("imported results of lm-eval", () => {
  test("say where they come from, and equal nothing in what wasn't recorded, not even themselves", async () => {
    const { folder, original } = await exportedAsLmEval("choice");
    const [run] = await imported(folder);
    const { record } = run!;
    expect(record.source).toMatchObject({
      kind: "import",
      details: { library: "lm_eval", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(record.setup.notRecorded).toEqual(
      expect.arrayContaining(["dataset.itemsSha256", "versions", "protocol.extract"]),
    );
    expect(record.setup.comparabilityHash).not.toBe(original.record.setup.comparabilityHash);
    const differing = comparabilityDifferences(record.setup, record.setup).map(({ path }) => path);
    expect(differing).toEqual(expect.arrayContaining(["dataset.itemsSha256", "versions"]));
    expect(record.setup.dataset).toMatchObject({ repo: "owner/toy", revision: "a".repeat(40), rows: 4, items: 4 });
    expect(record.model).toBe("openai/maker/small");
  });

  test("imported twice, a file gives the same run", async () => {
    const { folder } = await exportedAsLmEval("choice");
    const results = scratch();
    const [first] = await imported(folder, results);
    const [second] = await imported(folder, results);
    expect(second!.record).toEqual(first!.record);
  });

  const results = {
    results: {
      t: { alias: "t", "acc,none": 0.5, "acc_stderr,none": "N/A", "bleu,none": 12.5, "bleu_stderr,none": 1.5 },
      g: { "acc,none": 0.5 },
    },
    groups: { g: { "acc,none": 0.5 } },
    configs: {
      t: {
        task: "t",
        dataset_path: "a/b",
        output_type: "generate_until",
        doc_to_text: "def f(doc):\n  …",
        num_fewshot: 3,
        validation_split: "dev",
      },
    },
    "n-shot": { t: 3 },
    "n-samples": { t: { original: 10, effective: 2 } },
    higher_is_better: { t: { acc: true, bleu: true } },
    config: { model: "local-chat-completions", model_args: "model=m,base_url=http://h/v1/chat/completions", limit: 2 },
    date: 1793527200.5,
    lm_eval_version: "0.4.9",
    model_source: "local-chat-completions",
    model_name: "m",
    total_evaluation_time_seconds: "81.4",
  };

  test("without samples they still have scores; a limit makes them partial; groups are left to lm-eval", async () => {
    const path = write(scratch(), "results_x.json", JSON.stringify(results));
    const runs = await imported(path);
    expect(runs).toHaveLength(1);
    const { record } = runs[0]!;
    expect(record).toMatchObject({
      partial: true,
      counts: { scored: 2 },
      seconds: 81.4,
      startedAt: "2026-11-01T10:00:00.500Z",
    });
    expect(record.scores).toMatchObject([
      { metric: "acc", value: 0.5, unit: "proportion", stderr: null, ci: null, n: 2 },
      { metric: "bleu", value: 12.5, unit: "points", stderr: 1.5 },
    ]);
    expect(record.setup.protocol).toMatchObject({ layout: "chat", shots: { count: 3 } });
    expect(record.setup.notRecorded).toContain("chatTemplate");
    expect(record.setup.model).toMatchObject({ name: "m", baseUrl: "http://h/v1/chat/completions" });
  });

  test("samples that don't add up to the reported score are told", async () => {
    const folder = scratch();
    const path = write(folder, "results_x.json", JSON.stringify(results));
    const line = {
      doc_id: 0,
      doc: {},
      target: "y",
      arguments: [["p", { until: ["\n"] }]],
      resps: [["y"]],
      filtered_resps: ["y"],
      filter: "none",
      metrics: ["acc"],
      acc: 1,
    };
    write(
      folder,
      "samples_t_x.jsonl",
      `${JSON.stringify(line)}\n${JSON.stringify({ ...line, doc_id: 1 }).replace('"acc":1', '"acc":NaN')}\n`,
    );
    const [run] = await imported(path);
    expect(run!.record.source.details.differs).toEqual(["acc,none: reported 0.5, the samples' mean is 1"]);
    expect(run!.samples[1]?.values).toEqual([{ metric: "acc", filter: "none", value: null }]);
    expect(run!.record.scores[0]?.ci).toBeNull();
  });

  test("chats are read back as messages, several responses as epochs", async () => {
    const folder = scratch();
    const path = write(folder, "results_x.json", JSON.stringify(results));
    const chat = JSON.stringify([{ role: "user", content: "hi" }]);
    const line = {
      doc_id: 4,
      target: "y",
      arguments: { gen_args_0: { arg_0: [chat], arg_1: { until: "\n", max_gen_toks: 9 } } },
      resps: [["a", "b"]],
      filtered_resps: ["[invalid]"],
      filter: "none",
      metrics: ["acc"],
      acc: 0,
    };
    write(folder, "samples_t_x.jsonl", JSON.stringify(line));
    const [run] = await imported(path);
    expect(run!.samples.map(({ epoch, response, outcome }) => [epoch, response?.text, outcome.kind])).toEqual([
      [0, "a", "unparsed"],
      [1, "b", "scored"],
    ]);
    expect(run!.samples[0]?.request).toMatchObject({
      kind: "chat",
      messages: [{ role: "user", content: "hi" }],
      stop: ["\n"],
    });
  });
});

const inspectLog = {
  version: 2,
  status: "success",
  eval: {
    task: "toy",
    created: "2026-11-01T10:00:00+00:00",
    dataset: { name: "toy-set", location: "owner/toy", samples: 2 },
    model: "vllm/maker/small",
    config: { epochs: 2 },
    packages: { inspect_ai: "0.3.9" },
  },
  plan: { steps: [{ solver: "generate", params: {} }], config: { temperature: 0.5, max_tokens: 64, seed: 3 } },
  results: {
    total_samples: 4,
    completed_samples: 4,
    scores: [
      {
        name: "match",
        scorer: "match",
        scored_samples: 2,
        metrics: { accuracy: { name: "accuracy", value: 2 / 3 }, stderr: { name: "stderr", value: 0.2 } },
      },
    ],
  },
  stats: { started_at: "2026-11-01T10:00:00+00:00", completed_at: "2026-11-01T10:01:00+00:00" },
};

const inspectSample = (id: string, epoch: number, value: unknown, more: object = {}) => ({
  id,
  epoch,
  input: `${id}?`,
  target: "A",
  messages: [
    { role: "system", content: "Be brief." },
    { role: "user", content: `${id}?` },
    {
      role: "assistant",
      content: [
        { type: "reasoning", reasoning: "hm" },
        { type: "text", text: "A" },
      ],
    },
  ],
  output: {
    model: "small-1",
    choices: [
      {
        message: {
          role: "assistant",
          content: [
            { type: "reasoning", reasoning: "hm" },
            { type: "text", text: "A" },
          ],
        },
        stop_reason: "max_tokens",
      },
    ],
    usage: { input_tokens: 5, output_tokens: 1 },
    time: 0.25,
  },
  scores: { match: { value, answer: "A" } },
  ...more,
});
const inspectSamples = [
  inspectSample("one", 1, "C"),
  inspectSample("one", 2, "I"),
  inspectSample("two", 1, true),
  inspectSample("two", 2, "C", { error: { message: "boom" }, output: null, scores: null }),
];

describe("imported logs of Inspect", () => {
  const archive = makeZip([
    { name: "header.json", text: JSON.stringify(inspectLog), method: 93 },
    ...inspectSamples.map((sample, index) => ({
      name: `samples/${sample.id}_epoch_${sample.epoch}.json`,
      text: JSON.stringify(sample),
      method: ([0, 8, 93] as const)[index % 3] ?? 0,
    })),
    { name: "summaries.json", text: "[]", method: 8 },
  ]);

  test.each([
    ["log.json", JSON.stringify({ ...inspectLog, samples: inspectSamples })],
    ["log.eval", archive],
  ])("%s: scores as reported, samples by epoch, errors apart from wrong answers", async (name, content) => {
    const [run] = await imported(write(scratch(), name, content));
    const { record, samples } = run!;
    expect(record).toMatchObject({
      task: "toy",
      model: "vllm/maker/small",
      seconds: 60,
      counts: { scored: 3, errored: 1 },
      failures: [{ message: "boom", samples: 1 }],
      partial: true,
      scores: [{ metric: "accuracy", filter: "match", value: 2 / 3, stderr: 0.2, n: 3, unit: "proportion" }],
      usage: { input: 15, output: 3 },
      source: { kind: "import", note: "inspect_ai 0.3.9" },
    });
    expect(record.setup.protocol.generate).toMatchObject({ temperature: 0.5, maxTokens: 64, seed: 3 });
    expect(record.scores[0]?.ci?.method).not.toBe("wilson");
    expect(samples.map(({ item, epoch, values, outcome }) => [item, epoch, values[0]?.value, outcome.kind])).toEqual([
      ["one", 0, 1, "scored"],
      ["one", 1, 0, "scored"],
      ["two", 0, 1, "scored"],
      ["two", 1, undefined, "errored"],
    ]);
    expect(samples[0]).toMatchObject({
      request: {
        kind: "chat",
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: "one?" },
        ],
      },
      response: { text: "A", reasoning: "hm", finishReason: "length", model: "small-1", latency: { totalMs: 250 } },
      outcome: { kind: "scored", truncated: true },
    });
  });
});

describe("what can't be imported is told with its reason", () => {
  test.each([
    ["a.json", '{"a": 1}', "IMPORT_UNKNOWN_FORM"],
    ["a.json", "not json", "IMPORT_NOT_JSON"],
    ["a.eval", "PK", "IMPORT_NOT_ZIP"],
    ["a.eval", makeZip([{ name: "_journal/start.json", text: "{}", method: 0 }]), "IMPORT_UNFINISHED"],
    ["a.json", JSON.stringify({ ...inspectLog, results: null, status: "cancelled" }), "IMPORT_UNFINISHED"],
    ["a.json", JSON.stringify({ ...inspectLog, eval: {} }), "IMPORT_UNKNOWN_FORM"],
    ["a.json", JSON.stringify({ results: { t: {} }, configs: { t: {} }, config: 7 }), "IMPORT_UNKNOWN_FORM"],
  ])("%s %j", async (name, content, code) => {
    await expect(imported(write(scratch(), name, content))).rejects.toMatchObject({ code });
  });

  test("a path that isn't there", async () => {
    await expect(imported("/nowhere/results.json")).rejects.toMatchObject({ code: "IMPORT_MISSING" });
  });
});
