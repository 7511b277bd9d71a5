import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { scratch } from "../run/testing/toy-task.ts";
import { assay, onlyRun } from "./testing/command.ts";

const bundled = new URL("../../tasks/starter-choice/", import.meta.url).pathname;
const items = readFileSync(join(bundled, "test.jsonl"), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as { id: string; question: string; choices: string[] });

/** A corpus that holds items 0 to 4 with their options and 5 to 7 without, among other text. */
function plantedCorpus(): string {
  const folder = scratch("corpus");
  mkdirSync(join(folder, "deep"));
  const other = "Nothing here has to do with any question that anybody ever asked a model. ".repeat(5);
  const pasted = items.slice(0, 5).map(({ question, choices }) => `${other}${question} ${choices.join(" / ")}${other}`);
  const bare = items.slice(5, 8).map(({ question }) => `${other}${question} ${other}`);
  const rows = [...pasted, ...bare, other].map((text) => JSON.stringify({ text }));
  writeFileSync(join(folder, "deep", "rows.jsonl.gz"), gzipSync(`${rows.join("\n")}\n`));
  writeFileSync(join(folder, "broken.jsonl"), '{"text":"fine"}\n{"text"');
  writeFileSync(join(folder, "image.png"), "");
  writeFileSync(join(folder, "notes.txt"), other);
  return folder;
}

test("items in a corpus are found, the others aren't, and what couldn't be read is said", async () => {
  const corpus = plantedCorpus();
  const { code, out } = await assay("contamination", "starter-choice", "--corpus", corpus, "--json");
  expect(code).toBe(0);
  const report = JSON.parse(out);
  const levelOf = Object.fromEntries(
    report.findings.map(({ item, level }: { item: string; level: string }) => [item, level]),
  );
  const isTestable = (id: string) => !report.notTestable.includes(id);
  const pasted = items
    .slice(0, 5)
    .map(({ id }) => id)
    .filter(isTestable);
  expect(pasted.length).toBeGreaterThan(2);
  expect(levelOf).toMatchObject(Object.fromEntries(pasted.map((id) => [id, "verbatim-item"])));
  const planted = new Set(items.slice(0, 8).map(({ id }) => id));
  expect(Object.keys(levelOf).filter((id) => !planted.has(id))).toEqual([]);
  expect(report.coverage).toMatchObject({ files: 2, documents: 11, failed: [{ file: join(corpus, "broken.jsonl") }] });
  expect(report.skipped).toEqual([join(corpus, "image.png")]);
  expect(report.found).toMatchObject({
    items: report.findings.length,
    testable: report.items - report.notTestable.length,
    ci: { method: "clopper-pearson" },
  });
  expect(report.findings[0]).toMatchObject({ file: join(corpus, "deep/rows.jsonl.gz"), document: 0 });
});

test("a finished run's score is set beside its score without the items found; another task's run is refused", async () => {
  const results = scratch("results");
  const corpus = plantedCorpus();
  await assay("run", "starter-choice", "--model", "baseline/first", "--results", results);
  const { record } = await onlyRun(results);
  const flags = ["--corpus", corpus, "--run", record.runId, "--results", results];
  const { out } = await assay("contamination", "starter-choice", ...flags, "--json");
  const [impact] = JSON.parse(out).runs;
  expect(impact).toMatchObject({ runId: record.runId, model: "baseline/first" });
  expect(impact.tested.items).toBe(impact.found.items + impact.notFound.items);
  expect(impact.difference.value).toBeCloseTo(impact.tested.value - impact.notFound.value, 12);
  const text = (await assay("contamination", "starter-choice", ...flags)).out;
  expect(text).toContain("found items move the score by");
  expect(text).toContain("Not found is not clean");
  const other = await assay("contamination", "starter-arithmetic", ...flags, "--json");
  expect([other.code, JSON.parse(other.out).errors[0].code]).toEqual([2, "RUN_OTHER_DATA"]);
});

test("a corpus must be named, must be there, and at least one of its files must be readable", async () => {
  const folder = scratch("corpus");
  writeFileSync(join(folder, "broken.jsonl"), "{");
  const codeOf = async (...flags: string[]) => {
    const { code, out } = await assay("contamination", "starter-choice", ...flags, "--json");
    return [code, JSON.parse(out).errors[0].code];
  };
  expect(await codeOf()).toEqual([2, "CORPUS_UNSTATED"]);
  expect(await codeOf("--corpus", "/nowhere/at/all")).toEqual([2, "CORPUS_MISSING"]);
  expect(await codeOf("--corpus", folder)).toEqual([2, "CORPUS_UNREADABLE"]);
});
