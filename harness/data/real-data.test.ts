import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { itemsHash, type OpenOptions, openDataset, pull } from "./index.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const shared = process.env.ASSAY_SHARED ?? join(import.meta.dirname, "../../../shared");
const serverScript = join(shared, "tools/hub-server.mjs");
const isRequired = (process.env.ASSAY_REQUIRE ?? "").split(/[\s,]+/).includes("hub");
const isAbsent = !existsSync(serverScript);

/** Splits whose number of rows their authors have published. */
const official: [repo: string, path: string, rows: number, columns?: string[]][] = [
  ["openai/gsm8k", "main/test-00000-of-00001.parquet", 1_319],
  ["openai/gsm8k", "main/train-00000-of-00001.parquet", 7_473],
  ["cais/mmlu", "all/test-00000-of-00001.parquet", 14_042],
  ["cais/mmlu", "all/dev-00000-of-00001.parquet", 285],
  ["cais/mmlu", "all/validation-00000-of-00001.parquet", 1_531],
  ["allenai/ai2_arc", "ARC-Challenge/test-00000-of-00001.parquet", 1_172],
  ["allenai/ai2_arc", "ARC-Easy/test-00000-of-00001.parquet", 2_376],
  ["Rowan/hellaswag", "data/validation-00000-of-00001.parquet", 10_042],
  ["TIGER-Lab/MMLU-Pro", "data/test-00000-of-00001.parquet", 12_032],
  ["allenai/winogrande", "winogrande_xl/validation-00000-of-00001.parquet", 1_267],
  ["google/boolq", "data/validation-00000-of-00001.parquet", 3_270],
  ["truthfulqa/truthful_qa", "multiple_choice/validation-00000-of-00001.parquet", 817],
  ["openai/openai_humaneval", "openai_humaneval/test-00000-of-00001.parquet", 164],
  ["HuggingFaceH4/MATH-500", "test.jsonl", 500],
  ["google/IFEval", "ifeval_input_data.jsonl", 541],
  ["EleutherAI/lambada_openai", "data/lambada_test_en.jsonl", 5_153],
  ["basicv8vc/SimpleQA", "simple_qa_test_set.csv", 4_326],
  ["juletxara/mgsm", "mgsm_de.tsv", 250, ["question", "answer"]],
  ["juletxara/mgsm", "mgsm_ja.tsv", 250, ["question", "answer"]],
  ["spaces/lmsys/mt-bench", "data/mt_bench/question.jsonl", 80],
];

/** The same rows, stored twice. */
const pairs: [repo: string, one: string, other: string][] = [
  ["openai/gsm8k", "main/test-00000-of-00001.parquet", "main/test-00000-of-00001.jsonl.gz"],
  ["cais/mmlu", "all/validation-00000-of-00001.parquet", "all/validation-00000-of-00001.jsonl.gz"],
  ["allenai/ai2_arc", "ARC-Challenge/test-00000-of-00001.parquet", "ARC-Challenge/test-00000-of-00001.jsonl.gz"],
  [
    "truthfulqa/truthful_qa",
    "multiple_choice/validation-00000-of-00001.parquet",
    "multiple_choice/validation-00000-of-00001.jsonl.gz",
  ],
  ["google-research-datasets/mbpp", "full/test-00000-of-00001.parquet", "full/test-00000-of-00001.jsonl.gz"],
];

const servers: ChildProcess[] = [];
afterAll(() => {
  for (const server of servers) server.kill();
});

async function serve(...more: string[]): Promise<string> {
  const server = spawn(process.execPath, [serverScript, ...more], { stdio: ["ignore", "pipe", "inherit"] });
  servers.push(server);
  const [endpoint] = (await once(createInterface({ input: server.stdout }), "line")) as [string];
  return endpoint;
}

const revision = "740312add88f781978c0658806c59bc2815b9866";

describe.skipIf(isAbsent && !isRequired)("published data sets (needs the mirror beside the repository)", () => {
  let endpoint = "";
  const fresh = (): OpenOptions => ({ environment: {}, endpoint, token: null, cacheDir: temporaryFolder() });
  beforeAll(async () => {
    if (isAbsent) throw new Error("ASSAY_REQUIRE asks for the mirror, and it isn't there; set ASSAY_SHARED.");
    endpoint = await serve();
  });

  it.each(official)("%s %s has its official %i rows", async (repo, path, rows, columns) => {
    const spec = { repo, revision, splits: { test: path }, ...(columns === undefined ? {} : { columns }) };
    const data = await openDataset(spec, fresh());
    expect(await data.count("test")).toBe(rows);
    let last = -1;
    for await (const { index } of data.rows("test")) {
      expect(index).toBe(last + 1);
      last = index;
    }
    expect(last).toBe(rows - 1);
    expect(data.provenance().files).toEqual([expect.objectContaining({ path, rows })]);
  });

  it.each(pairs)("%s has the same items in %s and %s", async (repo, one, other) => {
    const data = await openDataset({ repo, revision, splits: { one, other } }, fresh());
    expect(await itemsHash(data.rows("one"))).toBe(await itemsHash(data.rows("other")));
  });

  it("resolves main and records the commit", async () => {
    const provenance = await pull(
      { repo: "openai/gsm8k", revision: "main", splits: { test: "main/test-00000-of-00001.parquet" } },
      fresh(),
    );
    expect(provenance.requestedRevision).toBe("main");
    expect(provenance.revision).toMatch(/^[0-9a-f]{40}$/);
  });

  it("needs the right token where the repository is gated", async () => {
    const gated = await serve("--token", "hf_right");
    const spec = { repo: "openai/gsm8k", revision, splits: { test: "main/test-00000-of-00001.parquet" } };
    const options = { ...fresh(), endpoint: gated };
    await expect(pull(spec, options)).rejects.toMatchObject({ code: "DATA_GATED" });
    await expect(pull(spec, { ...options, token: "hf_wrong" })).rejects.toMatchObject({ code: "DATA_TOKEN_REFUSED" });
    expect((await pull(spec, { ...options, token: "hf_right" })).files).toHaveLength(1);
  });
});
