import { describe, expect, test } from "vitest";
import { conventionalSplits, declaredSplits } from "./hub/name-splits.ts";
import { openDataset } from "./open-dataset.ts";
import { collect } from "./testing/collect.ts";
import { startLocalHub } from "./testing/local-hub.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

describe("splits by file names", () => {
  test.each([
    [
      ["data/train-00000-of-00002.parquet", "data/train-00001-of-00002.parquet", "data/dev-00000-of-00001.parquet"],
      {
        train: ["data/train-00000-of-00002.parquet", "data/train-00001-of-00002.parquet"],
        dev: ["data/dev-00000-of-00001.parquet"],
      },
    ],
    [["test.csv", "my_val.csv", "README.md"], { test: ["test.csv"], validation: ["my_val.csv"] }],
    [["latest.csv", "contest.csv"], { train: ["contest.csv", "latest.csv"] }],
    [
      ["train/a.jsonl", "train/b.jsonl", "eval/a.jsonl"],
      { train: ["train/a.jsonl", "train/b.jsonl"], test: ["eval/a.jsonl"] },
    ],
    [
      ["de/validation/0000.parquet", "de/test/0000.parquet"],
      { validation: ["de/validation/0000.parquet"], test: ["de/test/0000.parquet"] },
    ],
    [["dataset_infos.json", "notes.txt"], {}],
    [["test.jsonl", "test.parquet"], { test: ["test.parquet"] }],
    [["test.jsonl", "train.jsonl", "test.parquet"], { test: ["test.jsonl"], train: ["train.jsonl"] }],
  ])("%j", (files, splits) => {
    expect(conventionalSplits(files)).toEqual(splits);
  });
});

describe("splits that a README declares", () => {
  const files = ["a/test.csv", "a/dev.csv", "b/test-1.csv", "b/test-2.csv", "b/x.jsonl"];

  test("by split and glob, in the order of names", () => {
    const declared = {
      data_files: [
        { split: "test", path: "b/test-*.csv" },
        { split: "other", path: ["a/dev.csv", "b/*.jsonl"] },
      ],
    };
    expect(declaredSplits(declared, files)).toEqual({
      test: ["b/test-1.csv", "b/test-2.csv"],
      other: ["a/dev.csv", "b/x.jsonl"],
    });
  });

  test("a bare glob is training data, a map names splits, a folder is searched by names", () => {
    expect(declaredSplits({ data_files: "**/*.csv" }, files)).toEqual({
      train: files.filter((path) => path.endsWith("csv")).sort(),
    });
    expect(declaredSplits({ data_files: { dev: "a/{dev,test}.csv" } }, files)).toEqual({
      dev: ["a/dev.csv", "a/test.csv"],
    });
    expect(declaredSplits({ data_dir: "a" }, files)).toEqual({ test: ["a/test.csv"], validation: ["a/dev.csv"] });
  });
});

const rows = (text: string) => Buffer.from(`q\n${text}\n`);

async function open(files: Record<string, Uint8Array>, config?: string, options: object = {}) {
  const { endpoint } = await startLocalHub({ files });
  const cacheDir = temporaryFolder();
  const spec = { repo: "owner/set", revision: "main", ...(config === undefined ? {} : { config }) };
  const given = { endpoint, cacheDir, token: null, retryDelaysMs: [], splits: ["test"], ...options };
  return { open: (more: object = {}) => openDataset(spec, { ...given, ...more }) };
}

describe("a Hub data set whose files the task doesn't name", () => {
  const readme = Buffer.from(
    "---\nlicense: mit\nconfigs:\n- config_name: de\n  data_files:\n  - split: test\n    path: german/*.csv\n- config_name: fr\n  data_files: french.csv\n---\n# A set\n",
  );

  test("is read by its README, and says which files it read", async () => {
    const set = await open({ "README.md": readme, "german/1.csv": rows("eins"), "french.csv": rows("un") }, "de");
    const data = await set.open();
    expect(await collect(data.rows("test"))).toEqual([{ index: 0, row: { q: "eins" }, file: "german/1.csv" }]);
    expect(data.provenance()).toMatchObject({ config: "de", splits: { test: ["german/1.csv"] } });
  });

  test("is found again without a network", async () => {
    const set = await open({ "README.md": readme, "german/1.csv": rows("eins") }, "de");
    await set.open();
    const again = await set.open({ endpoint: "http://127.0.0.1:9", offline: true });
    expect(await collect(again.rows("test"))).toHaveLength(1);
  });

  test("names the configurations there are", async () => {
    const set = await open({ "README.md": readme, "french.csv": rows("un") }, "df");
    await expect(set.open()).rejects.toMatchObject({
      code: "DATA_CONFIG_UNKNOWN",
      fix: expect.stringContaining("Did you mean de?"),
    });
    const none = await open({ "README.md": readme, "french.csv": rows("un") });
    await expect(none.open()).rejects.toMatchObject({
      code: "DATA_CONFIG_UNKNOWN",
      what: expect.stringContaining("none of them"),
    });
  });

  test("without a README's help, the configuration is a folder and names tell the splits", async () => {
    const set = await open({ "de/test.csv": rows("eins"), "fr/test.csv": rows("un") }, "de");
    expect(await collect((await set.open()).rows("test"))).toMatchObject([{ row: { q: "eins" } }]);
  });

  test("a script without a conversion is refused: nothing of the repository is run", async () => {
    const set = await open({ "set.py": Buffer.from("raise SystemExit\n") });
    await expect(set.open()).rejects.toMatchObject({ code: "DATA_NEEDS_SCRIPT" });
    const empty = await open({ ".gitattributes": Buffer.from("") });
    await expect(empty.open()).rejects.toMatchObject({ code: "DATA_SPLITS_UNCLEAR" });
  });
});
