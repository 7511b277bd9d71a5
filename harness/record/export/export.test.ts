import { createHash } from "node:crypto";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { RunRecord, Sample } from "../../contracts/index.ts";
import { smallRun } from "../testing/small-run.ts";
import { sampleHash } from "./every-eval-ever-rows.ts";
import { aggregateSchema, instanceSchema } from "./every-eval-ever-schema.ts";
import { type ExportFormat, exportFormats, exportRun } from "./export-run.ts";

const at = new Date("2026-11-02T00:00:00Z");
const publisher = { organization: "Lab", relationship: "third_party" } as const;

async function exported(format: ExportFormat, { record, samples }: { record: RunRecord; samples: Sample[] }) {
  const source = {
    record,
    async *samples() {
      yield* samples;
    },
  };
  const { files, losses } = await exportRun(format, source, { at, publisher });
  const contents: Record<string, string> = {};
  for (const { path, content } of files) {
    if (typeof content === "string") contents[path] = content;
    else if (content instanceof Uint8Array) contents[path] = Buffer.from(content).toString("latin1");
    else for await (const piece of content) contents[path] = (contents[path] ?? "") + piece;
  }
  return {
    files,
    contents,
    losses,
    text: (ending: string) => contents[Object.keys(contents).find((path) => path.endsWith(ending)) ?? ""] ?? "",
  };
}

const lines = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

test.each(exportFormats)("%s says what it can't hold", async (format) => {
  const { losses, files } = await exported(format, smallRun("generate"));
  expect(files.length).toBeGreaterThan(0);
  expect(losses.length).toBeGreaterThan(2);
  for (const { field, why } of losses) expect(field && why).toBeTruthy();
});

describe("lm-eval", () => {
  test("scores stand under metric and filter, with their errors", async () => {
    const { text } = await exported("lm-eval", smallRun("generate"));
    const results = JSON.parse(text(".json"));
    expect(results.results.toy_generate).toMatchObject({
      alias: "toy_generate",
      sample_len: 4,
      "exact_match,strict": 2 / 3,
      "exact_match,loose": 1 / 3,
      "exact_match_stderr,strict": expect.closeTo(1 / 3, 12),
    });
    expect(results["n-samples"].toy_generate).toEqual({ original: 4, effective: 4 });
    expect(results.configs.toy_generate).toMatchObject({
      dataset_path: "owner/toy",
      test_split: "test",
      output_type: "generate_until",
      generation_kwargs: { until: ["\n"], max_gen_toks: 16, temperature: 0 },
    });
    expect(results.date).toBe(1793527200);
  });

  test("every item has a line a filter; errored samples have none", async () => {
    const { text, losses } = await exported("lm-eval", smallRun("generate"));
    const rows = lines(text(".jsonl"));
    expect(rows.map((row) => [row.doc_id, row.filter, row.exact_match])).toEqual([
      [0, "strict", 1],
      [0, "loose", 1],
      [1, "strict", 0],
      [1, "loose", 0],
      [2, "strict", 1],
      [2, "loose", 0],
    ]);
    expect(rows[0]).toMatchObject({
      resps: [["4"]],
      filtered_resps: ["4"],
      target: "4",
      arguments: { gen_args_0: { arg_0: "Q: 0" } },
    });
    expect(losses.map((loss) => loss.field)).toContain("1 errored samples");
  });

  test("choices keep their log-likelihoods as text", async () => {
    const { text } = await exported("lm-eval", smallRun("choice"));
    const [row] = lines(text(".jsonl"));
    expect(row.filtered_resps).toEqual([
      ["-1.5", "True"],
      ["-2.25", "None"],
    ]);
    expect(row.arguments.gen_args_1).toEqual({ arg_0: "Is 0 even?", arg_1: " no" });
  });
});

describe("every-eval-ever", () => {
  test("the aggregate and every row fit the schema, and point at each other", async () => {
    const { contents } = await exported("every-eval-ever", smallRun("generate"));
    const [path = "", samplesPath = ""] = Object.keys(contents);
    const aggregate = aggregateSchema.parse(JSON.parse(contents[path] ?? ""));
    const rows = lines(contents[samplesPath] ?? "").map((row) => instanceSchema.parse(row));
    expect(path).toMatch(/^data\/toy_generate\/maker\/small\/[0-9a-f-]{36}\.json$/);
    expect(aggregate.detailed_evaluation_results).toMatchObject({
      file_path: samplesPath,
      total_rows: rows.length,
      checksum: createHash("sha256")
        .update(contents[samplesPath] ?? "")
        .digest("hex"),
    });
    expect(rows).toHaveLength(6);
    expect(new Set(rows.map((row) => row.evaluation_id))).toEqual(new Set([aggregate.evaluation_id]));
    const ids = aggregate.evaluation_results.map((result) => result.evaluation_result_id);
    for (const row of rows) expect(ids).toContain(row.evaluation_result_id);
    expect(aggregate.evaluation_results[0]?.score_details).toMatchObject({
      score: 2 / 3,
      details: { num_errored: "1" },
      uncertainty: { num_samples: 3, confidence_interval: { method: "wilson" } },
    });
  });

  test("exported twice, a run keeps its ids and file names", async () => {
    const [first, second] = [
      await exported("every-eval-ever", smallRun("choice")),
      await exported("every-eval-ever", smallRun("choice")),
    ];
    expect(Object.keys(first.contents)).toEqual(Object.keys(second.contents));
  });

  test("who evaluated is asked for, never guessed", async () => {
    const { record } = smallRun("choice");
    const source = { record, samples: async function* () {} };
    await expect(exportRun("every-eval-ever", source, { at, publisher: {} })).rejects.toMatchObject({
      code: "EXPORT_PUBLISHER_MISSING",
    });
  });

  test("the sample hash is Python's: compact JSON, non-ASCII escaped", () => {
    const json = '{"raw":"na\\u00efve \\ud83d\\ude00","reference":["\\u2028"]}';
    expect(sampleHash("naïve 😀", ["\u2028"])).toBe(createHash("sha256").update(json).digest("hex"));
  });
});

describe("model cards", () => {
  test("model-index names data set, split, revision and every score with its unit", async () => {
    const { text } = await exported("model-index", smallRun("generate"));
    expect(parse(text(".yaml"))["model-index"][0]).toMatchObject({
      name: "small",
      results: [
        {
          dataset: { type: "owner/toy", split: "test", revision: "a".repeat(40), args: { num_few_shot: 2 } },
          metrics: [
            { type: "exact_match", name: "exact_match (strict), proportion", value: 2 / 3 },
            { type: "exact_match", name: "exact_match (loose), proportion", value: 1 / 3 },
          ],
        },
      ],
    });
  });

  test("hf-eval-results holds the primary score in percent, its conditions in a note", async () => {
    const { text } = await exported("hf-eval-results", smallRun("generate"));
    const [entry] = parse(text(".yaml"));
    expect(entry).toMatchObject({ dataset: { id: "owner/toy" }, value: 66.6666666667, date: "2026-11-01" });
    expect(entry.notes).toMatch(/2-shot, T=0, max 16 tokens, n=3, 95% CI .*1 errored, setup [0-9a-f]{12}/);
  });

  test("data that isn't on the Hub, or a score without a scale, is refused", async () => {
    const run = smallRun("generate");
    const local = { ...run.record.setup, dataset: { ...run.record.setup.dataset, repo: null } };
    await expect(exported("model-index", { ...run, record: { ...run.record, setup: local } })).rejects.toMatchObject({
      code: "EXPORT_NOT_ON_HUB",
    });
    const scores = run.record.scores.map((score) => ({ ...score, unit: "points" as const }));
    await expect(exported("hf-eval-results", { ...run, record: { ...run.record, scores } })).rejects.toMatchObject({
      code: "EXPORT_UNIT_UNCLEAR",
    });
  });
});

describe("tables", () => {
  test("CSV quotes what it must, and no cell is a formula", async () => {
    const { text } = await exported("csv", smallRun("generate"));
    const table = text(".samples.csv");
    expect(table.split("\r\n")[0]).toMatch(/^run,task,protocol,model,comparability_hash,item,epoch,row,outcome,/);
    expect(table).toContain(",'=SUM(A1),");
    expect(table).toContain('"7, ""seven""\n"');
    expect(table).toContain("MODEL_SERVER: 500");
    expect(text(".scores.csv").split("\r\n")).toHaveLength(4);
  });

  test.each([
    ["\u200b=A1", "'\u200b=A1"],
    ["\uff1dA1", "'\uff1dA1"],
    [" +A1", "' +A1"],
    ["|cmd", "'|cmd"],
    ["-5", "-5"],
    ["a=b", "a=b"],
  ])("a response of %j is %j in CSV", async (response, shown) => {
    const run = smallRun("generate");
    const samples = run.samples.map((sample) => ({
      ...sample,
      response: sample.response && { ...sample.response, text: response },
    }));
    const { text } = await exported("csv", { ...run, samples });
    expect(text(".samples.csv")).toContain(`,${shown},`);
  });

  test("Parquet holds the same rows, text as it is, and the whole record in its metadata", async () => {
    const run = smallRun("generate");
    const { files } = await exported("parquet", run);
    const bytes = files[0]?.content as Uint8Array;
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    const rows = await parquetReadObjects({ file });
    expect(rows).toHaveLength(4);
    expect(rows[1]).toMatchObject({
      item: "test/1",
      response: "=SUM(A1)",
      "answer.strict": "1",
      "exact_match,strict": 0,
    });
    expect(rows[3]).toMatchObject({ outcome: "errored", response: null, "exact_match,strict": null });
    const metadata = parquetMetadata(file).key_value_metadata?.find(({ key }) => key === "assay-run");
    expect(JSON.parse(metadata?.value ?? "")).toEqual(JSON.parse(JSON.stringify(run.record)));
  });
});
