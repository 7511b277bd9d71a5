import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { imported, scratch, write } from "../testing/imported.ts";
import { makeZip } from "../testing/make-zip.ts";
import { importResults } from "./import-results.ts";

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
  test("a judge is recorded with what the log tells of it; what it leaves to a default isn't known", async () => {
    const judged = (params?: object) => {
      const [score] = inspectLog.results.scores;
      const by = { name: "model_graded_qa", scorer: "model_graded_qa", ...(params && { params }) };
      const log = { ...inspectLog, results: { ...inspectLog.results, scores: [{ ...score, ...by }] }, samples: [] };
      return imported(write(scratch(), "log.json", JSON.stringify(log)));
    };
    const [named] = await judged({ model: "openai/judge-1", template: "{question} {answer}", partial_credit: true });
    expect(named?.record.setup.judge).toEqual({
      scorer: "model_graded_qa",
      model: "openai/judge-1",
      templateSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      instructionsSha256: null,
      gradePattern: null,
      options: { partial_credit: true },
    });
    const [unnamed] = await judged();
    expect(unnamed?.record.setup.judge).toMatchObject({ model: null, templateSha256: null, options: {} });
    expect(unnamed?.record.setup.comparabilityHash).not.toBe(named?.record.setup.comparabilityHash);
  });

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

test("a folder's logs are found by Inspect's names for them; a bad one doesn't keep the others out", async () => {
  const folder = scratch();
  const good = JSON.stringify({ ...inspectLog, samples: inspectSamples });
  write(folder, "2026-01-02T03-04-05-00-00_toy_abc.json", JSON.stringify({ ...inspectLog, results: null }));
  write(folder, "2026-01-02T03-04-06-00-00_toy_abd.json", good);
  write(folder, "notes.json", "{}");
  const found: string[] = [];
  const importing = async () => {
    for await (const { from } of importResults(folder, { results: scratch() })) found.push(from);
  };
  await expect(importing()).rejects.toMatchObject({ code: "IMPORT_UNFINISHED" });
  expect(found).toEqual([join(folder, "2026-01-02T03-04-06-00-00_toy_abd.json")]);
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
