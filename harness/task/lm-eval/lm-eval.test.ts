import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { ProblemsError } from "../../contracts/index.ts";
import { openLmEvalFolder } from "./folder.ts";
import { openLmEvalSource, resolveLmEval } from "./resolve-lm-eval.ts";
import { selectLmEval } from "./select.ts";
import { surveyLmEval } from "./survey.ts";

const fixtures = fileURLToPath(new URL("fixtures", import.meta.url));
const resolved = (reference: string) => resolveLmEval(reference, openLmEvalSource(fixtures), []);
const one = (reference: string) => resolved(reference).tasks[0]!;

describe("the folder", () => {
  const folder = openLmEvalFolder(fixtures);

  test("tasks, groups and tags are indexed; a key of the file goes before an included one", () => {
    expect([...folder.entries.keys()].sort()).toEqual([
      "colours",
      "colours_earth",
      "colours_sky",
      "places",
      "words_class",
      "words_odd",
      "words_plural",
    ]);
    expect(folder.tags.get("colour_tasks")).toEqual(["colours_earth", "colours_sky"]);
    expect(folder.tags.get("word_tasks")).toEqual(["words_odd", "words_plural"]);
    expect(folder.entries.get("colours_earth")?.config.metric_list).toHaveLength(1);
  });

  test("what defines nothing is listed, not passed over: a diamond of includes, bad YAML, no name", () => {
    expect(folder.unreadable.map(({ path, why }) => [path, why.replace(/^.*\/broken\//, "")])).toEqual([
      ["broken/left.yaml", "base_yaml is included twice"],
      ["broken/nameless.yaml", "it names neither a task nor a group"],
      ["broken/tabs.yaml", expect.stringMatching(/\(2:/)],
    ]);
  });

  test("YAML is read as PyYAML reads it: loose indentation in quotes and brackets, yes and no, base 60, repeated keys", () => {
    const folder = mkdtempSync(join(tmpdir(), "assay-yaml-"));
    const text = [
      "task: loose",
      "fewshot_config:",
      "  samples: [",
      '    { q: "one',
      '  two", a: yes },',
      "  ]",
      "num_fewshot: 0x10",
      "doc_to_text: 'it''s",
      "folded'",
      "gen_prefix: 02:00",
      "doc_to_target: 1:30",
      "description: first",
      "description: last",
    ];
    writeFileSync(join(folder, "loose.yaml"), text.join("\n"));
    const { entries } = openLmEvalFolder(folder);
    rmSync(folder, { recursive: true });
    expect(entries.get("loose")?.config).toMatchObject({
      fewshot_config: { samples: [{ q: "one two", a: true }] },
      num_fewshot: 16,
      doc_to_text: "it's folded",
      gen_prefix: "02:00",
      doc_to_target: 90,
      description: "last",
    });
  });

  test("a name that isn't there is refused with the nearest one", () => {
    expect(() => selectLmEval(folder, "colours_sea")).toThrow(
      expect.objectContaining({ code: "LM_EVAL_TASK_UNKNOWN" }),
    );
  });
});

describe("names", () => {
  const names = (name: string) => selectLmEval(openLmEvalFolder(fixtures), name).entries.map((entry) => entry.name);

  test("a group means its leaf tasks, a tag its tasks, a pattern all tasks that fit", () => {
    expect(names("colours")).toEqual(["colours_sky", "colours_earth", "words_plural"]);
    expect(names("colour_tasks")).toEqual(["colours_earth", "colours_sky"]);
    expect(names("*_[es]*")).toEqual(["colours_earth", "colours_sky"]);
  });

  test("a group's member may override keys, and groups within are reported apart", () => {
    const { entries, groups } = selectLmEval(openLmEvalFolder(fixtures), "colours");
    expect(entries[1]?.config.num_fewshot).toBe(2);
    expect(groups.map(({ name, title, tasks }) => [name, title, tasks])).toEqual([
      ["colours", "Colours", ["colours_sky", "colours_earth", "words_plural"]],
      ["colours::words_inside", "colours::words_inside", ["words_plural"]],
    ]);
    expect(groups[0]?.aggregates).toEqual([
      { metric: "acc", filters: null, weighted: true },
      { metric: "exact_match", filters: ["strict"], weighted: false },
    ]);
  });
});

describe("a multiple choice task", () => {
  const { task, protocol } = one("lm-eval:colours_sky");

  test("keeps its data, split and row filter", () => {
    expect(task).toMatchObject({
      id: "lm-eval.colours_sky",
      title: "Sky",
      dataset: { repo: "owner/set", revision: "main", splits: { test: "test.jsonl", train: "train.jsonl" } },
      evaluate: "test",
      keep: '{{ place == "Sky" }}',
    });
  });

  test("is asked in lm-eval's words, with its shots and metrics", () => {
    expect(protocol).toMatchObject({
      method: "choice",
      description: "Name the colour of the {{place}}.\n\n",
      question: "{{question.strip()}}\nAnswer:",
      choices: '{{ ["red","green","blue"] }}',
      targetDelimiter: " ",
      shotDelimiter: "\n\n",
      shots: { count: 1, split: "train", sampler: "first_n", exclude: "none" },
      metrics: [{ metric: "acc" }, { metric: "acc_norm" }],
      primary: { metric: "acc" },
      source: { file: "colours/colours_sky.yaml", version: "task version 1.5" },
    });
  });

  test("the command line's changes are recorded", () => {
    const flags = [{ path: ["shots", "count"], value: 5, by: "--shots 5" }];
    const [changed] = resolveLmEval("lm-eval:colours_sky", openLmEvalSource(fixtures), flags).tasks;
    expect(changed?.protocol.shots.count).toBe(5);
    expect(changed?.overrides).toEqual([{ path: "shots.count", from: 1, to: 5, by: "--shots 5" }]);
  });

  test("an F1 over all items is recognised by its source, and shots are drawn at random without a word about them", () => {
    const { protocol: earth } = one("lm-eval:colours_earth");
    expect(earth.metrics).toEqual([{ metric: "class_f1", id: "f1", average: "weighted" }]);
    expect(earth.shots).toMatchObject({ count: 0, sampler: "random", seed: 1234 });
  });
});

describe("a task that generates", () => {
  const { protocol, protocols } = one("lm-eval:words_plural");

  test("keeps stops, limits, filters; do_sample: false means temperature 0", () => {
    expect(protocol).toMatchObject({
      method: "generate",
      layout: "text",
      answerPrefix: "Plural:",
      targetDelimiter: "\n",
      generate: { maxTokens: 16, temperature: 0, stop: ["\n"] },
      extract: [
        { id: "strict", steps: [{ use: "regex", pattern: "^([a-z]+)", take: "first" }, { use: "take-first" }] },
        { id: "loose", steps: [{ use: "strip" }, { use: "lowercase" }, { use: "take-first" }] },
      ],
      metrics: [{ metric: "exact_match", ignoreCase: true, ignorePunctuation: false, ignore: [] }],
      primary: { metric: "exact_match", filter: "strict" },
    });
  });

  test("written shots are rendered with their own template", () => {
    expect(protocol.shots).toMatchObject({
      sampler: "fixed",
      count: 2,
      items: [
        { question: "Word: cat", answer: "cats" },
        { question: "Word: mouse", answer: "mice" },
      ],
    });
  });

  test("can be asked as a chat too", () => {
    expect(protocols).toEqual(["lm-eval", "lm-eval-chat"]);
    expect(one("lm-eval:words_plural@lm-eval-chat").protocol.layout).toBe("chat");
    expect(() => one("lm-eval:colours_sky@lm-eval-chat")).toThrow(/has no protocol/);
  });
});

describe("what can't be run as lm-eval runs it", () => {
  test("is refused with every reason at once", () => {
    let error: unknown;
    try {
      resolved("lm-eval:word_tasks");
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ProblemsError);
    const [problem] = (error as ProblemsError).problems;
    expect(problem?.code).toBe("LM_EVAL_TASK_REFUSED");
    expect(problem?.why).toMatchInlineSnapshot(
      `"runs generated code under a harness of its own (unsafe_code); only the first of several samples counts (repeats: 5); a Python function that Assay doesn't know (doc_to_text helpers.ask); data that a script makes or loads in its own way (custom_dataset); a metric that Assay doesn't have (bleu_of_our_own on generate_until); a Python function that Assay doesn't know (filter helpers.Own)."`,
    );
  });

  test("is counted by reason, with the reasons of each task", () => {
    const survey = surveyLmEval(openLmEvalSource(fixtures));
    expect(survey).toMatchObject({
      tasks: 5,
      groups: 2,
      tags: 3,
      runnable: ["colours_earth", "colours_sky", "words_plural"],
    });
    expect(survey.refused.map(({ task }) => task)).toEqual(["words_class", "words_odd"]);
    expect(survey.reasons).toContainEqual({
      reason: "a Python function that Assay doesn't know",
      tasks: 1,
      onlyReason: 0,
      examples: ["doc_to_text helpers.ask", "filter helpers.Own"],
    });
  });
});
