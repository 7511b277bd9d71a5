import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { type JsonObject, ProblemsError, type RunRecord, type Sample } from "@assay/harness/contracts";
import { hashSetup, runIdOf, sha256 } from "@assay/harness/record";
import { describe, expect, test } from "vitest";
import { meanOf } from "../data/board-mean.ts";
import { readResults } from "../data/read-results.ts";
import { makeSiteData, type SiteData } from "../data/site-data.ts";
import { readSiteFiles } from "../data/site-files.ts";
import { DataStore } from "../data/store.ts";
import { type MadeWorld, makeResults, smallWorld } from "../testing/make-results.ts";
import { scratch } from "../testing/scratch.ts";
import { checkRecord } from "./check-record.ts";

const world: MadeWorld = { ...smallWorld, models: smallWorld.models.slice(0, 3), tasks: smallWorld.tasks.slice(1) };

/** A results folder with honest records of three models on two tasks. */
async function honest(changed: Partial<MadeWorld> = {}): Promise<string> {
  const results = scratch("rules");
  await makeResults(results, { ...world, shots: [0], ...changed });
  return results;
}

async function siteOf(results: string): Promise<SiteData> {
  const store = new DataStore(join(scratch("store"), "d"));
  return makeSiteData(readResults(results), readSiteFiles(results), { store, generator: "test" });
}

/** Codes of the rules that stop the build; empty: nothing does. */
async function stops(results: string): Promise<string[]> {
  try {
    await siteOf(results);
    return [];
  } catch (error) {
    if (error instanceof ProblemsError) return error.problems.map((problem) => problem.code);
    throw error;
  }
}

const folders = (results: string) => readdirSync(join(results, "runs")).map((name) => join(results, "runs", name));

function changeRecord(folder: string, change: (record: RunRecord) => void): void {
  const path = join(folder, "run.json");
  const record = JSON.parse(readFileSync(path, "utf8")) as RunRecord;
  change(record);
  writeFileSync(path, JSON.stringify(record));
}

/** Changes the samples of a run's first shard, and its hash in the record, as somebody who knows the format would. */
function changeSamples(folder: string, change: (samples: Sample[]) => Sample[]): void {
  const path = join(folder, "samples-00000.jsonl.gz");
  const lines = gunzipSync(readFileSync(path)).toString("utf8").trim().split("\n");
  const samples = change(lines.map((line) => JSON.parse(line) as Sample));
  const bytes = gzipSync(samples.map((sample) => `${JSON.stringify(sample)}\n`).join(""));
  writeFileSync(path, bytes);
  changeRecord(folder, (record) => {
    Object.assign(record.samples[0] ?? {}, { sha256: sha256(bytes), bytes: bytes.length, samples: samples.length });
  });
}

describe("records as they were written", () => {
  test("pass", async () => {
    expect(await stops(await honest())).toEqual([]);
  });
});

test("a model that judged is named, with what isn't known of it and whether it is of the same maker", async () => {
  const [run] = readResults(await honest());
  const remarksWith = (judge: JsonObject | null) => {
    const record = { ...run!.record, setup: { ...run!.record.setup, judge } };
    const problems = checkRecord({ record, bytes: run!.bytes }, new Set());
    return problems.filter(({ rule }) => rule === "JUDGE").map(({ message }) => message);
  };
  const maker = run!.record.model.split("/").at(-2);
  expect(remarksWith(null)).toEqual([]);
  expect(remarksWith({ scorer: "model_graded_qa", model: null })).toEqual([
    "a model judged the answers: which one isn't recorded",
    "not recorded of the judge: model",
  ]);
  expect(remarksWith({ model: "elsewhere/judge-1" })).toEqual(["a model judged the answers: elsewhere/judge-1"]);
  expect(remarksWith({ model: `host/${maker}/judge-1` }).at(-1)).toBe(
    `judge and model are both of ${maker}: it may favour its own`,
  );
});

describe("a dishonest record stops the build:", () => {
  test("a setup that was edited so as to share a column", async () => {
    const results = await honest({ shots: [0, 5] });
    const [target] = folders(results);
    const other = JSON.parse(readFileSync(join(folders(results).at(-1) ?? "", "run.json"), "utf8")) as RunRecord;
    changeRecord(target ?? "", (record) => {
      record.setup.comparabilityHash = other.setup.comparabilityHash;
    });
    expect(await stops(results)).toEqual(["SITE_SETUP_HASH"]);
  });

  test("a template that was changed after the run", async () => {
    const results = await honest();
    changeRecord(folders(results)[0] ?? "", (record) => {
      record.setup.protocol.question = "{{ question }} The answer is {{ answer }}.";
    });
    expect(await stops(results)).toEqual(["SITE_SETUP_HASH"]);
  });

  test("a run that is shown under another model's name", async () => {
    const results = await honest();
    changeRecord(folders(results)[0] ?? "", (record) => {
      record.model = "openai/vendor/best";
    });
    expect(await stops(results)).toEqual(["SITE_NAMES"]);
  });

  test("an Elo rating without opponents", async () => {
    const results = await honest();
    changeRecord(folders(results)[0] ?? "", (record) => {
      for (const score of record.scores)
        Object.assign(score, { value: 1200, unit: "elo", ci: null, group: `x=${score.group}` });
      record.scores.push({ ...record.scores[0]!, group: "all", value: null });
    });
    expect(await stops(results)).toContain("SITE_OPPONENTS");
  });

  test("a partial run that calls itself complete", async () => {
    const results = await honest();
    const [folder = ""] = folders(results);
    changeSamples(folder, (samples) => samples.slice(0, 40));
    changeRecord(folder, (record) => {
      record.samples = record.samples.slice(0, 1);
      record.counts = { scored: 40, errored: 0, limited: 0, unparsed: 0, refused: 0, skipped: 0 };
    });
    expect(await stops(results)).toContain("SITE_PARTIAL_RANKED");
  });

  test("a limited run that calls itself complete", async () => {
    const results = await honest();
    const [folder = ""] = folders(results);
    let renamed = "";
    changeRecord(folder, (record) => {
      const { comparabilityHash, identityHash, ...setup } = record.setup;
      record.setup = hashSetup({ ...setup, limit: 20 });
      record.runId = runIdOf(record.setup);
      renamed = record.runId;
    });
    expect(renamed).not.toBe("");
    expect(await stops(results)).toContain("SITE_PARTIAL_RANKED");
  });

  test("the same sample twice", async () => {
    const results = await honest();
    changeSamples(folders(results)[0] ?? "", (samples) =>
      [...samples.slice(1), samples[1]].filter((s) => s !== undefined),
    );
    expect(await stops(results)).toContain("SITE_DUPLICATE");
  });

  test("a score that its samples don't give", async () => {
    const results = await honest();
    changeRecord(folders(results)[0] ?? "", (record) => {
      for (const score of record.scores) if (score.group === "all") Object.assign(score, { value: 0.99, ci: null });
    });
    expect(await stops(results)).toEqual(["SITE_SCORE"]);
  });

  test("but an imported score is kept as reported, with a remark", async () => {
    const results = await honest();
    const [folder = ""] = folders(results);
    changeRecord(folder, (record) => {
      record.source = { kind: "import", note: null, details: { file: "results.json", sha256: "ab".repeat(32) } };
      for (const score of record.scores) if (score.group === "all") Object.assign(score, { value: 0.99, ci: null });
    });
    const { runs } = await siteOf(results);
    const remarks = [...runs.values()].flatMap((entry) => entry.warnings).join();
    expect(remarks).toContain("is recorded as 0.99, its samples give");
    expect(remarks).toContain("imported: measured by another program");
  });

  test("a score that nothing shows: an import of no file, a run without its samples", async () => {
    const results = await honest();
    const [first = "", second = ""] = folders(results);
    changeRecord(first, (record) => {
      record.source = { kind: "import", note: "a program", details: { file: "results.json" } };
    });
    changeRecord(second, (record) => {
      record.samples = [];
    });
    expect(await stops(results)).toEqual(["SITE_EVIDENCE", "SITE_EVIDENCE"]);
  });

  test("an error that counts as an answer", async () => {
    const results = await honest();
    const [folder = ""] = folders(results);
    changeSamples(folder, (samples) =>
      samples.map((sample, index) =>
        index > 0
          ? sample
          : { ...sample, outcome: { kind: "errored", code: "HTTP_500", message: "", status: 500, attempts: 3 } },
      ),
    );
    expect(await stops(results)).toContain("SITE_ERROR_COUNTED");
  });

  test("a percentage that poses as a proportion", async () => {
    const results = await honest();
    changeRecord(folders(results)[0] ?? "", (record) => {
      for (const score of record.scores) score.value = (score.value ?? 0) * 100;
    });
    expect(await stops(results)).toContain("SITE_UNIT");
  });

  test("an unknown cost that is written as 0", async () => {
    const results = await honest();
    changeRecord(folders(results)[0] ?? "", (record) => {
      record.cost = { value: 0, currency: "USD", basis: "unknown" };
    });
    expect(await stops(results)).toEqual(["SITE_COST"]);
  });

  test("a credential in a model's answer, unless its hash is allowed", async () => {
    const key = `hf_${"Ab1".repeat(12)}`;
    const results = await honest({
      change: (sample) =>
        sample.row === 3 && sample.response
          ? { ...sample, response: { ...sample.response, text: `use ${key}` } }
          : sample,
    });
    const problems = await siteOf(results).catch((error: unknown) =>
      String((error as ProblemsError).problems[0]?.message),
    );
    expect(problems).toContain(`sha256:${sha256(key).slice(0, 12)}`);
    expect(problems).not.toContain(key);
    writeFileSync(join(results, "site.yaml"), `allowSecrets: ["${sha256(key).slice(0, 12)}"]\n`);
    expect(await stops(results)).toEqual([]);
  });

  test("a credential in what stands beside the records, or in a base URL", async () => {
    const results = await honest();
    writeFileSync(join(results, "site.yaml"), `summary: "made with hf_${"Ab1".repeat(12)}"\n`);
    expect(await stops(results)).toEqual(["SITE_SECRET"]);
    writeFileSync(join(results, "site.yaml"), "summary: made with care\n");
    changeRecord(folders(results)[0] ?? "", (record) => {
      const { comparabilityHash, identityHash, ...setup } = record.setup;
      setup.model.baseUrl = "https://me:hunter2@models.example/v1";
      record.setup = hashSetup(setup);
      record.runId = runIdOf(record.setup);
    });
    expect(await stops(results)).toEqual(["SITE_SECRET"]);
  });

  test("every problem of all records is named at once", async () => {
    const results = await honest();
    for (const folder of folders(results).slice(0, 2)) {
      changeRecord(folder, (record) => {
        record.cost = { value: 0, currency: "USD", basis: "unknown" };
      });
    }
    expect(await stops(results)).toEqual(["SITE_COST", "SITE_COST"]);
  });
});

describe("a run that came to nothing", () => {
  const errored = { kind: "errored", code: "HTTP_500", message: "x", status: 500, attempts: 3 } as const;

  test("is listed as partial, with every sample errored or none asked", async () => {
    const results = await honest({
      tasks: world.tasks.slice(1),
      change: (sample, model) =>
        model === "acme/atlas-8b" ? { ...sample, values: [], outcome: errored, response: null } : sample,
    });
    const north = folders(results).find((folder) => folder.includes("north-1")) ?? "";
    changeRecord(north, (record) => {
      const counts = { scored: 0, errored: 0, limited: 0, unparsed: 0, refused: 0, skipped: 0 };
      Object.assign(record, { counts, samples: [], scores: [], partial: true, partialReasons: ["stopped"] });
    });
    const [board] = (await siteOf(results)).boards;
    expect(board?.rows.map((row) => row.model)).toEqual(["openai/acme/atlas-70b"]);
    expect(board?.others.map((entry) => entry.reason)).toEqual(["partial", "partial"]);
  });
});

describe("records that can't be read", () => {
  test("are all named, and none is left out in silence", async () => {
    const results = await honest();
    const [one = "", two = "", three = ""] = folders(results);
    writeFileSync(join(one, "run.json"), '{"format":');
    writeFileSync(join(two, "run.json"), '{"format":"assay-run-1"}');
    const error = await siteOf(results).catch((caught: unknown) => caught);
    expect((error as ProblemsError).problems.map((problem) => problem.what)).toEqual([
      expect.stringContaining(`${one}/run.json isn't JSON`),
      expect.stringContaining(`${two}/run.json isn't a run record: `),
    ]);
    expect(three).not.toBe("");
  });

  test("nor samples: a missing shard, one that was changed, a line that is none", async () => {
    const results = await honest();
    const [one = "", two = "", three = ""] = folders(results);
    rmSync(join(one, "samples-00000.jsonl.gz"));
    writeFileSync(join(two, "samples-00000.jsonl.gz"), "x");
    changeSamples(three, ([first, ...rest]) => [{ ...first, epoch: -1 } as Sample, ...rest]);
    expect((await stops(results)).sort()).toEqual(["SAMPLE_INVALID", "SHARD_DAMAGED", "SHARD_MISSING"]);
  });
});

describe("a dishonest board stops the build:", () => {
  test("two setups in one column", async () => {
    const results = await honest({ shots: [0, 5] });
    const { columns } = await siteOf(results);
    const plain = [...columns.values()].find((column) => column.task === "recipes" && column.overrides.length > 0);
    const board = (task: string) => `boards:\n  - { id: main, title: Main, tasks: [${task}] }\n`;
    writeFileSync(join(results, "boards.yaml"), board(`{ task: recipes, setup: ${plain?.setup} }`));
    expect((await siteOf(results)).boards[0]?.columns).toHaveLength(1);
    writeFileSync(join(results, "boards.yaml"), board("{ task: recipes, setup: [a, b] }"));
    expect(new Set(await stops(results))).toEqual(new Set(["FILE_INVALID"]));
  });

  test("a task that nothing was run on", async () => {
    const results = await honest();
    writeFileSync(join(results, "boards.yaml"), "boards:\n  - { id: main, title: Main, tasks: [{ task: opera }] }\n");
    await expect(siteOf(results)).rejects.toThrow('Board "main" names opera, but no complete run has it.');
  });

  test("a key that isn't there, by line and with the one that was meant", async () => {
    const results = await honest();
    const file = "boards:\n  - id: main\n    title: Main\n    task:\n      - { task: recipes }\n";
    writeFileSync(join(results, "boards.yaml"), file);
    const error = (await siteOf(results).catch((caught: unknown) => caught)) as ProblemsError;
    expect(error.problems.map(({ what, fix }) => [what.slice(what.indexOf("boards.yaml")), fix])).toEqual([
      ["boards.yaml:2:5: boards.0.tasks is missing (array).", expect.any(String)],
      ["boards.yaml:4:5: boards.0.task: there is no such key.", 'Did you mean "tasks"?'],
    ]);
  });

  test.each([
    [
      "the same setup twice",
      "tasks: [{ task: recipes }, { task: recipes, protocol: chat }]",
      "BOARD_TWICE",
      "recipes@chat",
    ],
    [
      "a model that wasn't run",
      "tasks: [{ task: recipes }], models: [openai/acme/atlas-8]",
      "BOARD_MODEL",
      'mean "openai/acme/atlas-8b"',
    ],
    [
      "two boards of one name",
      "tasks: [{ task: recipes }] }\n  - { id: main, title: Other, tasks: [{ task: recipes }]",
      "BOARD_TWICE",
      '"main"',
    ],
  ])("%s", async (_, board, code, words) => {
    const results = await honest();
    writeFileSync(join(results, "boards.yaml"), `boards:\n  - { id: main, title: Main, ${board} }\n`);
    await expect(siteOf(results)).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
  });

  test("a mean over points and proportions", async () => {
    const results = await honest();
    for (const folder of folders(results).filter((name) => name.includes("timetables"))) {
      changeRecord(folder, (record) => {
        for (const score of record.scores) score.unit = "points";
      });
    }
    const file =
      "boards:\n  - { id: main, title: Main, tasks: [{ task: recipes }, { task: timetables }], aggregate: mean }\n";
    writeFileSync(join(results, "boards.yaml"), file);
    await expect(siteOf(results)).rejects.toMatchObject({ code: "BOARD_UNITS" });
  });

  test("a mean over missing cells can't be asked for", async () => {
    const results = await honest();
    const file = "boards:\n  - { id: main, title: Main, tasks: [{ task: recipes }], aggregate: mean_of_present }\n";
    writeFileSync(join(results, "boards.yaml"), file);
    const error = await siteOf(results).catch((caught: unknown) => caught);
    expect((error as ProblemsError).problems[0]?.what).toMatch(
      /boards\.yaml:2:\d+: boards\.0\.aggregate: Invalid option/,
    );
  });

  test("nor computed", () => {
    const cell = {
      run: "a",
      missing: null,
      value: 0.5,
      low: 0.4,
      high: 0.6,
      method: "wilson",
      stderr: 0.05,
      n: 100,
      rank: null,
      variants: null,
      equivalent: [],
    };
    expect(meanOf([cell, { ...cell, value: 0.7 }]).value).toBeCloseTo(0.6);
    expect(() => meanOf([cell, { ...cell, run: null, missing: "not_run", value: null }])).toThrow(RangeError);
  });
});

test("a model without all tasks has no mean and no rank, and its cell says why", async () => {
  const results = await honest();
  const gone = folders(results).find((folder) => folder.includes("timetables") && folder.includes("atlas-8b")) ?? "";
  mkdirSync(join(results, "away"));
  const { renameSync } = await import("node:fs");
  renameSync(gone, join(results, "away", "run"));
  const { boards } = await siteOf(results);
  const row = boards[0]?.rows.find((entry) => entry.model === "openai/acme/atlas-8b");
  expect(row?.mean).toBeNull();
  expect(row?.cells.map((cell) => cell.missing)).toEqual([null, "not_run"]);
  expect(boards[0]?.rows.at(-1)).toBe(row);
});

test("a partial run is listed apart and never ranked", async () => {
  const results = await honest({
    change: (sample, model) =>
      sample.row === 0 && model === "acme/atlas-8b"
        ? {
            ...sample,
            values: [],
            outcome: { kind: "errored", code: "HTTP_500", message: "x", status: 500, attempts: 3 },
          }
        : sample,
  });
  const { boards, columns } = await siteOf(results);
  const ranked = [...columns.values()].flatMap((column) => column.cells.map((cell) => cell.model));
  expect(ranked).not.toContain("openai/acme/atlas-8b");
  expect(boards[0]?.others.map(({ model, reason, details }) => [model, reason, details])).toEqual([
    ["openai/acme/atlas-8b", "partial", ["1 samples errored"]],
    ["openai/acme/atlas-8b", "partial", ["1 samples errored"]],
  ]);
});
