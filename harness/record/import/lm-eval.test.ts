import { describe, expect, test } from "vitest";
import type { Sample } from "../../contracts/index.ts";
import { exportRun } from "../export/export-run.ts";
import { comparabilityDifferences } from "../setup-hash.ts";
import { imported, scratch, write } from "../testing/imported.ts";
import { smallRun } from "../testing/small-run.ts";

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
